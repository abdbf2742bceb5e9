"""What the parameters of an address may say."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

from segment_client.errors import InvalidValueError

__all__ = ["read_properties", "read_seconds"]


def read_seconds(parameters: Mapping[str, str], name: str, default: float) -> float:
    """Return a parameter in seconds; raises InvalidValueError for what is no positive number."""
    text = parameters.get(name)
    try:
        seconds = default if text is None else float(text)
    except ValueError:
        seconds = math.nan
    if not 0 < seconds < math.inf:
        raise InvalidValueError(f"the sink's {name} is no number of seconds: pass one above 0")
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
