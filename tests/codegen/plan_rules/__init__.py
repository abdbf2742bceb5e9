"""The rules for tracking plans: what each remarks on, and what it leaves alone."""
