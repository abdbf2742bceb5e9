"""Tests of the two wire formats."""
