"""Events on disk: appended in groups, claimed by lease, gone once they are settled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, TypeVar

from segment_client.accounting import Outcome
from segment_client.clock import Clock
from segment_client.delivery.outgoing import Outgoing
from segment_client.delivery.spool import claims, rows
from segment_client.delivery.spool.arrivals import Arrivals
from segment_client.delivery.spool.connection import Fsync
from segment_client.delivery.spool.database import Database
from segment_client.delivery.spool.frame import NOBODY, Framed, pack, unpack
from segment_client.delivery.spool.holder import Holder, has_ended, this_process
from segment_client.delivery.spool.landing import Landing, landed_files
from segment_client.delivery.spool.lanes import lane_of
from segment_client.delivery.spool.mover import Mover
from segment_client.delivery.spool.schema import Execute, introduce
from segment_client.delivery.spool.strays import adopt

__all__ = ["Claimed", "Settled", "Spool", "Tally"]

_LEAVE = "DELETE FROM holders WHERE id = ? AND id NOT IN (SELECT holder FROM claims)"

T = TypeVar("T")


class Claimed(NamedTuple):
    """An event that this client holds, its owner, and when it was accepted, in seconds since 1970."""

    id: int
    event: Outgoing
    owner: int
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
        lands: bool = False,
    ) -> None:
        self.lease = lease
        self._destination = destination
        self._lane = lane_of(destination)
        self._clock = clock
        self._max_age = max_age
        self._database = Database(path, fsync=fsync)
        self._holder = this_process()
        self._is_closed = False
        self._arrivals = Arrivals(self._database, self._holder, destination, max_bytes, on_written)
        self._lands = lands
        self._landing = Landing(self._database.path, self._holder)
        self._mover = Mover(
            self._database, self._landing, self._holder, destination, self._arrivals.find_room
        )

    def append(self, event: Outgoing) -> None:
        """Write an event to disk; raises QueueFullError or SpoolError if it was not written."""
        frame = pack(Framed(event, self._destination, self._holder.id, self._now()))
        try:
            if not self._mover.land(frame):  # none is open, or the frame is large
                self._arrivals.append(frame)
                if self._lands:
                    self._landing.open(self._arrivals.room)
        except BaseException:  # also what a signal handler raises; it is raised on
            self._landing.leave(frame)
            raise
        if self._is_closed:
            self._leave()

    def landed(self) -> int:
        """Return how many events have landed so far, moved or not."""
        return self._landing.count()

    @property
    def landing(self) -> int:
        """How many events are to be moved, at least."""
        return self._landing.waiting

    def move(self) -> None:
        """Move what has landed into the file, where all see it."""
        self._mover.move()

    def adopt(self) -> bool:
        """Move what other clients have left behind; say if there was any."""
        return adopt(self._database, own=self._holder.id)

    def claim(self, max_events: int, max_bytes: int) -> list[Claimed]:
        """Hold the oldest events that nobody holds, within the limits but one at least; return them in order.

        A row whose bytes were changed becomes a dead letter, and is tallied as dropped.
        """
        now = self._now()

        def work(execute: Execute) -> list[Claimed]:
            introduce(execute, self._holder)
            whole: list[Claimed] = []
            damaged: dict[int, tuple[int, bytes]] = {}
            ranges = claims.free(execute, (self._lane.first, self._lane.last), now, now + 2 * self.lease)
            for number, owner, frame in rows.read(execute, self._destination, ranges, max_events, max_bytes):
                framed = unpack(frame)
                if framed is None:
                    damaged[number] = owner, frame or b""
                else:
                    whole.append(Claimed(number, framed.event, owner, framed.accepted))
            claims.take(execute, claims.runs(one.id for one in whole), self._holder.id, now + self.lease)
            if damaged:
                owners, frames = zip(*damaged.values(), strict=True)
                rows.bury(execute, self._destination, frames, rows.Burial("damaged", None, None, now))
                rows.remove(execute, self._destination, damaged)
                rows.tally(execute, Counter(owners), "dropped", "damaged")
            return whole

        return self._run(work)

    def renew(self, claimed: Sequence[Claimed]) -> set[int]:
        """Begin the lease anew; return the ids that are still held, and not taken over by another."""
        until = self._now() + self.lease

        def work(execute: Execute) -> set[int]:
            held = [one.id for one in self._held(execute, claimed)]
            claims.take(execute, claims.runs(held), self._holder.id, until)
            return set(held)

        return self._run(work)

    def release(self, claimed: Sequence[Claimed]) -> None:
        """Let go of events, for whoever claims first."""

        def work(execute: Execute) -> None:
            claims.drop(execute, claims.runs(one.id for one in self._held(execute, claimed)))

        self._run(work)

    def acknowledge(self, claimed: Sequence[Claimed], outcome: Outcome, reason: str = "") -> Settled:
        """Remove settled events; other clients find theirs in their tallies."""
        return self._run(lambda execute: self._settle(execute, self._held(execute, claimed), outcome, reason))

    def bury(self, claimed: Sequence[Claimed], reason: str, status: int | None, words: str | None) -> Settled:
        """Move refused events to the dead letters."""

        def work(execute: Execute) -> Settled:
            held = self._held(execute, claimed)
            frames = [pack(Framed(one.event, self._destination, NOBODY, one.accepted)) for one in held]
            rows.bury(execute, self._destination, frames, rows.Burial(reason, status, words, self._now()))
            execute("DELETE FROM dead WHERE buried < ?", self._now() - self._max_age)
            return self._settle(execute, held, "rejected", reason)

        return self._run(work)

    def tallies(self) -> list[Tally]:
        """Return, once, what other processes did with this client's events."""
        found = self._run(
            lambda execute: execute(
                "DELETE FROM tallies WHERE owner = ? RETURNING outcome, reason, count", self._holder.id
            )
        )
        return [Tally(*row) for row in found if isinstance(row[-1], int)]  # else it is damaged

    def free_ended(self) -> bool:
        """Release what ended processes hold, before their leases end; say if there were any."""

        def work(execute: Execute) -> bool:
            ended = False
            for row in execute("SELECT id, pid, started, place FROM holders"):
                holder = Holder(*row)
                if has_ended(holder):
                    claims.drop_all(execute, holder.id)
                    execute("DELETE FROM holders WHERE id = ?", holder.id)
                    execute("DELETE FROM tallies WHERE owner = ?", holder.id)
                    ended = True
            return ended

        return self._run(work)

    def newest(self) -> int:
        """Return the id of the event that was accepted last, of those that wait; 0 for none."""
        query = "SELECT max(id) FROM events WHERE id BETWEEN ? AND ? AND destination = ?"
        return self._number(query, self._lane.first, self._lane.last, self._destination)

    def has_any(self, newest: int) -> bool:
        """Say whether an event waits that was accepted no later than the one with this id."""
        query = "SELECT 1 FROM events WHERE id BETWEEN ? AND ? AND destination = ? LIMIT 1"
        return bool(self._number(query, self._lane.first, newest, self._destination))

    def exists(self) -> bool:
        """Say whether there is a file already."""
        return self._database.exists() or bool(landed_files(self._database.path))

    def rest(self) -> None:
        """Close the file until it is needed again."""
        self._landing.close(for_good=False)
        self._database.close()

    def is_resting(self) -> bool:
        """Say whether the file is closed, and nobody has written to it since, or beside it."""
        return self._database.is_resting() and not landed_files(self._database.path)

    def close(self) -> None:
        """Take leave of the other processes, and close the file.

        What comes later, as a call or an answer was under way, is done all the same.
        """
        self._is_closed = True
        self._landing.close(for_good=True)
        self._leave()

    def _leave(self) -> None:
        self._mover.move()
        if self._database.was_opened:
            self._database.run(self._take_leave)
        self._database.close()

    def _take_leave(self, execute: Execute) -> None:
        self._mover.forget(execute)
        execute(_LEAVE, self._holder.id)

    def _run(self, work: Callable[[Execute], T]) -> T:
        """Run work in a transaction; after close, close the file again."""
        result = self._database.run(work)
        if self._is_closed:
            self._leave()
        return result

    def _now(self) -> float:
        return self._clock.now().timestamp()

    def _number(self, query: str, *arguments: int) -> int:
        found = self._run(lambda execute: execute(query, *arguments))
        return int(found[0][0] or 0) if found else 0

    def _held(self, execute: Execute, claimed: Sequence[Claimed]) -> list[Claimed]:
        """Return those that no other client has taken over."""
        held = claims.covered(execute, [one.id for one in claimed], self._holder.id)
        return [one for one in claimed if one.id in held]

    def _settle(self, execute: Execute, held: Sequence[Claimed], outcome: Outcome, reason: str) -> Settled:
        rows.remove(execute, self._destination, [one.id for one in held])
        owners = Counter([one.owner for one in held])
        own = owners.pop(self._holder.id, 0)
        rows.tally(execute, owners, outcome, reason)
        return Settled(own, owners.total())
