"""What a spool's file holds, read past the code that writes it: by SQLite and by the frames alone."""

import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

from segment_client.delivery.spool.frame import unpack
from tests.soak.tally import number_of

__all__ = ["dead_letters", "waiting"]


def dead_letters(path: Path) -> Counter[tuple[int, int]]:
    """Return number and status of each dead letter; raises ValueError for one that is damaged."""
    return Counter(
        (_number(frame), status) for frame, status in _rows(path, "SELECT frame, status FROM dead")
    )


def waiting(path: Path) -> list[int]:
    """Return the numbers of the events that were not settled."""
    return [_number(frame) for (frame,) in _rows(path, "SELECT frame FROM events ORDER BY id")]


def _rows(path: Path, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(query).fetchall()


def _number(frame: bytes) -> int:
    framed = unpack(frame)
    if framed is None:
        raise ValueError("a damaged frame")
    return number_of(framed.event.decoded())
