"""Events on disk: appended in groups, claimed by lease, gone once they are settled."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from segment_client.accounting import Outcome
from segment_client.clock import Clock
from segment_client.delivery.outgoing import Outgoing
from segment_client.delivery.spool.arrivals import Arrivals
from segment_client.delivery.spool.connection import Fsync
from segment_client.delivery.spool.database import Database
from segment_client.delivery.spool.frame import Framed, pack, unpack
from segment_client.delivery.spool.holder import Holder, has_ended, this_process
from segment_client.delivery.spool.schema import Execute, introduce

__all__ = ["Claimed", "Settled", "Spool", "Tally"]

_CLAIM = """
UPDATE events SET holder = ?, lease = ? WHERE id IN (
    SELECT id FROM (
        SELECT id, bytes, sum(bytes) OVER (ORDER BY id) AS total FROM (
            SELECT id, length(CAST(frame AS BLOB)) AS bytes FROM events
            WHERE destination = ? AND (holder = 0 OR lease <= ? OR lease > ?) ORDER BY id LIMIT ?))
    WHERE total <= ? OR total = bytes)
RETURNING id, owner, CAST(frame AS BLOB)"""
_OURS = "id IN (SELECT value FROM json_each(?)) AND holder = ?"
_RENEW = f"UPDATE events SET lease = ? WHERE {_OURS} RETURNING id"  # noqa: S608  # nothing comes from outside
_RELEASE = f"UPDATE events SET holder = 0, lease = 0 WHERE {_OURS}"  # noqa: S608  # as above
_REMOVE = f"DELETE FROM events WHERE {_OURS} RETURNING owner"  # noqa: S608  # as above
_BURY = f"""
INSERT INTO dead (destination, reason, status, words, buried, frame)
SELECT destination, ?, ?, ?, ?, frame FROM events WHERE {_OURS} ORDER BY id"""  # noqa: S608  # as above
_TALLY = """
INSERT INTO tallies (owner, outcome, reason, count) SELECT id, ?, ?, ? FROM holders WHERE id = ?
ON CONFLICT (owner, outcome, reason) DO UPDATE SET count = count + excluded.count"""
_LEAVE = "DELETE FROM holders WHERE id = ? AND id NOT IN (SELECT holder FROM events)"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Claimed:
    """An event that this client holds; `accepted` is in seconds since 1970, by whichever process."""

    id: int
    event: Outgoing
    accepted: float


@dataclass(frozen=True, slots=True)
class Settled:
    """How many events left the spool: this client's, and others'."""

    own: int
    others: int


@dataclass(frozen=True, slots=True)
class Tally:
    """What another client did with events of this one; the reason is empty for delivered ones."""

    outcome: Outcome
    reason: str
    count: int


class Spool:
    """One client's view of a spool file: it claims only what has its own destination.

    Times come from the clock's wall time, as processes must agree on them; a lease that ends later than one
    can (the clock was set back) has ended. `on_written` is told how many events came to be on disk so far,
    before this client can claim them; the same number twice where a call was interrupted. Thread-safe. Raises
    SpoolError where the file cannot be used.
    """

    def __init__(
        self,
        path: Path,
        destination: int,
        clock: Clock,
        *,
        lease: float,
        max_age: float,
        max_bytes: int,
        fsync: Fsync,
        on_written: Callable[[int], None],
    ) -> None:
        self.lease = lease
        self._destination = destination
        self._clock = clock
        self._max_age = max_age
        self._database = Database(path, fsync=fsync)
        self._holder = this_process()
        self._is_closed = False
        self._arrivals = Arrivals(self._database, self._holder, destination, max_bytes, on_written)

    def append(self, event: Outgoing) -> None:
        """Write an event to disk; raises QueueFullError or SpoolError if it was not written."""
        self._arrivals.append(pack(Framed(event, self._destination, self._holder.id, self._now())))
        if self._is_closed:
            self._leave()

    def claim(self, max_events: int, max_bytes: int) -> list[Claimed]:
        """Hold the oldest events that nobody holds, within the limits but one at least; return them in order.

        A row whose bytes were changed becomes a dead letter, and is tallied as dropped.
        """
        now = self._now()

        def work(execute: Execute) -> list[Claimed]:
            introduce(execute, self._holder)
            until, latest = now + self.lease, now + 2 * self.lease
            rows = execute(
                _CLAIM, self._holder.id, until, self._destination, now, latest, max_events, max_bytes
            )
            whole, damaged = [], []
            for number, _, frame in sorted(rows):
                framed = unpack(frame)
                if framed is None:
                    damaged.append(number)
                else:
                    whole.append(Claimed(number, framed.event, framed.accepted))
            if damaged:
                self._bury(execute, damaged, "damaged", None, None)
                owners = self._remove(execute, damaged)
                self._tally(execute, owners, "dropped", "damaged")
            return whole

        return self._database.run(work)

    def renew(self, claimed: Iterable[Claimed]) -> set[int]:
        """Begin the lease anew; return the ids that are still held, and not taken over by another."""
        until, ids = self._now() + self.lease, _ids(claimed)
        rows = self._database.run(lambda execute: execute(_RENEW, until, ids, self._holder.id))
        return {number for (number,) in rows}

    def release(self, claimed: Iterable[Claimed]) -> None:
        """Let go of events, for whoever claims first."""
        ids = _ids(claimed)
        self._finish(lambda execute: execute(_RELEASE, ids, self._holder.id))

    def acknowledge(self, claimed: Sequence[Claimed], outcome: Outcome, reason: str = "") -> Settled:
        """Remove settled events; other clients find theirs in their tallies."""

        def work(execute: Execute) -> Settled:
            return self._settle(execute, [one.id for one in claimed], outcome, reason)

        return self._finish(work)

    def bury(self, claimed: Sequence[Claimed], reason: str, status: int | None, words: str | None) -> Settled:
        """Move refused events to the dead letters."""
        ids = [one.id for one in claimed]

        def work(execute: Execute) -> Settled:
            self._bury(execute, ids, reason, status, words)
            execute("DELETE FROM dead WHERE buried < ?", self._now() - self._max_age)
            return self._settle(execute, ids, "rejected", reason)

        return self._finish(work)

    def tallies(self) -> list[Tally]:
        """Return, once, what other processes did with this client's events."""
        rows = self._database.run(
            lambda execute: execute(
                "DELETE FROM tallies WHERE owner = ? RETURNING outcome, reason, count", self._holder.id
            )
        )
        return [Tally(*row) for row in rows if isinstance(row[-1], int)]  # else it is damaged

    def free_ended(self) -> bool:
        """Release what ended processes hold, before their leases end; say if there were any."""

        def work(execute: Execute) -> bool:
            ended = False
            for row in execute("SELECT id, pid, started, place FROM holders"):
                holder = Holder(*row)
                if has_ended(holder):
                    execute("UPDATE events SET holder = 0, lease = 0 WHERE holder = ?", holder.id)
                    execute("DELETE FROM holders WHERE id = ?", holder.id)
                    execute("DELETE FROM tallies WHERE owner = ?", holder.id)
                    ended = True
            return ended

        return self._database.run(work)

    def newest(self) -> int:
        """Return the id of the event that was accepted last, of those that wait; 0 for none."""
        return self._number("SELECT max(id) FROM events WHERE destination = ?", self._destination)

    def has_any(self, newest: int) -> bool:
        """Say whether an event waits that was accepted no later than the one with this id."""
        query = "SELECT 1 FROM events WHERE destination = ? AND id <= ? LIMIT 1"
        return bool(self._number(query, self._destination, newest))

    def exists(self) -> bool:
        """Say whether there is a file already."""
        return self._database.exists()

    def rest(self) -> None:
        """Close the file until it is needed again."""
        self._database.close()

    def is_resting(self) -> bool:
        """Say whether the file is closed, and nobody has written to it since."""
        return self._database.is_resting()

    def close(self) -> None:
        """Take leave of the other processes, and close the file.

        What comes later, as a call or an answer was under way, is done all the same.
        """
        self._is_closed = True
        self._leave()

    def _leave(self) -> None:
        if self._database.was_opened:
            self._database.run(lambda execute: execute(_LEAVE, self._holder.id))
        self._database.close()

    def _finish(self, work: Callable[[Execute], T]) -> T:
        result = self._database.run(work)
        if self._is_closed:
            self._leave()
        return result

    def _now(self) -> float:
        return self._clock.now().timestamp()

    def _number(self, query: str, *arguments: int) -> int:
        rows = self._database.run(lambda execute: execute(query, *arguments))
        return int(rows[0][0] or 0) if rows else 0

    def _settle(self, execute: Execute, ids: Sequence[int], outcome: Outcome, reason: str) -> Settled:
        owners = self._remove(execute, ids)
        own = owners.pop(self._holder.id, 0)
        self._tally(execute, owners, outcome, reason)
        return Settled(own, owners.total())

    def _bury(
        self, execute: Execute, ids: Sequence[int], reason: str, status: int | None, words: str | None
    ) -> None:
        execute(_BURY, reason, status, words, self._now(), json.dumps(ids), self._holder.id)

    def _remove(self, execute: Execute, ids: Sequence[int]) -> Counter[int]:
        return Counter(owner for (owner,) in execute(_REMOVE, json.dumps(ids), self._holder.id))

    def _tally(self, execute: Execute, owners: Counter[int], outcome: Outcome, reason: str) -> None:
        for owner, count in owners.items():
            execute(_TALLY, outcome, reason, count, owner)


def _ids(claimed: Iterable[Claimed]) -> str:
    return json.dumps([one.id for one in claimed])
