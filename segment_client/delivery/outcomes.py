"""What became of events: counted in the ledger, and told to the user's callbacks."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from segment_client.accounting import Delivered, Failure, Ledger
from segment_client.delivery.notifier import Notifier
from segment_client.delivery.outgoing import Outgoing
from segment_client.errors import DeliveryError

__all__ = ["Outcomes"]

_log = logging.getLogger("segment_client")


class Outcomes:
    """The ledger and the callbacks of one queue."""

    def __init__(self, ledger: Ledger, notifier: Notifier) -> None:
        self.ledger = ledger
        self._notifier = notifier

    def deliver(self, events: Sequence[Outgoing], status: int, attempts: int) -> None:
        """Settle events as delivered."""
        self.ledger.deliver(len(events))
        if events and self._notifier.wants_delivered:
            self._notifier.delivered(Delivered(_decoded(events), status, attempts))

    def reject(self, events: Sequence[Outgoing], error: DeliveryError) -> None:
        """Settle events as refused by the server."""
        self.ledger.reject(error.reason, len(events))
        for event in events:
            _log.error(
                "event %s was rejected (%s, status %s)", event.message_id, error.reason, error.status_code
            )
        self._fail(events, error.reason, error)

    def drop(self, events: Sequence[Outgoing], reason: str, error: DeliveryError | None = None) -> None:
        """Settle events as given up."""
        self.ledger.drop(reason, len(events))
        if events and reason != "queue_full":  # the queue warns of that itself, once an interval
            _log.error("%d events were dropped (%s)", len(events), reason)
        self._fail(events, reason, error, retryable=True)

    def keep(self, events: Sequence[Outgoing], error: DeliveryError) -> None:
        """Tell of events that could not be delivered and are kept; nothing is settled."""
        self._fail(events, error.reason, error, retryable=True)

    def _fail(
        self, events: Sequence[Outgoing], reason: str, error: DeliveryError | None, *, retryable: bool = False
    ) -> None:
        if not events or not self._notifier.wants_failures:
            return
        status, attempts = (error.status_code, error.attempts) if error is not None else (None, 0)
        words = error.server_message if error is not None else None
        self._notifier.failed(Failure(_decoded(events), reason, status, attempts, retryable, words))


def _decoded(events: Sequence[Outgoing]) -> tuple[dict[str, object], ...]:
    return tuple(event.decoded() for event in events)
