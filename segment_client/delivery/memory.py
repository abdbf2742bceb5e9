"""A queue in memory, bounded in events and bytes, from which a worker sends."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Sequence
from itertools import islice

from segment_client.accounting import Receipt, Stats
from segment_client.config import DeliveryConfig
from segment_client.delivery.gate import Gate, seconds_until_due
from segment_client.delivery.outcomes import Outcomes
from segment_client.delivery.outgoing import Outgoing
from segment_client.delivery.poster import BatchLimits
from segment_client.delivery.under_way import UnderWay, weight
from segment_client.errors import DeliveryError, QueueFullError

__all__ = ["MemoryQueue"]

_AT_ONCE = 64
"""So many threads may be about to append beside each other, and so many events wait to be weighed."""

_SELDOM = 16
_LIGHT = 16_384
"""How many events are appended before one call weighs them all, where none has more bytes than these and
nobody waits for the next one.
"""

_GIVE_WAY_EVERY = 25
_GIVE_WAY_SECONDS = 1e-5
"""How often a loop lets the worker run where the queue is half full, and for how long at least. Python alone
hardly lets it: the queue would overflow though the server takes all.
"""


class MemoryQueue:
    """Holds events until they are settled; those under way count towards the bounds too.

    What it takes on is counted when somebody looks, or before it is claimed: not event by event. Nor does a
    call wait for the lock: it appends its event, which takes none. What was appended is weighed now and then,
    and at once where the worker is to know of it; where another call is about to do so it is left to that.
    Threads that wait for a lock in each call would change at each.

    `on_full` says what becomes of an event for which there is no room: "drop" counts it as dropped, "raise"
    raises QueueFullError, "block" waits `block_timeout` seconds for room, then raises.
    """

    def __init__(self, gate: Gate, outcomes: Outcomes, limits: BatchLimits, config: DeliveryConfig) -> None:
        self._gate = gate
        self._outcomes = outcomes
        self._limits = limits
        self._config = config
        self._counts_early = outcomes.ledger.has_listener
        self._clock = config.clock
        self._waiting: deque[Outgoing] = deque()
        self._weighed = 0  # so many of them, from the oldest on, are in the bytes
        self._waiting_bytes = 0
        self._weigh_at = 1  # so many waiting events are to be weighed by the call that finds them
        self._is_weighing = self._is_roomy = self._is_narrow = False
        self._is_idle = True  # the worker waits, and nothing has woken it yet
        self._taken = 0
        self._under_way = UnderWay()
        self._given_up: set[int] = set()
        self._since = 0.0
        self._half = config.max_queue // 2
        self._small = min(config.max_queue_bytes // (4 * _AT_ONCE), _LIGHT)
        self._narrow = threading.RLock()  # a signal handler may track

    def put(self, event: Outgoing) -> Receipt:
        """Queue an event without waiting, unless `on_full` is "block"."""
        waiting = self._waiting
        size = len(event.body) + 1
        if self._is_roomy and size <= self._small and len(waiting) - self._weighed < _AT_ONCE:
            self._gate.check_open()
            waiting.append(event)
            if self._gate.deadline is not None:
                self._check_in_time(event)
            try:
                while len(waiting) >= self._weigh_at and not self._is_weighing:
                    self._is_weighing = True
                    with self._gate.lock:
                        self._weigh()
                    self._is_weighing = False
            except BaseException:  # a signal handler's: other calls may have left their events to this one
                self._is_weighing = False
                with self._gate.lock:
                    self._weigh()
                raise
        elif not self._put_within_bounds(event, size):
            return self._refuse(event)
        if len(waiting) >= self._half:
            self._give_way()
        return Receipt("queued", event.message_id, event.gid)

    def _give_way(self) -> None:
        """Have all callers stop for a moment, now and then, so that the worker gets the interpreter."""
        stops = len(self._waiting) % _GIVE_WAY_EVERY == 0
        if stops or self._is_narrow:
            with self._narrow:
                self._is_narrow = True
                if stops:
                    time.sleep(_GIVE_WAY_SECONDS)
                self._is_narrow = False

    def _put_within_bounds(self, event: Outgoing, size: int) -> bool:
        """Queue an event where the bounds are near; return False if there is no room."""
        with self._gate.lock:
            self._gate.check_open()
            self._weigh()
            if not self._has_room(size) and not self._make_room(size):
                return False
            self._waiting.append(event)
            self._weigh()
        return True

    def _check_in_time(self, event: Outgoing) -> None:
        """Raise SegmentError for an event that came when all had been given up."""
        with self._gate.lock:
            if self._gate.abandoned and id(event) not in self._given_up:
                self._gate.check_open()

    def _weigh(self) -> None:
        """Add up what was appended, and wake the worker where it waits for that; the gate's lock is held."""
        self._weigh_once()
        while len(self._waiting) >= self._weigh_at:  # a call came before it could know of that
            self._weigh_once()

    def _weigh_once(self) -> None:
        waiting, before, before_bytes = self._waiting, self._weighed, self._waiting_bytes
        limits, count, size = self._limits, len(waiting), before_bytes
        for index in range(before, count):
            size += len(waiting[index].body) + 1
        self._weighed, self._waiting_bytes = count, size
        self._is_roomy = (
            count + len(self._under_way) + 2 * _AT_ONCE <= self._config.max_queue
            and size + self._under_way.weight <= self._config.max_queue_bytes // 2
        )
        if self._counts_early:
            self._count()
        if not before:
            self._since = self._clock.monotonic()
        is_full = before < limits.max_events <= count or before_bytes < limits.max_bytes <= size
        if self._is_idle or is_full:
            self._gate.changed.notify_all()
            self._is_idle = False
        self._weigh_at = count + self._steps(count, size)

    def _steps(self, count: int, size: int) -> int:
        """Return at which of the next events to weigh them: one that begins a batch, or may fill it."""
        limits = self._limits
        if not count:
            return 1
        if count >= limits.max_events or size >= limits.max_bytes:
            return _SELDOM  # it is due, and the worker knows
        return min(_SELDOM, limits.max_events - count, max(1, (limits.max_bytes - size) // _LIGHT))

    def has_leftovers(self) -> bool:
        """Return False: a new queue is empty."""
        return False

    def wait_settled(self, timeout: float) -> bool:
        """Wait until all that was accepted is settled; return False after `timeout` seconds."""
        ledger = self._outcomes.ledger
        with self._gate.lock:
            self._count()
        return ledger.wait_settled(ledger.accepted(), timeout)

    def stats(self) -> Stats:
        """Return the counts of this moment."""
        with self._gate.lock:
            self._count()
        return self._outcomes.ledger.stats()

    def seconds_until_due(self) -> float | None:
        """Return how long the worker may wait for more; the gate's lock is held."""
        self._weigh()
        if self._gate.urgent and self._weighed:
            return 0.0
        self._is_idle = not self._weighed
        return seconds_until_due(
            self._weighed,
            self._waiting_bytes,
            self._clock.monotonic() - self._since,
            batch_size=self._limits.max_events,
            batch_bytes=self._limits.max_bytes,
            interval=self._config.flush_interval,
        )

    def claim(self) -> list[Outgoing]:
        """Return the next batch."""
        limits, waiting = self._limits, self._waiting
        with self._gate.lock:
            if self._gate.abandoned:
                return []  # what may be there came too late, and was refused
            self._weigh()
            self._count()
            count = min(self._weighed, limits.max_events)
            oldest = islice(iter(waiting.popleft, None), count)
            self._weighed -= count
            events = list(oldest)  # at once, or calls that look meanwhile would take the room for their own
            size = weight(events) if self._weighed else self._waiting_bytes
            while size > limits.max_bytes and len(events) > 1:
                size -= len(events[-1].body) + 1
                waiting.appendleft(events.pop())
                self._weighed += 1
            self._taken += len(events)
            self._waiting_bytes -= size
            self._under_way.begin(events, size)
            self._since = self._clock.monotonic()
            self._weigh()
        return events

    def events(self, batch: Sequence[Outgoing]) -> Sequence[Outgoing]:
        """Return the batch: it is the events."""
        return batch

    def hold(self, batch: Sequence[Outgoing]) -> Sequence[Outgoing]:
        """Return the batch: nobody else can take it."""
        return batch

    def delivered(self, batch: Sequence[Outgoing], status: int, attempts: int) -> None:
        """Settle events that the server took."""
        events = self._take_off(batch)
        self._outcomes.deliver(events, status, attempts, own=len(events))

    def rejected(self, batch: Sequence[Outgoing], error: DeliveryError) -> None:
        """Settle events that the server refused."""
        events = self._take_off(batch)
        self._outcomes.reject(events, error, own=len(events))

    def exhausted(self, batch: Sequence[Outgoing], error: DeliveryError) -> bool:
        """Drop events after the last attempt: there is no place to keep them."""
        events = self._take_off(batch)
        self._outcomes.drop(events, error.reason, error, own=len(events))
        return True

    def release(self, batch: Sequence[Outgoing]) -> None:
        """Put events back in front."""
        with self._gate.lock:
            events = self._under_way.end(batch)
            self._waiting.extendleft(reversed(events))
            self._taken -= len(events)
            self._weighed += len(events)
            self._waiting_bytes += weight(events)

    def abandon(self) -> None:
        """Drop all that is left, whatever may yet become of a request under way."""
        with self._gate.lock:
            left = self._under_way.end_all()
            while self._waiting:  # one by one, as others append meanwhile
                left.append(self._waiting.popleft())
                self._taken += 1
            self._outcomes.ledger.accept_to(self._taken)  # what comes from now on is refused
            self._gate.abandoned = True
            self._given_up = set(map(id, left))
            self._weighed = self._waiting_bytes = 0
            self._gate.changed.notify_all()
        self._outcomes.drop(left, "closed", own=len(left))

    def _count(self) -> None:
        """Count what was taken on, by what is here: a call that a signal's exception ended is made up for."""
        if not self._gate.abandoned:
            self._outcomes.ledger.accept_to(self._taken + len(self._waiting))

    def _take_off(self, batch: Sequence[Outgoing]) -> Sequence[Outgoing]:
        """Return the events of a batch that were not abandoned meanwhile."""
        with self._gate.lock:
            events = self._under_way.end(batch)
            self._gate.changed.notify_all()
        return events

    def _has_room(self, size: int) -> bool:
        return (
            len(self._waiting) + len(self._under_way) < self._config.max_queue
            and self._waiting_bytes + self._under_way.weight + size <= self._config.max_queue_bytes
        )

    def _make_room(self, size: int) -> bool:
        """Wait for room where that is what `on_full` says."""
        if self._config.on_full != "block":
            return False
        until = self._clock.monotonic() + self._config.block_timeout
        while not self._has_room(size):
            left = until - self._clock.monotonic()
            if left <= 0:
                return False
            self._gate.wait(left)
            self._gate.check_open()
        return True

    def _refuse(self, event: Outgoing) -> Receipt:
        if self._config.on_full != "drop":
            raise QueueFullError(
                f"event {event.message_id}: the queue is full ({len(self._waiting)} events wait);"
                " send it again later, or raise max_queue",
                message_id=event.message_id,
            )
        return self._outcomes.refuse(event)
