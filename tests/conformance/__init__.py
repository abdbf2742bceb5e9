"""Other vendors' clients against the collector: `make conformance` runs the modules named conformance_*.

They come from npm and PyPI, by exact versions, into an environment of their own; see `environment`.
"""
