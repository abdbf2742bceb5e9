"""What became of each event: receipts, failures, and counts that add up at every moment."""

from __future__ import annotations

import os
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID
from weakref import WeakSet

from segment_client.ids import Gid, resolve

__all__ = [
    "QUEUE_FULL",
    "Delivered",
    "Failure",
    "Ledger",
    "Listener",
    "Outcome",
    "Receipt",
    "Stats",
    "Status",
]

Status = Literal["delivered", "queued", "spooled", "skipped", "dropped"]
Outcome = Literal["delivered", "rejected", "dropped"]

Listener = Callable[[str, str | None, int], None]
"""What is told of each count as it is made: the name that it has in Stats, the reason, how many events."""

QUEUE_FULL = "queue_full"


# not frozen, which would take longer than the queue does
@dataclass(slots=True, repr=False, unsafe_hash=True)
class Receipt:
    """What a call did with its event.

    `status` is "delivered" (the server took it), "queued" or "spooled" (it will be sent), "skipped"
    (`before_send` or `enabled=False` held it back) or "dropped" (the queue was full). `status_code` is the
    server's, in direct delivery only. `attempts` counts the requests made so far.
    """

    status: Status
    message_id: str
    _gid: Gid
    status_code: int | None = None
    attempts: int = 0

    @property
    def event_gid(self) -> UUID:
        """The event's identifier, by default derived of its message id."""
        return resolve(self._gid, self.message_id)

    def __repr__(self) -> str:
        return (
            f"Receipt(status={self.status!r}, message_id={self.message_id!r}, event_gid={self.event_gid!r},"
            f" status_code={self.status_code!r}, attempts={self.attempts!r})"
        )


@dataclass(frozen=True, slots=True)
class Delivered:
    """What `on_delivered` gets: events that a server took, the status, the number of requests.

    There is no status where the events went to Kafka.
    """

    events: tuple[dict[str, Any], ...] = field(repr=False)
    status_code: int | None
    attempts: int


@dataclass(frozen=True, slots=True)
class Failure:
    """Events that were not delivered, as `on_error` gets them.

    `events` are the wire objects, `reason` a short name such as "rejected", "unauthorized", "too_large",
    "rate_limited", "unreachable", "queue_full" or "closed". `retryable` says whether sending them again later
    may succeed, `server_message` is what the server said.
    """

    events: tuple[dict[str, Any], ...] = field(repr=False)
    reason: str
    status_code: int | None
    attempts: int
    retryable: bool
    server_message: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Stats:
    """A consistent count: `accepted == delivered + rejected + dropped + spooled + pending`, always.

    The reasons split `rejected` and `dropped`. `recovered_*` count, beside the others, what became of events
    that another client had left in the spool, or that a damaged one gave back after they had been settled.
    `callback_errors` counts what the user's callbacks raised.
    """

    accepted: int = 0
    delivered: int = 0
    rejected: int = 0
    dropped: int = 0
    spooled: int = 0
    pending: int = 0
    rejected_reasons: Mapping[str, int] = field(default_factory=dict)
    dropped_reasons: Mapping[str, int] = field(default_factory=dict)
    recovered_delivered: int = 0
    recovered_rejected: int = 0
    recovered_dropped: int = 0
    callback_errors: int = 0


_ledgers: WeakSet[Ledger] = WeakSet()


