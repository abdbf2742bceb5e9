"""Tests of the spool itself: its store, its files, its damage."""
