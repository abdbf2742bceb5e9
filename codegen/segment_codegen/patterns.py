"""Tells the patterns that mean the same in JSON Schema's dialect of regular expressions as in the models'."""

from __future__ import annotations

import re

__all__ = ["is_portable"]

_DIALECT = re.compile(r"\\[A-Za-z0-9]|\(\?")
"""Classes, references and groups, which the dialects read otherwise, or not at all."""


def is_portable(pattern: str) -> bool:
    """Tell whether every dialect reads the pattern the same way."""
    try:
        re.compile(pattern)
    except re.error:
        return False
    return _DIALECT.search(pattern) is None
