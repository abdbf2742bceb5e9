"""A clock that runs fast, so that a soak goes through hours of waits in minutes."""

import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

__all__ = ["FastClock"]


@dataclass(frozen=True)
class FastClock:
    """The machine's time, `rate` times as fast: a wait of a second is over after 1 / `rate` seconds.

    At `began`, a time of `time.monotonic`, it shows `start`, in seconds since 1970. Clocks of several
    processes of a machine that have all three in common show the same time.
    """

    rate: float
    began: float = field(default_factory=time.monotonic)
    start: float = field(default_factory=time.time)

    def now(self) -> datetime:
        """Return the clock's date and time."""
        return datetime.fromtimestamp(self.start, UTC) + timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        """Return the clock's seconds since it began."""
        return (time.monotonic() - self.began) * self.rate

    def sleep(self, seconds: float) -> None:
        """Wait for some seconds of this clock."""
        time.sleep(seconds / self.rate)

    def wait(self, condition: threading.Condition, seconds: float | None) -> None:
        """Wait on a condition for some seconds of this clock at most, or without an end."""
        condition.wait(None if seconds is None else seconds / self.rate)
