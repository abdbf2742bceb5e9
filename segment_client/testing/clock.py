"""A clock that tests turn by hand."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

__all__ = ["ManualClock"]

_START = datetime(2026, 1, 31, 9, 30, tzinfo=UTC)


class ManualClock:
    """Time that stands still until `advance`, or a `sleep`, moves it on; pass it as `clock=`.

    `slept` lists the seconds of each sleep. Thread-safe.
    """

    def __init__(self, start: datetime = _START) -> None:
        self._lock = threading.Lock()
        self._now = start
        self._monotonic = 0.0
        self.slept: list[float] = []

    def now(self) -> datetime:
        """Return the clock's date and time."""
        with self._lock:
            return self._now

    def monotonic(self) -> float:
        """Return the seconds since the clock was made."""
        with self._lock:
            return self._monotonic

    def sleep(self, seconds: float) -> None:
        """Move the time on at once, and note the seconds in `slept`."""
        self.advance(seconds)
        with self._lock:
            self.slept.append(seconds)

    def advance(self, seconds: float) -> None:
        """Move the time on."""
        with self._lock:
            self._now += timedelta(seconds=seconds)
            self._monotonic += seconds
