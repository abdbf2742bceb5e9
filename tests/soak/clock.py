"""A clock that runs fast, so that a soak goes through hours of waits in minutes."""

import threading
import time
from datetime import UTC, datetime, timedelta

__all__ = ["FastClock"]


class FastClock:
    """The machine's time, `rate` times as fast: a wait of a second is over after 1 / `rate` seconds."""

    def __init__(self, rate: float) -> None:
        self._rate = rate
        self._began = time.monotonic()
        self._start = datetime.now(UTC)

    def now(self) -> datetime:
        """Return the clock's date and time."""
        return self._start + timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        """Return the clock's seconds since it was made."""
        return (time.monotonic() - self._began) * self._rate

    def sleep(self, seconds: float) -> None:
        """Wait for some seconds of this clock."""
        time.sleep(seconds / self._rate)

    def wait(self, condition: threading.Condition, seconds: float | None) -> None:
        """Wait on a condition for some seconds of this clock at most, or without an end."""
        condition.wait(None if seconds is None else seconds / self._rate)
