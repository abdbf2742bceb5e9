"""The number of the last change, for async tasks to wait on and any thread to advance."""

from __future__ import annotations

import asyncio
from threading import Lock

__all__ = ["Feed"]


class Feed:
    """Tells waiting tasks that something changed. A task may be of any event loop, and there may be many."""

    def __init__(self, last: int = 0) -> None:
        self._lock = Lock()
        self._last = last
        self._closed = False
        self._waiting: set[asyncio.Future[None]] = set()

    @property
    def closed(self) -> bool:
        """Whether `close` was called: nothing will change any more."""
        return self._closed

    def advance(self, number: int) -> None:
        """Note a change and wake all who wait; numbers may come out of order."""
        with self._lock:
            self._last = max(self._last, number)
        self.wake()

    def close(self) -> None:
        """Wake all who wait, now and later: nothing will change any more."""
        self._closed = True
        self.wake()

    def wake(self) -> None:
        """Wake all who wait, to look again: what was there may be gone."""
        with self._lock:
            waiting = list(self._waiting)
            self._waiting.clear()
        for future in waiting:
            future.get_loop().call_soon_threadsafe(_finish, future)

    async def wait(self, after: int, timeout: float) -> bool:
        """Wait until a change after this number, `wake` or `close`; return False after `timeout` seconds."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[None] = loop.create_future()
        with self._lock:
            if self._closed or self._last > after:
                return True
            self._waiting.add(future)
        try:
            await asyncio.wait_for(future, timeout)
        except TimeoutError:
            return False
        finally:
            with self._lock:
                self._waiting.discard(future)
        return True


def _finish(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)
