"""Threads that use a client while a soak looks on."""

import threading
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Self

from segment_client import SegmentClient, Stats
from tests.client.support import ROOT, USER
from tests.soak.tally import Tally

__all__ = ["Producer", "Sampler"]

_INTERVAL = 0.002


class Producer(threading.Thread):
    """Tracks events with the numbers of a range; `begun` and `returned` count its calls."""

    def __init__(self, client: SegmentClient, numbers: range) -> None:
        super().__init__(name=f"producer of {numbers.start}")
        self._client = client
        self._numbers = numbers
        self.begun = 0
        self.returned = 0

    def run(self) -> None:
        """Track them all."""
        for number in self._numbers:
            self.begun += 1
            receipt = self._client.track(ROOT, "Soaked", user_id=USER, properties={"n": number})
            assert receipt.status in ("queued", "spooled"), receipt.status
            self.returned += 1


class Sampler(threading.Thread):
    """Asks a client for its counts again and again, and notes in `wrong` each that cannot be.

    The counts are held against the calls that were made and against the server's own count.
    """

    def __init__(self, client: SegmentClient, producers: Sequence[Producer], tally: Tally) -> None:
        super().__init__(name="sampler")
        self._client = client
        self._producers = producers
        self._tally = tally
        self._over = threading.Event()
        self._last = Stats()
        self.samples = 0
        self.wrong: list[str] = []

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self.join()

    def run(self) -> None:
        """Sample until told to stop, and once after that."""
        running = True
        while running:
            running = not self._over.wait(_INTERVAL)
            self._sample()

    def _sample(self) -> None:
        returned = self._sum(lambda producer: producer.returned)
        stats = self._client.stats()
        begun = self._sum(lambda producer: producer.begun)
        settled = stats.delivered + stats.rejected + stats.dropped
        last, self._last = self._last, stats
        laws = {
            "they add up": stats.accepted == settled + stats.spooled + stats.pending,
            "none is negative": min(stats.pending, stats.spooled) >= 0,
            "the reasons add up": stats.rejected == sum(stats.rejected_reasons.values())
            and stats.dropped == sum(stats.dropped_reasons.values()),
            "settled stays settled": last.accepted <= stats.accepted
            and last.delivered <= stats.delivered
            and last.rejected <= stats.rejected
            and last.dropped <= stats.dropped,
            "accepted is what was called": returned <= stats.accepted <= begun,
            "delivered was taken by the server": stats.delivered <= self._tally.answered,
            "rejected was refused by the server": stats.rejected <= self._tally.refusals,
        }
        self.samples += 1
        self.wrong += [f"{law}: {stats}" for law, holds in laws.items() if not holds]

    def _sum(self, count: Callable[[Producer], int]) -> int:
        return sum(map(count, self._producers))
