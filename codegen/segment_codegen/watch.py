"""Runs something again whenever files change, by looking at them from time to time."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

__all__ = ["Snapshot", "poll", "snapshot", "watch"]

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


def poll() -> bool:
    """Wait for as long as a change may stay unseen."""
    time.sleep(_PAUSE)
    return True


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
