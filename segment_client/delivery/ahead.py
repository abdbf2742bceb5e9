"""Work that is begun before its result is needed: done in a thread of its own, one piece at a time."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

from segment_client.delivery.starting import start

__all__ = ["Ahead"]

_IDLE_SECONDS = 1.0
"""How long the thread waits for more work; to wake it takes far less time than to start one."""

T = TypeVar("T")


class _Begun(Generic[T]):
    """A piece of work, and what became of it."""

    def __init__(self, work: Callable[[], T]) -> None:
        self._work = work
        self._done = threading.Event()
        self._results: list[T] = []
        self._error: BaseException | None = None

    def run(self) -> None:
        try:
            self._results.append(self._work())
        except BaseException as error:  # noqa: BLE001  # whatever it was, it is raised where the result is asked for
            self._error = error
        finally:
            self._done.set()

    def result(self) -> T:
        self._done.wait()
        if self._error is not None:
            raise self._error
        return self._results[0]


class Ahead(Generic[T]):
    """Holds work that was begun until somebody asks for its result. The thread ends when there is none."""

    def __init__(self) -> None:
        self._lock = threading.Lock()  # taken itself, not by its condition, for the reason that Gate gives
        self._changed = threading.Condition(self._lock)
        self._begun: deque[_Begun[T]] = deque()
        self._waiting: deque[_Begun[T]] = deque()
        self._is_running = self._is_closed = False

    @property
    def is_begun(self) -> bool:
        """Whether there is a result to ask for."""
        return bool(self._begun)

    def begin(self, work: Callable[[], T]) -> bool:
        """Begin work; return False, and do nothing, after close and where no thread can be started."""
        begun = _Begun(work)
        with self._lock:
            if self._is_closed or not (self._is_running or self._start()):
                return False
            self._begun.append(begun)
            self._waiting.append(begun)
            self._changed.notify()
        return True

    def result(self) -> T | None:
        """Wait for the work that was begun, and return or raise what it did, once; None for none."""
        try:
            begun = self._begun.popleft()
        except IndexError:
            return None
        return begun.result()

    def close(self) -> None:
        """Begin nothing any more; what was begun is done."""
        with self._lock:
            self._is_closed = True
            self._changed.notify()

    def _start(self) -> bool:
        thread = threading.Thread(target=self._run, name="segment-client-ahead", daemon=True)
        self._is_running = start(thread) is None
        return self._is_running

    def _run(self) -> None:
        while True:
            with self._lock:
                if not (self._waiting or self._is_closed):
                    self._changed.wait(_IDLE_SECONDS)
                if not self._waiting:
                    self._is_running = False
                    return
                begun = self._waiting.popleft()
            begun.run()
