"""Tests of what a diff says."""
