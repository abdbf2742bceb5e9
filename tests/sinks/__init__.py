"""Sinks, but for what needs their libraries: that is in tests.warehouse."""
