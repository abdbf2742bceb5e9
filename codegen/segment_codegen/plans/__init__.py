"""Tracking plans: a reader for each format, and the one model that all of them are read into."""
