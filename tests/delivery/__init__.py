"""Tests of the deliveries."""
