"""What became of events: counted in the ledger, and told to the user's callbacks."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from segment_client.accounting import QUEUE_FULL, Ledger, Receipt
from segment_client.clock import Clock
from segment_client.delivery.notifier import Notifier
from segment_client.delivery.outgoing import Outgoing
from segment_client.errors import DeliveryError

__all__ = ["Outcomes"]

_WARNING_INTERVAL = 60.0

_log = logging.getLogger("segment_client")


class Outcomes:
    """The ledger and the callbacks of one queue.

    `own` says how many of the events this client has accepted, `others` how many another client left behind.
    """

    def __init__(self, ledger: Ledger, notifier: Notifier, clock: Clock) -> None:
        self.ledger = ledger
        self._notifier = notifier
        self._clock = clock
        self._warned_at = float("-inf")

    def deliver(
        self, events: Sequence[Outgoing], status: int | None, attempts: int, *, own: int, others: int = 0
    ) -> None:
        """Settle events as delivered."""
        self.ledger.recover("delivered", others)
        self.ledger.deliver(own)
        self._notifier.delivered(events, status, attempts)

    def reject(self, events: Sequence[Outgoing], error: DeliveryError, *, own: int, others: int = 0) -> None:
        """Settle events as refused by the server."""
        self.ledger.recover("rejected", others)
        self.ledger.reject(error.reason, own)
        for event in events:
            _log.error(
                "event %s was rejected (%s, status %s)", event.message_id, error.reason, error.status_code
            )
        self._notifier.failed(events, error.reason, error, retryable=False)

    def drop(
        self,
        events: Sequence[Outgoing],
        reason: str,
        error: DeliveryError | None = None,
        *,
        own: int,
        others: int = 0,
    ) -> None:
        """Settle events as given up."""
        self.ledger.recover("dropped", others)
        self.ledger.drop(reason, own)
        if events:
            _log.error("%d events were dropped (%s)", len(events), reason)
        self._notifier.failed(events, reason, error, retryable=True)

    def refuse(self, event: Outgoing) -> Receipt:
        """Count an event for which there is no room as dropped; warn of it once a minute at most."""
        self.ledger.refuse()
        now = self._clock.monotonic()
        if now - self._warned_at >= _WARNING_INTERVAL:
            self._warned_at = now
            _log.warning("the queue is full: events are dropped; stats() counts them")
        self._notifier.failed([event], QUEUE_FULL, None, retryable=True)
        return Receipt("dropped", event.message_id, event.gid)

    def keep(self, events: Sequence[Outgoing], error: DeliveryError) -> None:
        """Tell of events that could not be delivered and are kept; nothing is settled."""
        self._notifier.failed(events, error.reason, error, retryable=True)
