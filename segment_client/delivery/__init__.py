"""How an encoded event reaches a server: one small protocol, an implementation a module."""

from __future__ import annotations

from typing import Protocol

from segment_client.accounting import Receipt, Stats
from segment_client.delivery.outgoing import Outgoing

__all__ = ["Delivery", "Outgoing", "ProcessDelivery"]


class Delivery(Protocol):
    """What the client hands its encoded events to."""

    def submit(self, event: Outgoing) -> Receipt:
        """Take an event on; return what became of it, or raise a DeliveryError."""
        ...

    def flush(self, timeout: float) -> bool:
        """Wait at most `timeout` seconds; return True if all taken on before is delivered or rejected."""
        ...

    def close(self, timeout: float) -> bool:
        """Flush, then give up all resources; a later `submit` raises."""
        ...

    def stats(self) -> Stats:
        """Return the counts of this moment."""
        ...

    def count_callback_error(self) -> None:
        """Count an exception that `before_send` raised, before there was an event to submit."""
        ...


class ProcessDelivery(Delivery, Protocol):
    """A delivery that works for one process, and is closed at that process's end."""

    def begin_close(self, timeout: float) -> None:
        """Accept nothing more, and deliver what is left, for some seconds, without waiting for it."""
        ...
