"""What the parameters of an address may say."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

from segment_client.errors import InvalidValueError

__all__ = ["read_properties", "read_seconds"]

_DAY = 86_400


def read_seconds(parameters: Mapping[str, str], name: str, default: float) -> float:
    """Return a parameter in seconds; raises InvalidValueError for what is no number above 0, to a day."""
    text = parameters.get(name)
    try:
        seconds = default if text is None else float(text)
    except ValueError:
        seconds = math.nan
    if not 0 < seconds <= _DAY:
        raise InvalidValueError(f"the sink's {name} is no number of seconds: pass one above 0, to {_DAY}")
    return seconds


def read_properties(file: str) -> dict[str, str]:
    """Return the `name=value` lines of a file, as Kafka's own tools take them.

    Raises InvalidValueError, which names a line and never repeats it.
    """
    try:
        lines = Path(file).read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidValueError(
            f"the sink's config cannot be read ({type(error).__name__}): {file}"
        ) from None
    found = {}
    for number, line in enumerate(lines, start=1):
        text = line.strip()
        if not text or text[0] in "#!":
            continue
        name, equals, value = text.partition("=")
        if not equals:
            raise InvalidValueError(f"{file}:{number} is no property: write name=value")
        found[name.strip()] = value.strip()
    return found
