"""What the callers and the worker of one queue tell each other."""

from __future__ import annotations

import os
import threading

from segment_client.clock import Clock
from segment_client.errors import closed_error

__all__ = ["Gate", "seconds_until_due"]


class Gate:
    """One lock, with the wishes that wake the worker. All attributes are read and set under `lock`.

    It is taken as `with gate.lock`, not `with gate.changed`: an exception that a signal handler raises (such
    as KeyboardInterrupt) in the condition's own `__enter__` would leave it locked for ever.

    `urgent` counts the flushes under way. `deadline` is set by close: the monotonic time until which the
    worker may go on. `abandoned` says that the time is over: the worker settles nothing any more.
    """

    def __init__(self, clock: Clock) -> None:
        self.lock = threading.Lock()
        self.changed = threading.Condition(self.lock)
        self.urgent = 0
        self.deadline: float | None = None
        self.abandoned = False
        self._clock = clock
        self._pid = os.getpid()

    @property
    def copied(self) -> bool:
        """Whether this is a copy in a forked child, where gevent goes on with the greenlets of the parent."""
        return os.getpid() != self._pid

    @property
    def closing(self) -> bool:
        """Whether nothing new is accepted and what is left goes out without waiting for more."""
        return self.deadline is not None

    def check_open(self) -> None:
        """Raise SegmentError after close."""
        if self.deadline is not None:  # what `closing` says, without a call
            raise closed_error()

    def time_left(self) -> float:
        """Return the seconds until the deadline of close, or infinity."""
        return float("inf") if self.deadline is None else self.deadline - self._clock.monotonic()

    def wait(self, seconds: float | None) -> None:
        """Wait, holding `changed`, until something changes, at most some seconds."""
        self._clock.wait(self.changed, seconds)

    def stay_if_copied(self) -> None:
        """In a copy, wait for ever: what it holds is the parent's, and gevent cannot end it in peace."""
        if self.copied:
            with self.lock:
                while True:
                    self.wait(None)

    def pause(self, seconds: float) -> bool:
        """Wait before another attempt; return False where close leaves no time for it."""
        until = self._clock.monotonic() + seconds
        with self.lock:
            while not (self.abandoned or self.copied):
                left = until - self._clock.monotonic()
                if left <= 0:
                    return True
                if left > self.time_left():
                    return False
                self.wait(left)
        self.stay_if_copied()
        return False


def seconds_until_due(
    waiting: int, waiting_bytes: int, age: float, *, batch_size: int, batch_bytes: int, interval: float
) -> float | None:
    """Return how long a worker may wait for more before it sends: 0 for now, None where nothing waits.

    A batch is due when it is full, in events or in bytes, or when its oldest event has waited for the
    interval.
    """
    if not waiting:
        return None
    if waiting >= batch_size or waiting_bytes >= batch_bytes:
        return 0.0
    return max(0.0, interval - age)
