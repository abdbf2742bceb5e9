"""A look into a spool from outside: what waits and for whom, what was refused, and how to try that again."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from segment_client.clock import Clock
from segment_client.delivery.spool.database import Database
from segment_client.delivery.spool.frame import NOBODY, pack, unpack
from segment_client.delivery.spool.holder import Holder, has_ended
from segment_client.delivery.spool.recognize import check_is_spool
from segment_client.delivery.spool.schema import Execute, insert
from segment_client.delivery.spool.strays import adopt

__all__ = ["DeadLetter", "Inspector", "Waiting"]

_SLICE = 500
_WAITING = """
SELECT destination, count(*), total(length(frame)), min(id) FROM events GROUP BY destination"""
_HELD = """
SELECT count(*) FROM claims, events WHERE holder IN (SELECT value FROM json_each(?)) AND lease > ?
AND id BETWEEN first AND last AND destination = ?"""
_DAMAGED = "SELECT count(*) FROM dead WHERE destination = ? AND reason = 'damaged'"
_DEAD = """
SELECT id, destination, reason, status, words, buried, CAST(frame AS BLOB)
FROM dead WHERE id > ? ORDER BY id LIMIT ?"""

_Row = tuple[Any, ...]
"""A dead letter, as `_DEAD` selects it."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for one destination.

    `held` events are those that a living process is sending. `oldest` is when the first of all was accepted,
    in seconds since 1970; None where its row is damaged.
    """

    destination: int
    events: int
    held: int
    bytes: int
    oldest: float | None


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A refused event: the server's reason, status and words, and when it was refused (seconds since 1970).

    `message_id`, `call_type` and `event` (its name) are None where the row is damaged.
    """

    id: int
    destination: int
    message_id: str | None
    call_type: str | None
    event: str | None
    reason: str
    status: int | None
    words: str | None = field(repr=False)
    buried: float


class Inspector:
    """Works on a spool whatever its events' destinations are, also while other processes use it.

    Raises InvalidValueError, and touches nothing, where there is no spool; SpoolError where one is of no use.
    """

    def __init__(self, path: Path, clock: Clock) -> None:
        check_is_spool(path.absolute())
        self._clock = clock
        self._database = Database(path.absolute(), fsync="process")

    def waiting(self) -> list[Waiting]:
        """Return what waits, by destination, the longest waiting first."""

        def work(execute: Execute) -> list[Waiting]:
            holders = [Holder(*row) for row in execute("SELECT id, pid, started, place FROM holders")]
            living = json.dumps([holder.id for holder in holders if not has_ended(holder)])
            found = [
                Waiting(
                    destination,
                    events,
                    execute(_HELD, living, self._now(), destination)[0][0],
                    int(size),
                    _accepted(execute, first),
                )
                for destination, events, size, first in execute(_WAITING)
            ]
            return sorted(found, key=lambda waiting: waiting.oldest or 0.0)

        adopt(self._database)
        return self._database.run(work)

    def dead(self) -> list[DeadLetter]:
        """Return the dead letters, oldest first."""
        return self._each_slice(lambda _, rows: [_letter(row) for row in rows])

    def counts(self, destination: int) -> tuple[int, int]:
        """Return how many events wait for a destination, and how many were found damaged."""
        adopt(self._database)
        return self._database.run(
            lambda execute: (
                execute("SELECT count(*) FROM events WHERE destination = ?", destination)[0][0],
                execute(_DAMAGED, destination)[0][0],
            )
        )

    def requeue(self, choose: Callable[[DeadLetter], bool]) -> list[DeadLetter]:
        """Let the chosen dead letters wait again, and return them; damaged ones are not asked for.

        They count as accepted now, or their age might end them at once. Else they are what they were.
        """
        now = self._now()

        def work(execute: Execute, rows: Sequence[_Row]) -> list[DeadLetter]:
            chosen = []
            for row in rows:
                letter, framed = _letter(row), unpack(row[-1])
                if framed is not None and choose(letter):
                    again = pack(framed._replace(owner=NOBODY, accepted=now))
                    insert(execute, letter.destination, NOBODY, again)
                    execute("DELETE FROM dead WHERE id = ?", letter.id)
                    chosen.append(letter)
            return chosen

        return self._each_slice(work)

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _each_slice(self, work: Callable[[Execute, Sequence[_Row]], list[DeadLetter]]) -> list[DeadLetter]:
        """Work on the dead letters, not so many at a time that other processes had to wait for long."""
        found: list[DeadLetter] = []
        last: int | None = 0

        def work_after(execute: Execute) -> tuple[list[DeadLetter], int | None]:
            rows = execute(_DEAD, last, _SLICE)
            return work(execute, rows), rows[-1][0] if rows else None

        while last is not None:
            letters, last = self._database.run(work_after)
            found += letters
        return found

    def _now(self) -> float:
        return self._clock.now().timestamp()


def _accepted(execute: Execute, number: int) -> float | None:
    ((frame,),) = execute("SELECT CAST(frame AS BLOB) FROM events WHERE id = ?", number)
    framed = unpack(frame)
    return framed.accepted if framed is not None else None


def _letter(row: _Row) -> DeadLetter:
    number, destination, reason, status, words, buried, frame = row
    framed = unpack(frame)
    message_id = call_type = event = None
    if framed is not None:
        message_id, call_type = framed.event.message_id, framed.event.call_type
        event = framed.event.decoded().get("event")
    return DeadLetter(number, destination, message_id, call_type, event, reason, status, words, buried)
