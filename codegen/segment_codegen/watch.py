"""Runs something again whenever files change, by looking at them from time to time."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Self

__all__ = ["Interrupt", "Snapshot", "snapshot", "watch"]

_PAUSE = 0.5
"""Seconds."""

Snapshot = Mapping[Path, tuple[int, int]]
"""The time of change and the size of each file."""


def watch(look: Callable[[], Snapshot], run: Callable[[], object], wait: Callable[[], bool]) -> None:
    """Run once, and again whenever `look` answers something else than before the last run.

    `wait` passes the time between two looks, and ends the watch by answering False.
    """
    before: Snapshot | None = None
    while True:
        now = look()
        if now != before:
            before = now
            run()
        if not wait():
            return


class Interrupt:
    """SIGINT raises KeyboardInterrupt, and is remembered: one that comes in a destructor is lost."""

    def __init__(self) -> None:
        self._came = False

    def poll(self, seconds: float = _PAUSE) -> bool:
        """Wait for as long as a change may stay unseen; return False where the user has interrupted."""
        if not self._came:
            time.sleep(seconds)
        return not self._came

    def __enter__(self) -> Self:
        self._before = signal.signal(signal.SIGINT, self._come)
        return self

    def __exit__(self, *_: object) -> None:
        signal.signal(signal.SIGINT, self._before)

    def _come(self, *_: object) -> None:
        self._came = True
        raise KeyboardInterrupt


def snapshot(paths: Iterable[Path], without: Path) -> Snapshot:
    """Answer the state of these files, and of all below these folders; what is `without` is left out."""
    found: dict[Path, tuple[int, int]] = {}
    for path in paths:
        for file in path.rglob("*") if path.is_dir() else [path]:
            if without in file.parents:
                continue
            try:
                state = file.stat()
            except OSError:
                continue  # it is not there, or not any more: that is a state too
            found[file] = state.st_mtime_ns, state.st_size
    return found