class Ledger:
    """The thread-safe counter behind `Stats`: an event is accepted once and settled once.

    What is not settled counts as spooled if it is `durable`, else as pending. `listener` is told of each
    count while the ledger's lock is held. In a forked child all counts begin at zero, and the lock is a new
    one: a thread that the child does not have may hold the old one.
    """

    def __init__(self, *, durable: bool = False, listener: Listener | None = None) -> None:
        self._durable = durable
        self._listener = listener
        self.reset()
        _ledgers.add(self)

    @property
    def has_listener(self) -> bool:
        """Say whether each count is to be told as it is made."""
        return self._listener is not None

    def reset(self) -> None:
        """Begin at zero: for a forked child."""
        self._lock = threading.Lock()  # taken itself, not by its condition, for the reason that Gate gives
        self._changed = threading.Condition(self._lock)
        self._awaited: list[int] = []
        self._taken_on = self._refused = self._delivered = self._callback_errors = 0
        self._rejected: Counter[str] = Counter()
        self._dropped: Counter[str] = Counter()
        self._recovered: Counter[Outcome] = Counter()

    def accept(self) -> None:
        """Count an event that a delivery has taken on."""
        with self._lock:
            self._taken_on += 1
            self._tell("accepted", 1)

    def accept_to(self, total: int) -> None:
        """Count what a queue has taken on since it was made; a call that was interrupted is made up for."""
        with self._lock:
            new = total - self._taken_on
            if new > 0:
                self._taken_on = total
                self._tell("accepted", new)

    def refuse(self) -> None:
        """Count an event that was accepted and dropped at once, as the queue is full."""
        with self._lock:
            self._refused += 1
            self._tell("accepted", 1)
            self._tell("dropped", 1, QUEUE_FULL)
            self._wake()

    def deliver(self, count: int = 1) -> None:
        """Settle events as delivered."""
        with self._lock:
            own = self._own("delivered", count)
            self._delivered += own
            self._tell("delivered", own)
            self._wake()

    def reject(self, reason: str, count: int = 1) -> None:
        """Settle events as refused by the server."""
        with self._lock:
            own = self._own("rejected", count)
            self._rejected[reason] += own
            self._tell("rejected", own, reason)
            self._wake()

    def drop(self, reason: str, count: int = 1) -> None:
        """Settle events as given up."""
        with self._lock:
            own = self._own("dropped", count)
            self._dropped[reason] += own
            self._tell("dropped", own, reason)
            self._wake()

    def settle(self, outcome: Outcome, reason: str, count: int) -> None:
        """Settle events in the way that `outcome` names."""
        if outcome == "delivered":
            self.deliver(count)
        elif outcome == "rejected":
            self.reject(reason, count)
        else:
            self.drop(reason, count)

    def recover(self, outcome: Outcome, count: int) -> None:
        """Count what became of events that another client had accepted."""
        with self._lock:
            self._recover(outcome, count)
            self._wake()

    def count_callback_error(self) -> None:
        """Count an exception that a user's callback raised."""
        with self._lock:
            self._callback_errors += 1

    def accepted(self) -> int:
        """Return how many events were accepted so far."""
        with self._lock:
            return self._accepted()

    def wait_settled(self, accepted: int, timeout: float) -> bool:
        """Wait until as many events as were accepted are settled; return False after `timeout` seconds."""
        with self._lock:
            self._awaited.append(accepted)
            try:
                return self._changed.wait_for(lambda: self._settled() >= accepted, timeout)
            finally:
                self._awaited.remove(accepted)

    def wait_for_change(self, timeout: float) -> None:
        """Wait until an event is settled, at most some seconds."""
        with self._lock:
            self._awaited.append(0)
            try:
                self._changed.wait(timeout)
            finally:
                self._awaited.remove(0)

    def unsettled(self) -> int:
        """Return how many events are neither delivered, rejected nor dropped."""
        with self._lock:
            return self._accepted() - self._settled()

    def stats(self) -> Stats:
        """Return the counts of this moment."""
        with self._lock:
            left = self._accepted() - self._settled()
            dropped = self._dropped + Counter({QUEUE_FULL: self._refused})
            return Stats(
                accepted=self._accepted(),
                delivered=self._delivered,
                rejected=self._rejected.total(),
                dropped=dropped.total(),
                spooled=left if self._durable else 0,
                pending=0 if self._durable else left,
                rejected_reasons=dict(+self._rejected),
                dropped_reasons=dict(dropped),
                recovered_delivered=self._recovered["delivered"],
                recovered_rejected=self._recovered["rejected"],
                recovered_dropped=self._recovered["dropped"],
                callback_errors=self._callback_errors,
            )

    def _wake(self) -> None:
        """Wake who waits for no more than is settled: a flush that wakes for each batch slows them down."""
        if self._awaited and min(self._awaited) <= self._settled():
            self._changed.notify_all()

    def _accepted(self) -> int:
        return self._taken_on + self._refused

    def _settled(self) -> int:
        return self._delivered + self._rejected.total() + self._dropped.total() + self._refused

    def _own(self, outcome: Outcome, count: int) -> int:
        """Return how many of some events are not settled yet; the others are recovered.

        A damaged spool gives back events that were settled before.
        """
        own = min(count, self._accepted() - self._settled())
        self._recover(outcome, count - own)
        return own

    def _recover(self, outcome: Outcome, count: int) -> None:
        self._recovered[outcome] += count
        self._tell(f"recovered_{outcome}", count)

    def _tell(self, name: str, count: int, reason: str | None = None) -> None:
        if self._listener is not None and count:
            self._listener(name, reason, count)


def _begin_at_zero() -> None:
    for ledger in list(_ledgers):
        ledger.reset()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_at_zero)
