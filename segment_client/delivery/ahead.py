"""Work that is begun before its result is needed: done in a thread of its own, one piece at a time."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

__all__ = ["Ahead"]

T = TypeVar("T")


class _Begun(Generic[T]):
    """A piece of work, and what became of it."""

    def __init__(self, work: Callable[[], T]) -> None:
        self._work = work
        self._results: list[T] = []
        self._error: BaseException | None = None
        self.thread = threading.Thread(target=self._run, name="segment-client-ahead", daemon=True)

    def result(self) -> T:
        self.thread.join()
        if self._error is not None:
            raise self._error
        return self._results[0]

    def _run(self) -> None:
        try:
            self._results.append(self._work())
        except BaseException as error:  # noqa: BLE001  # whatever it was, it is raised where the result is asked for
            self._error = error


class Ahead(Generic[T]):
    """Holds one piece of work that was begun, until somebody asks for its result."""

    def __init__(self) -> None:
        self._begun: deque[_Begun[T]] = deque()

    @property
    def is_begun(self) -> bool:
        """Whether there is a result to ask for."""
        return bool(self._begun)

    def begin(self, work: Callable[[], T]) -> bool:
        """Begin work; return False, and do nothing, where no thread can be started."""
        begun = _Begun(work)
        self._begun.append(begun)
        try:
            begun.thread.start()
        except RuntimeError:
            self._begun.remove(begun)
            return False
        return True

    def result(self) -> T | None:
        """Wait for the work that was begun, and return or raise what it did, once; None for none."""
        try:
            begun = self._begun.popleft()
        except IndexError:
            return None
        return begun.result()
