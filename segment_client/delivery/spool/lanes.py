"""Where a destination's events stand in the table: each has a lane, a range of ids that no other one has.

So an event is found by its id alone, and to add one changes one page of the file; an index, or a counter of
ids, would be another one each.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

__all__ = ["LANE_BITS", "Lane", "lane_of"]

LANE_BITS = 40
"""The bits of an id that count the events of a lane."""

_NUMBER_BITS = 22
_MULTIPLIER = 0x9E3779B97F4A7C15
"""2**64 divided by the golden ratio: numbers that are near each other have products far apart."""


class Lane(NamedTuple):
    """A range of ids, both ends included; the first one is never given to an event.

    Two destinations may have the same lane, by a chance of one in four million: so a row has its
    destination too.
    """

    number: int
    first: int
    last: int


@lru_cache(maxsize=64)
def lane_of(destination: int) -> Lane:
    """Return a destination's lane, in every process and version the same one."""
    number = (destination * _MULTIPLIER & (1 << 64) - 1) >> (64 - _NUMBER_BITS)
    return Lane(number, number << LANE_BITS, ((number + 1) << LANE_BITS) - 1)
