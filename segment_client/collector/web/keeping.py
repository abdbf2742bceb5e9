"""What requests brought on its way to where it is kept: together what came at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from math import ceil

from segment_client.collector.receive import Judged

__all__ = ["Keep", "Keeping"]

Keep = Callable[[Sequence[Judged]], Sequence[Exception | None]]
"""What `Receiver.keep` does."""

_Waiting = tuple[Judged, "asyncio.Future[None]"]


class Keeping:
    """Has what was judged kept in worker threads, `at_once` of them.

    What comes in one turn of the loop, or while all are busy, is gathered, and goes in one piece to each that
    is free: a store commits it once, and neither its thread nor the loop's is woken for each request.
    """

    def __init__(self, keep: Keep, at_once: int) -> None:
        self._keep = keep
        self._free = at_once
        self._waiting: list[_Waiting] = []
        self._workers = ThreadPoolExecutor(at_once, "collector-keeping")

    async def __call__(self, judged: Judged) -> None:
        """Return once it is kept; raises what it is refused by."""
        loop = asyncio.get_running_loop()
        kept = loop.create_future()
        self._waiting.append((judged, kept))
        if self._free and len(self._waiting) == 1:
            loop.call_soon(self._begin)  # others may come in this turn
        await kept

    def close(self) -> None:
        """End the threads, once what they were given is kept."""
        self._workers.shutdown()

    def _begin(self) -> None:
        while self._free and self._waiting:
            share = ceil(len(self._waiting) / self._free)
            part, self._waiting = self._waiting[:share], self._waiting[share:]
            self._free -= 1
            requests = [judged for judged, _ in part]
            try:
                work = asyncio.get_running_loop().run_in_executor(self._workers, self._keep, requests)
            except RuntimeError as fault:  # no thread can be started now: the senders try again, and so do we
                self._free += 1
                _tell(part, [fault] * len(part))
            else:
                work.add_done_callback(partial(self._end, part))

    def _end(self, part: Sequence[_Waiting], work: asyncio.Future[Sequence[Exception | None]]) -> None:
        self._free += 1
        self._begin()
        fault = work.exception()
        _tell(part, [fault] * len(part) if fault is not None else work.result())


def _tell(part: Sequence[_Waiting], outcomes: Sequence[BaseException | None]) -> None:
    for (_, kept), refused in zip(part, outcomes, strict=True):
        if kept.done():  # the request was given up
            continue
        if refused is None:
            kept.set_result(None)
        else:
            kept.set_exception(refused)
