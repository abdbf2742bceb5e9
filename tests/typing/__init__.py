"""Read by the type checker alone: what must pass, and what must not."""
