"""Where a worker's events wait: the protocol between the worker and a queue in memory or on disk."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar

from segment_client.accounting import Receipt, Stats
from segment_client.delivery.outgoing import Outgoing
from segment_client.errors import DeliveryError

__all__ = ["Queue", "Source"]

H = TypeVar("H")


class Source(Protocol[H]):
    """Events in order of acceptance; each one that is claimed is settled or released exactly once.

    `H` is what a worker holds for an event that it has claimed.
    """

    def seconds_until_due(self) -> float | None:
        """Return how long to wait before the next claim: 0 for now, None until something changes."""
        ...

    def claim(self) -> list[H]:
        """Return the next batch, oldest first, within the limits of a request; it may be empty."""
        ...

    def events(self, batch: Sequence[H]) -> Sequence[Outgoing]:
        """Return the events of a batch as they are posted."""
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

    def exhausted(self, batch: Sequence[H], error: DeliveryError) -> bool:
        """Settle events after the last attempt, or return False to have them released and tried later."""
        ...

    def release(self, batch: Sequence[H]) -> None:
        """Give events back, to be claimed again first."""
        ...


class Queue(Source[H], Protocol[H]):
    """A source with its other end: where callers put events, and wait for them."""

    def put(self, event: Outgoing) -> Receipt:
        """Take an event on, or raise a DeliveryError."""
        ...

    def has_leftovers(self) -> bool:
        """Say whether there may be events that an earlier process took on."""
        ...

    def wait_settled(self, timeout: float) -> bool:
        """Wait until what was taken on before is settled; return False after `timeout` seconds."""
        ...

    def stats(self) -> Stats:
        """Return the counts of this moment."""
        ...

    def abandon(self) -> None:
        """End the work: settle what cannot be kept, and give up all resources."""
        ...
