"""The warehouse's engines against the generated definitions: `python -m tests.warehouse` runs them."""
