"""Where a worker's events wait: the protocol between the worker and a queue in memory or on disk."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar

from segment_client.delivery.outgoing import Outgoing
from segment_client.errors import DeliveryError

__all__ = ["Held", "Source"]


class Held(Protocol):
    """An event that a worker has claimed."""

    @property
    def event(self) -> Outgoing:
        """The encoded event."""
        ...


H = TypeVar("H", bound=Held)


class Source(Protocol[H]):
    """Events in order of acceptance; each one that is claimed is settled or released exactly once."""

    def seconds_until_due(self) -> float | None:
        """Return how long to wait before the next claim: 0 for now, None until something changes."""
        ...

    def claim(self) -> list[H]:
        """Return the next batch, oldest first, within the limits of a request; it may be empty."""
        ...

    def hold(self, batch: Sequence[H]) -> Sequence[H]:
        """Make sure of a claim for the time of one request; return the events that are still claimed."""
        ...

    def delivered(self, batch: Sequence[H], status: int, attempts: int) -> None:
        """Settle events that the server took."""
        ...

    def rejected(self, batch: Sequence[H], error: DeliveryError) -> None:
        """Settle events that the server refused."""
        ...

    def exhausted(self, batch: Sequence[H], error: DeliveryError) -> None:
        """Settle or keep events after the last attempt."""
        ...

    def release(self, batch: Sequence[H]) -> None:
        """Give events back, to be claimed again first."""
        ...
