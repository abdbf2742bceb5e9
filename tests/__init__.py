"""The test suite: `python -m tests` runs it as `make test` does, `python -m unittest` works too."""
