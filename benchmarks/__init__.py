"""Measurements, each a program that prints its figures; none of them is a test."""
