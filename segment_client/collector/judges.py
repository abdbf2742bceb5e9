"""Processes that judge bodies beside the one that keeps them: on several cores more is taken in a second."""

from __future__ import annotations

import logging
import os
import signal
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from multiprocessing import get_context, parent_process
from threading import Thread

from segment_client.collector.head import Head
from segment_client.collector.heap import settle
from segment_client.collector.paths import Target
from segment_client.collector.receive import Judge, Judged

__all__ = ["Judges"]

_log = logging.getLogger("segment_client.collector")

_own: list[Judge] = []
"""The judge of a process of `Judges`."""


class Judges:
    """So many processes, in each of which `make`, which must be picklable, makes a judge.

    They are ready once this is constructed. Should one of them end, no call is lost by that: what it was to
    judge is judged `here`, in this process, and so is all that comes after it.
    """

    def __init__(self, make: Callable[[], Judge], here: Judge, count: int) -> None:
        self._here = here
        self._pool = ProcessPoolExecutor(count, get_context("spawn"), _begin, (make,))
        self._broken = False
        try:
            for started in [self._pool.submit(os.getpid) for _ in range(count)]:
                started.result()
        except BrokenExecutor:
            self._give_up()

    def __call__(self, target: Target, body: bytes, key: str | None, head: Head) -> Judged:
        """Judge what a body holds, in one of the processes; raises what its judge raises."""
        if not self._broken:
            try:
                return self._pool.submit(_judge, target, body, key, head).result()
            except BrokenExecutor:
                self._give_up()
        return self._here(target, body, key, head)

    def close(self) -> None:
        """End the processes, once what they were given is judged."""
        self._pool.shutdown()

    def _give_up(self) -> None:
        if not self._broken:
            self._broken = True
            _log.error("a process that judges has ended: the collector goes on in one process")


def _begin(make: Callable[[], Judge]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all; the collector ends its own in order
    Thread(target=_end_with_parent, daemon=True).start()
    _own[:] = [make()]
    settle()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)  # it was killed, and nobody is left to ask


def _judge(target: Target, body: bytes, key: str | None, head: Head) -> Judged:
    return _own[0](target, body, key, head)
