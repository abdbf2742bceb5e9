"""Tests of `segment_client.testing`, the doubles that users test with."""
