"""Writes of several threads, joined: while one is under way, the next ones gather, to be written together."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from segment_client.errors import SinkError

__all__ = ["Together"]

T = TypeVar("T")


class _Waiting(Generic[T]):
    """One thread's items, and what became of them."""

    def __init__(self, items: Sequence[T]) -> None:
        self.items = items
        self.done = False
        self.error: Exception | None = None


class Together(Generic[T]):
    """Hands items to `write`, from one thread at a time, as many together as have gathered.

    A group waits `linger` seconds for more, unless it has `enough` items; a thread's items are never split.
    """

    def __init__(
        self, write: Callable[[Sequence[T]], None], *, linger: float = 0.0, enough: int = 10_000
    ) -> None:
        self._write = write
        self._linger = linger
        self._enough = enough
        self._lock = threading.Lock()
        self._changed = threading.Condition(self._lock)
        self._gathered: list[_Waiting[T]] = []
        self._busy = False

    def add(self, items: Sequence[T]) -> None:
        """Return when these items are written; raises what `write` raised for their group."""
        own = _Waiting(items)
        with self._lock:
            self._gathered.append(own)
            self._changed.notify_all()
            while self._busy and not own.done:
                self._changed.wait()
            if not own.done:
                self._busy = True
                self._wait_for_more()
                group, self._gathered = self._gathered, []
        if not own.done:
            self._write_all(group)
        if own.error is not None:
            raise own.error

    @property
    def waiting(self) -> int:
        """How many items wait for a write that has not begun."""
        with self._lock:
            return self._count()

    def _wait_for_more(self) -> None:
        until = time.monotonic() + self._linger
        while (left := until - time.monotonic()) > 0 and self._count() < self._enough:
            self._changed.wait(left)

    def _count(self) -> int:
        return sum(len(waiting.items) for waiting in self._gathered)

    def _write_all(self, group: Sequence[_Waiting[T]]) -> None:
        error: Exception | None = SinkError("the write was interrupted")
        try:
            self._write([item for waiting in group for item in waiting.items])
            error = None
        except Exception as raised:  # noqa: BLE001  # each thread of the group raises it
            error = raised
        finally:
            with self._lock:
                self._busy = False
                for waiting in group:
                    waiting.done, waiting.error = True, error
                self._changed.notify_all()
