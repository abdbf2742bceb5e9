"""A queue on disk, from which a worker sends: the spool as a worker's source."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from pathlib import Path

from segment_client.accounting import Receipt, Stats
from segment_client.config import DeliveryConfig
from segment_client.delivery.ahead import Ahead
from segment_client.delivery.aside import within
from segment_client.delivery.gate import Gate
from segment_client.delivery.gone import LEAVE_SECONDS, URGENT_POLL_SECONDS, wait_until_gone
from segment_client.delivery.intake import Intake
from segment_client.delivery.outcomes import Outcomes
from segment_client.delivery.outgoing import Outgoing
from segment_client.delivery.owed import Owed
from segment_client.delivery.poster import BatchLimits
from segment_client.delivery.spool import Claimed, Spool
from segment_client.errors import DeliveryError, SpoolError

__all__ = ["SpoolQueue"]

_POLL_SECONDS = 2.0
"""How often the file is asked for events of other processes, and for leases that have ended."""

_LANDING_SECONDS = 0.05
"""How long an event lies where it has landed: from then on other processes see it, and may send it."""

_TRYING_SECONDS = 1.0
"""So long it lies there at least while requests fail: then it is moved before the next one."""

_REST_SECONDS = 1.0
"""How long after the last event of its own a client keeps an empty spool open."""

_LOOK_SECONDS = 0.5
"""How long a flush waits for the file, whatever its timeout: others may keep it locked."""

_LEASE_SECONDS = 60.0
_REQUEST_WAITS = 2.0
"""A request waits for its connection, then for its answer, each for the timeout at most."""

_log = logging.getLogger("segment_client")


class SpoolQueue:
    """Writes events to disk before the call returns, and claims them for the worker.

    An event is given up only where it is older than the spool's age, or over its size with `on_full="drop"`.
    """

    def __init__(self, gate: Gate, outcomes: Outcomes, limits: BatchLimits, config: DeliveryConfig) -> None:
        self._gate = gate
        self._outcomes = outcomes
        self._limits = limits
        self._clock = config.clock
        self._interval = config.flush_interval
        self._max_age = config.spool_max_age
        self._request_seconds = _REQUEST_WAITS * config.timeout
        self._intake = Intake(gate, outcomes, limits.max_events, config, lambda: self._spool.landed())
        self._spool = Spool(
            Path(config.spool or "").absolute(),
            config.destination,
            config.clock,
            lease=max(_LEASE_SECONDS, 3 * self._request_seconds),
            max_age=config.spool_max_age,
            max_bytes=config.spool_max_bytes,
            fsync=config.fsync,
            on_written=self._intake.note_written,
            lands=config.fsync == "process",
        )
        self._moved = 0.0
        self._only_moves = False
        self._polled = config.clock.monotonic()
        self._held_since: dict[int, float] = {}
        self._more = self._spool.exists()
        self._has_looked = False
        self._owed = Owed()
        self._ahead: Ahead[tuple[float, list[Claimed]]] = Ahead()

    def put(self, event: Outgoing) -> Receipt:
        """Write an event to disk; what cannot be written was not accepted, and raises."""
        return self._intake.put(event, self._spool.append)

    def has_leftovers(self) -> bool:
        """Say whether there may be events of an earlier process."""
        return self._spool.exists()

    def wait_settled(self, timeout: float) -> bool:
        """Wait until all that is in the spool now has left it; return False after `timeout` seconds."""
        self._intake.count()
        ledger = self._outcomes.ledger

        def wait() -> bool:
            return wait_until_gone(self._spool, ledger, timeout, before_end=self._count_tallies)

        return within(max(timeout, _LOOK_SECONDS), wait) or False

    def stats(self) -> Stats:
        """Return the counts of this moment."""
        self._intake.count()
        return self._outcomes.ledger.stats()

    def seconds_until_due(self) -> float | None:
        """Return how long the worker may wait for more; the gate's lock is held."""
        batch = move = self._seconds_until_batch()
        if self._spool.landing:
            since = max(self._intake.since, self._moved)
            move = max(0.0, since + _LANDING_SECONDS - self._clock.monotonic())
        self._only_moves = move < batch
        return min(move, batch)

    def _seconds_until_batch(self) -> float:
        urgent = self._gate.urgent > 0
        new = self._intake.new
        if self._more or self._ahead.is_begun or (new and (urgent or new >= self._limits.max_events)):
            return 0.0
        now = self._clock.monotonic()
        poll = self._polled + (URGENT_POLL_SECONDS if urgent else _POLL_SECONDS) - now
        return max(0.0, min(poll, self._intake.since + self._interval - now) if new else poll)

    def claim(self) -> list[Claimed]:
        """Return the next batch, of whichever process; drop what is too old.

        Where more is waiting, the batch after it is claimed, and the one before it settled, while it is sent.
        """
        only_moves, self._only_moves = self._only_moves, False
        if only_moves and not self._gate.closing:
            self._move()
            return []
        since, batch = self._ahead.result() or (0.0, [])
        if not batch:
            since, batch = self._fetch()
        self._held_since = dict.fromkeys([one.id for one in batch], since)
        if not (batch and self._more and not self._gate.abandoned and self._ahead.begin(self._fetch_ahead)):
            self._owed.try_to_settle()
        return batch

    def events(self, batch: Sequence[Claimed]) -> list[Outgoing]:
        """Return the events of a batch as they are posted."""
        return [claimed.event for claimed in batch]

    def hold(self, batch: Sequence[Claimed]) -> Sequence[Claimed]:
        """Renew the lease if a request might outlast it; what another process took over is left to it."""
        now = self._clock.monotonic()
        if self._spool.landing and now - self._moved >= _TRYING_SECONDS:
            self._try_to_move()  # where requests fail, others would not see it for long
        first_ended = min(self._held_since[one.id] for one in batch) + self._spool.lease
        if now + self._request_seconds < first_ended:
            return batch
        held = self._spool.renew(batch)
        self._held_since.update(dict.fromkeys(held, now))
        return [one for one in batch if one.id in held]

    def delivered(self, batch: Sequence[Claimed], status: int, attempts: int) -> None:
        """Settle events that the server took: they leave the disk, as soon as it can be written."""

        def settle() -> None:
            settled = self._spool.acknowledge(batch, "delivered")
            self._outcomes.deliver(
                self.events(batch), status, attempts, own=settled.own, others=settled.others
            )

        self._settle(batch, settle)

    def rejected(self, batch: Sequence[Claimed], error: DeliveryError) -> None:
        """Settle events that the server refused: they become dead letters, as soon as that can be written."""

        def settle() -> None:
            settled = self._spool.bury(batch, error.reason, error.status_code, error.server_message)
            self._outcomes.reject(self.events(batch), error, own=settled.own, others=settled.others)

        self._settle(batch, settle)

    def exhausted(self, batch: Sequence[Claimed], error: DeliveryError) -> bool:
        """Tell of events after the last attempt, and keep them: return False."""
        self._outcomes.keep(self.events(batch), error)
        return False

    def release(self, batch: Sequence[Claimed]) -> None:
        """Give events back to whichever process comes first."""
        self._owed.add(lambda: self._spool.release(batch))
        self._give_back_ahead()
        with self._gate.lock:
            self._more = True

    def abandon(self) -> None:
        """End the work: what is left stays on disk for the next process."""
        with self._gate.lock:
            self._gate.abandoned = True
            self._gate.changed.notify_all()
        within(LEAVE_SECONDS, self._leave)
        self._intake.count()
        left = self._outcomes.ledger.unsettled()
        if left:
            _log.warning("%d events were not delivered yet and wait in the spool", left)

    def _leave(self) -> None:
        try:
            self._ahead.close()
            self._give_back_ahead()
            if self._spool.exists():
                self._count_tallies()
            self._spool.close()
        except SpoolError as error:  # what it holds is safe, and is found again by the next process
            _log.error("%s", error)

    def _settle(self, batch: Sequence[Claimed], settle: Callable[[], None]) -> None:
        """Note what became of events; on a full disk later, before others are claimed.

        For a whole batch, where the next one is there already, the claim that comes now has it done aside.
        """
        self._owed.add(settle)
        if not (self._ahead.is_begun and len(batch) == len(self._held_since)):
            self._owed.try_to_settle()

    def _move(self) -> None:
        """Let others see what has come."""
        self._moved = self._clock.monotonic()
        self._spool.move()

    def _try_to_move(self) -> None:
        try:
            self._move()
        except SpoolError as error:  # it stays where it is, and what is held can be sent all the same
            _log.error("%s", error)

    def _fetch(self) -> tuple[float, list[Claimed]]:
        """Claim a batch, and return since when it is held; drop what is too old."""
        with self._gate.lock:
            self._intake.see()
            self._polled = now = self._clock.monotonic()
            self._more = False
        self._owed.settle()
        self._move()
        if self._spool.is_resting():
            return now, []
        claimed = self._claim()
        self._intake.count()  # before any of them is settled
        oldest = self._clock.now().timestamp() - self._max_age
        expired = [one for one in claimed if one.accepted < oldest]
        if expired:
            settled = self._spool.acknowledge(expired, "dropped", "expired")
            self._outcomes.drop(self.events(expired), "expired", own=settled.own, others=settled.others)
        size = sum(len(one.event.body) for one in claimed)
        with self._gate.lock:
            self._more = len(claimed) == self._limits.max_events or size > self._limits.max_bytes // 2
        if not claimed:
            self._look_after()
        return now, [one for one in claimed if one.accepted >= oldest]

    def _fetch_ahead(self) -> tuple[float, list[Claimed]]:
        """Claim a batch while another one is sent; what comes after the end is given back."""
        self._gate.stay_if_copied()
        sent_now = self._held_since.keys()
        since, batch = self._fetch()
        batch = [one for one in batch if one.id not in sent_now]  # after a sleep their lease may have ended
        if batch and self._gate.abandoned:
            self._spool.release(batch)
            return since, []
        return since, batch

    def _give_back_ahead(self) -> None:
        """Give back the batch that was claimed ahead, and settle what is owed."""
        try:
            _, batch = self._ahead.result() or (0.0, [])
        except SpoolError as error:
            _log.error("%s", error)
        else:
            if batch:
                self._owed.add(lambda: self._spool.release(batch))
        self._owed.try_to_settle()

    def _claim(self) -> list[Claimed]:
        """Claim, with what ended processes held where nothing else is left."""
        if not self._has_looked:
            self._has_looked = True
            self._spool.free_ended()
            self._spool.adopt()
        claimed = self._spool.claim(self._limits.max_events, self._limits.max_bytes)
        if not claimed and self._free_ended():
            claimed = self._spool.claim(self._limits.max_events, self._limits.max_bytes)
        return claimed

    def _free_ended(self) -> bool:
        """Free what ended processes held, and had not moved yet; say if there may be any."""
        return self._spool.adopt() | self._spool.free_ended()

    def _look_after(self) -> None:
        """Count what others did, and close a file in which nothing is left to do."""
        self._count_tallies()
        idle = self._clock.monotonic() - self._intake.last >= _REST_SECONDS
        if idle and not self._spool.newest():
            self._spool.rest()

    def _count_tallies(self) -> None:
        self._intake.count()
        for tally in self._spool.tallies():
            self._outcomes.ledger.settle(tally.outcome, tally.reason, tally.count)
