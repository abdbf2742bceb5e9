"""SQLite and fork: no connection may be open while a process is copied.

SQLite's locks belong to a process and its notes of them are copied with the memory, so a child that opened
the same file would believe that it holds what only its parent holds (https://sqlite.org/howtocorrupt.html,
2.6). Every spool is closed before a fork, by hook, and opened again by whoever next needs it.
"""

from __future__ import annotations

import os
import threading
import weakref
from pathlib import Path
from typing import Protocol

from segment_client.errors import SpoolError

__all__ = ["Forkable", "check_inherited", "is_open_here", "note_closed", "note_open", "watch"]


class Forkable(Protocol):
    """What stands still during a fork."""

    def pause(self) -> None:
        """Wait for the work of other threads to end, close the file, and keep it closed."""
        ...

    def resume(self) -> None:
        """Take back `pause`."""
        ...


_watched: dict[int, weakref.ref[Forkable]] = {}
_open: dict[int, tuple[Path, int]] = {}
"""The path of each open file, and the process that opened it."""

_paused: list[Forkable] = []
_forking = threading.RLock()
"""Held while a thread forks: others that fork wait for it, and nobody makes a database that it would miss."""


def watch(database: Forkable) -> None:
    """Let a database stand still at each fork from now on."""
    key = id(database)
    with _forking:
        _watched[key] = weakref.ref(database, lambda _: _watched.pop(key, None))


def note_open(database: Forkable, path: Path) -> None:
    """Remember that this process has a file open."""
    _open[id(database)] = (path, os.getpid())


def note_closed(database: Forkable) -> None:
    """Take back `note_open`."""
    _open.pop(id(database), None)


def is_open_here(path: Path) -> bool:
    """Say whether a part of this process has a file open."""
    return (path, os.getpid()) in list(_open.values())


def check_inherited(path: Path) -> None:
    """Raise SpoolError where a process was forked without hooks while its parent had the file open."""
    pid = os.getpid()
    if any(path == other and owner != pid for other, owner in list(_open.values())):
        raise SpoolError(
            f"the spool {path} was open when this process was forked without Python's fork hooks, so SQLite"
            " cannot use it here: make the client after the fork (with uWSGI: lazy-apps, or postfork)"
        )


def _pause_all() -> None:
    _forking.acquire()
    for ref in list(_watched.values()):
        database = ref()
        if database is not None:
            database.pause()
            _paused.append(database)


def _resume_all() -> None:
    while _paused:
        _paused.pop().resume()
    _forking.release()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_pause_all, after_in_parent=_resume_all, after_in_child=_resume_all)
