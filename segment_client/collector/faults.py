"""Faults on purpose, so that a sender can be tried against a server that fails: statuses, delays, resets."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from random import Random
from typing import Literal

from segment_client.errors import InvalidValueError

__all__ = ["Fault", "Faults", "read_fault"]

_Kind = Literal["status", "latency", "reset", "lost"]

_FAULT = re.compile(
    r"(?:(?P<status>[45][0-9]{2})|latency=(?P<number>[0-9]{1,6}(?:\.[0-9]{1,6})?)(?P<unit>ms|s)"
    r"|(?P<name>reset|lost))(?::(?P<percent>[0-9]{1,3}(?:\.[0-9]{1,6})?)%)?"
)
_UNITS = {"ms": 0.001, "s": 1.0}
_LONGEST = 300.0


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault and how often it comes, 0 to 1; `value` is a status, or the seconds of a latency.

    A "reset" comes before anything is taken; with "lost" all is taken, and only the answer does not come.
    """

    kind: _Kind
    value: float = 0.0
    share: float = 1.0


def read_fault(text: str) -> Fault:
    """Return the fault that `500:10%`, `429`, `latency=2s`, `reset` or `lost:5%` says.

    Raises InvalidValueError for what says none.
    """
    found = _FAULT.fullmatch(text)
    share = float(found["percent"] or 100) / 100 if found else 2.0
    seconds = float(found["number"]) * _UNITS[found["unit"]] if found and found["number"] else 0.0
    if found is None or share > 1 or seconds > _LONGEST:
        raise InvalidValueError(
            f"the fault {text!r} is none: write a status as 500 or 429, latency=2s or latency=300ms (5 "
            "minutes at most), reset, or lost, and behind a colon how often, as in 500:10%"
        )
    if found["status"]:
        return Fault("status", float(found["status"]), share)
    if found["number"]:
        return Fault("latency", seconds, share)
    return Fault("reset" if found["name"] == "reset" else "lost", 0.0, share)


class Faults:
    """Draws for each request which faults it meets; the same `seed` draws the same."""

    def __init__(self, faults: Iterable[Fault], seed: int | None = None) -> None:
        self._faults = tuple(faults)
        self._random = Random(seed)  # noqa: S311 - chance, no secret

    def __bool__(self) -> bool:
        return bool(self._faults)

    def draw(self) -> Iterator[Fault]:
        """Yield the faults of one request in their order: delays, and at last at most one of the others."""
        for fault in self._faults:
            if self._random.random() < fault.share:
                yield fault
                if fault.kind != "latency":
                    return
