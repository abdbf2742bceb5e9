"""Rows of a spool's tables: what is read to be sent, leaves, is buried, and is told to its owner."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from segment_client.accounting import Outcome
from segment_client.delivery.spool import claims
from segment_client.delivery.spool.claims import Run
from segment_client.delivery.spool.schema import Execute, note_end

__all__ = ["Burial", "bury", "read", "remove", "tally"]

_SLICE = 25
"""Rows that a claim reads at a time. Between two reads others may run, as a thread that sends meanwhile; and
where rows are large there are enough of them before the end."""

_READ = """
SELECT id, owner, CAST(frame AS BLOB) FROM events
WHERE id BETWEEN ? AND ? AND destination = ? ORDER BY id LIMIT ?"""
_REMOVE = "DELETE FROM events WHERE id BETWEEN ? AND ? AND destination = ?"
_BURY = "INSERT INTO dead (destination, reason, status, words, buried, frame) VALUES (?, ?, ?, ?, ?, ?)"
_TALLY = """
INSERT INTO tallies (owner, outcome, reason, count) SELECT id, ?, ?, ? FROM holders WHERE id = ?
ON CONFLICT (owner, outcome, reason) DO UPDATE SET count = count + excluded.count"""


class Burial(NamedTuple):
    """Why an event became a dead letter, the server's status and words, and when, in seconds since 1970."""

    reason: str
    status: int | None
    words: str | None
    buried: float


def read(
    execute: Execute, destination: int, ranges: Iterable[Run], max_events: int, max_bytes: int
) -> Iterator[tuple[int, int, bytes]]:
    """Read the oldest events of ranges, within the limits but one at least: id, owner, frame."""
    left = max_events
    for first, last in ranges:
        while left:
            count = min(_SLICE, left)
            rows = execute(_READ, first, last, destination, count)
            for row in rows:
                max_bytes -= len(row[-1] or b"")
                if left < max_events and max_bytes < 0:
                    return
                left -= 1
                yield row
            if len(rows) < count:
                break
            first = rows[-1][0] + 1  # the rest of the range


def remove(execute: Execute, destination: int, ids: Iterable[int]) -> None:
    """Delete events, and what is held of them."""
    gone = claims.runs(ids)
    for first, last in gone:
        execute(_REMOVE, first, last, destination)
    claims.drop(execute, gone)
    if gone:
        note_end(execute, gone[-1][-1])


def bury(execute: Execute, destination: int, frames: Iterable[bytes], burial: Burial) -> None:
    """Add dead letters."""
    for frame in frames:
        execute(_BURY, destination, *burial, frame)


def tally(execute: Execute, owners: Counter[int], outcome: Outcome, reason: str) -> None:
    """Leave word for other clients of what became of so many events of theirs."""
    for owner, count in owners.items():
        execute(_TALLY, outcome, reason, count, owner)
