"""Which limits of a value the models hold exactly; the others are left to the checks."""

from __future__ import annotations

import math
from collections.abc import Mapping

from .ir import Kind, Limits
from .patterns import is_portable

__all__ = ["FORMAT_KINDS", "held"]

FORMAT_KINDS: Mapping[str, Kind] = {
    "uuid": "uuid",
    "date-time": "date-time",
    "date": "date",
    "ipv4": "ipv4",
    "ipv6": "ipv6",
}
"""The kind of text that the models have for a format."""

_COUNTS = {"string": ("minLength", "maxLength"), "array": ("minItems", "maxItems")}
_LARGEST = 2**32 - 1
"""The largest count that pydantic takes on every machine."""
_BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")


def held(kind: str, limits: Limits) -> Limits:
    """Answer those of the limits that a model of this kind holds exactly."""
    return {word: value for word, value in sorted(limits.items()) if _is_held(kind, word, value)}


def _is_held(kind: str, word: str, value: object) -> bool:
    if word in _COUNTS.get(kind, ()):
        return isinstance(value, int) and value <= _LARGEST
    match kind, word:
        case "string", "pattern":
            return is_portable(str(value))
        case "integer", "multipleOf":
            return isinstance(value, int)
        case "integer", _:
            return word in _BOUNDS and isinstance(value, int)
        case "number", _:
            return word in _BOUNDS and _is_binary(value)
    return False


def _is_binary(value: object) -> bool:
    """Tell whether a float is exactly the number."""
    if isinstance(value, int):
        return abs(value) <= 2**53
    return isinstance(value, float) and math.isfinite(value)
