"""The generator: reads the JSON Schemas of `schema/` and writes the Python of `generated/`."""

__all__ = ["__version__"]

__version__ = "0.3.0"
