"""What a lenient JSON parser lets through although JSON text, being Unicode, has no way to say it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from math import isfinite

from pydantic_core import to_json

from segment_client.collector.problem import CallError

__all__ = ["displayable", "strict_json", "unfit"]


def strict_json(value: object) -> str | None:
    """Return the JSON of a parsed value, or None where there is none (see `unfit`) or it is too deep."""
    try:
        text = to_json(value, inf_nan_mode="constants").decode()
    except ValueError:
        return None
    may_be_unfit = "NaN" in text or "Infinity" in text
    return None if may_be_unfit and any(unfit(value)) else text


def unfit(value: object, path: str = "") -> Iterator[CallError]:
    """Yield each number that is not finite and each half surrogate pair in a parsed value, with its place."""
    if isinstance(value, float) and not isfinite(value):
        message = f"JSON has no number {value}: send a finite one or leave it out."
        yield {"path": path, "message": message, "type": "finite_number"}
    elif isinstance(value, str) and not _is_unicode(value):
        message = "The text holds half a surrogate pair, so it is no Unicode: was it cut inside a character?"
        yield {"path": path, "message": message, "type": "string_unicode"}
    elif isinstance(value, dict):
        for key, item in value.items():
            inner = f"{path}.{_printable(key)}" if path else _printable(key)
            yield from unfit(item, inner)
            if not _is_unicode(key):
                yield from unfit(key, inner)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from unfit(item, f"{path}.{index}" if path else str(index))


def displayable(value: object) -> str:
    """Return ASCII JSON of any parsed value: infinities and NaN as text, half surrogate pairs escaped."""
    return json.dumps(json.loads(json.dumps(value), parse_constant=str))


def _is_unicode(text: str) -> bool:
    return _printable(text) == text


def _printable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode()
