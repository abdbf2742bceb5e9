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
        self._waiting: list[threading.Condition] = []
        self._timed = threading.Condition(self._lock)
        self._timers = 0
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
            waiting = list(self._waiting)
        for condition in waiting:
            with condition:
                condition.notify_all()

    def wait(self, condition: threading.Condition, seconds: float | None) -> None:
        """Wait on a condition until it is notified, or `advance` has moved the time on by some seconds."""
        if seconds is not None and seconds <= 0:
            return
        timed = seconds is not None
        with self._timed:
            self._waiting.append(condition)
            self._timers += timed
            self._timed.notify_all()
        try:
            condition.wait()
        finally:
            with self._timed:
                self._waiting.remove(condition)
                self._timers -= timed

    def wait_for_timer(self, timeout: float = 10.0) -> bool:
        """Block until another thread waits for this clock; return False after `timeout` real seconds."""
        with self._timed:
            return self._timed.wait_for(lambda: self._timers > 0, timeout)
