"""What changed from one schema or plan to the next, whom it breaks, and which version it needs."""
