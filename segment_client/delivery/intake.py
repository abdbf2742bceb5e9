"""Where callers put events into a spool: each is on disk before its call returns, and the worker is woken."""

from __future__ import annotations

from collections.abc import Callable

from segment_client.accounting import Receipt
from segment_client.config import DeliveryConfig
from segment_client.delivery.gate import Gate
from segment_client.delivery.outcomes import Outcomes
from segment_client.delivery.outgoing import Outgoing
from segment_client.errors import DeliveryError, QueueFullError

__all__ = ["Intake"]

_LOOK_SECONDS = 0.05
"""How often a call that waits for room looks for it: other processes make some, too."""


class Intake:
    """Counts what is new to the worker; it is told once of all events that were written together.

    `on_full` says what becomes of an event for which there is no room, as with a queue in memory.
    """

    def __init__(self, gate: Gate, outcomes: Outcomes, max_events: int, config: DeliveryConfig) -> None:
        self._gate = gate
        self._outcomes = outcomes
        self._max_events = max_events
        self._clock = config.clock
        self._on_full = config.on_full
        self._block_seconds = config.block_timeout
        self._written = self._seen = 0
        self.since = self.last = config.clock.monotonic()

    @property
    def new(self) -> int:
        """How many events were written since `see`: the oldest `since` then, the newest at `last`."""
        return self._written - self._seen

    def see(self) -> None:
        """Count from here; the gate's lock is held."""
        self._seen = self._written

    def put(self, event: Outgoing, append: Callable[[Outgoing], None]) -> Receipt:
        """Write an event to disk; what cannot be written was not accepted, and raises."""
        self._gate.check_open()
        try:
            self._append(event, append)
        except DeliveryError as error:
            if isinstance(error, QueueFullError) and self._on_full == "drop":
                return self._outcomes.refuse(event)
            error.message_id = event.message_id
            raise
        return Receipt("spooled", event.message_id, event.gid)

    def note_written(self, total: int) -> None:
        """Count what is on disk in all, and wake the worker if it waits for that."""
        self._outcomes.ledger.accept_to(total)
        now = self._clock.monotonic()
        with self._gate.lock:
            before, self._written, self.last = self.new, total, now
            if not before:
                self.since = now
            if not before or before < self._max_events <= self.new:
                self._gate.changed.notify_all()

    def _append(self, event: Outgoing, append: Callable[[Outgoing], None]) -> None:
        """Write an event, where `on_full` says so as soon as there is room."""
        until: float | None = None
        while True:
            try:
                append(event)
            except QueueFullError:
                now = self._clock.monotonic()
                until = until if until is not None else now + self._block_seconds
                if self._on_full != "block" or now >= until or self._gate.closing:
                    raise
                with self._gate.lock:
                    self._gate.wait(min(until - now, _LOOK_SECONDS))
            else:
                return
