"""The version of this package, in one place: the build reads it here."""

__all__ = ["VERSION"]

VERSION = "0.3.0"
