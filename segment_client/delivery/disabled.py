"""Delivery of a client that is not enabled: events are valid, and go nowhere."""

from __future__ import annotations

from segment_client.accounting import Ledger, Receipt, Stats
from segment_client.delivery.outgoing import Outgoing
from segment_client.errors import closed_error

__all__ = ["DisabledDelivery"]


class DisabledDelivery:
    """Skips each event, until it is closed."""

    def __init__(self) -> None:
        self._ledger = Ledger()
        self._closed = False

    def submit(self, event: Outgoing) -> Receipt:
        """Return that the event was skipped."""
        if self._closed:
            raise closed_error()
        return Receipt("skipped", event.message_id, event.gid)

    def flush(self, timeout: float) -> bool:  # noqa: ARG002  # the protocol's
        """Return True, as nothing waits."""
        return True

    def close(self, timeout: float) -> bool:
        """Skip nothing more."""
        self._closed = True
        return self.flush(timeout)

    def stats(self) -> Stats:
        """Return counts of zero, but for the exceptions of callbacks."""
        return self._ledger.stats()

    def count_callback_error(self) -> None:
        """Count an exception that `before_send` raised."""
        self._ledger.count_callback_error()
