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
    """Counts what is new to the worker, and wakes it where it waits for that.

    `landed` says how many events have come without a transaction. `on_full` says what becomes of an event for
    which there is no room, as with a queue in memory.
    """

    def __init__(
        self,
        gate: Gate,
        outcomes: Outcomes,
        max_events: int,
        config: DeliveryConfig,
        landed: Callable[[], int],
    ) -> None:
        self._gate = gate
        self._outcomes = outcomes
        self._counts_each = outcomes.ledger.has_listener
        self._max_events = max_events
        self._clock = config.clock
        self._on_full = config.on_full
        self._block_seconds = config.block_timeout
        self._landed = landed
        self._written = self._seen = 0
        self._has_new = self._has_many = False
        self.since = self.last = config.clock.monotonic()

    @property
    def new(self) -> int:
        """How many events came since `see`, the oldest `since` then."""
        return self._total() - self._seen

    def see(self) -> None:
        """Count from here; the gate's lock is held."""
        total = self._total()
        if total != self._seen:
            self.last = self._clock.monotonic()
        self._seen = total
        self._has_new = self._has_many = False

    def count(self) -> None:
        """Count what is on disk as accepted; a call that was interrupted is made up for."""
        self._outcomes.ledger.accept_to(self._total())

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
        if self._counts_each:
            self.count()
        if not self._has_many and (not self._has_new or self.new >= self._max_events):
            self._wake()
        return Receipt("spooled", event.message_id, event.gid)

    def note_written(self, total: int) -> None:
        """Note how many events transactions have written in all."""
        self._written = total
        self.count()

    def _wake(self) -> None:
        """Let the worker know of the first event since it looked, and of so many that a batch is full."""
        with self._gate.lock:
            if not self._has_new:
                self.since = self._clock.monotonic()
            self._has_many = self.new >= self._max_events
            self._has_new = True
            self._gate.changed.notify_all()

    def _total(self) -> int:
        return self._written + self._landed()

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
