"""The catalogue of events for people: pages are planned of the events, and written as Markdown and HTML."""
