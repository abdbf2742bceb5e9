"""How much a store keeps: the newest calls, so many of them, or those of so long."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from segment_client.collector.search.times import microseconds
from segment_client.collector.store.connection import Execute
from segment_client.collector.store.saving import PART, forget
from segment_client.errors import InvalidValueError

__all__ = ["Keep", "expire", "read_keep"]

_KEEP = re.compile(r"(?P<number>[1-9][0-9]{0,9})(?P<unit>[smhd])?")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_LONGEST = timedelta(days=36_500)
_SURPLUS = "SELECT seq FROM calls ORDER BY seq DESC LIMIT 1 OFFSET ?"
_OLD = "SELECT max(seq) FROM (SELECT seq, received FROM calls ORDER BY seq LIMIT ?) WHERE received < ?"
_CLEARED = "SELECT value FROM meta WHERE name = 'cleared'"
_MINUTES = "DELETE FROM minutes WHERE minute < ?"
_SHOWN_MINUTES = 1440
_MINUTE = 60_000_000


@dataclass(frozen=True, slots=True)
class Keep:
    """What is kept: the newest `count` calls, those that came within `age`; None for no such limit."""

    count: int | None = None
    age: timedelta | None = None

    def __bool__(self) -> bool:
        return self.count is not None or self.age is not None


def read_keep(texts: Iterable[str]) -> Keep:
    """Return what `100000` (calls) and `7d` (or s, m, h) say, each given once at most.

    Raises InvalidValueError for what says neither, or both twice.
    """
    count: int | None = None
    age: timedelta | None = None
    for text in texts:
        found = _KEEP.fullmatch(text)
        if found is None or (age if found["unit"] else count) is not None:
            raise InvalidValueError(
                f"what to keep is {text!r}: write a number of calls as 100000, an age as 90s, 15m, 2h or 7d, "
                "or one of each"
            )
        if found["unit"]:
            age = min(timedelta(**{_UNITS[found["unit"]]: int(found["number"])}), _LONGEST)
        else:
            count = int(found["number"])
    return Keep(count, age)


def expire(write: Execute, keep: Keep, now: datetime) -> int:
    """Delete the oldest calls that are not to be kept, or are cleared, PART at most; return how many.

    Counts stay: they are of all that was received.
    """
    bounds: list[int | None] = [write.execute(_CLEARED).fetchone()[0]]
    if keep.count is not None:
        bounds += [seq for (seq,) in write.execute(_SURPLUS, (keep.count,))]
    if keep.age is not None:
        bounds += [seq for (seq,) in write.execute(_OLD, (PART, microseconds(now - keep.age)))]
    deleted = forget(write, max(seq for seq in bounds if seq is not None))
    write.execute(_MINUTES, (microseconds(now) // _MINUTE - _SHOWN_MINUTES,))
    return deleted
