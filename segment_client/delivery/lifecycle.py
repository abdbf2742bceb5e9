"""The ends of a process: exit and fork, by one hook each, however many clients there are.

There is no lock here: a fork could leave it held for ever, and `retire` runs wherever garbage is collected.
"""

from __future__ import annotations

import atexit
import os
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from segment_client.delivery.starting import start

if TYPE_CHECKING:
    from segment_client.delivery import ProcessDelivery

__all__ = [
    "EXIT_SECONDS",
    "close_all",
    "forget",
    "is_ending",
    "is_finalizing",
    "process_key",
    "remember",
    "retire",
]

EXIT_SECONDS = 5.0
"""How long a process's end may wait for events that are not delivered yet."""


@dataclass
class _Process:
    """What ends with one process: the engines that have a worker; some of them nobody holds any more."""

    working: dict[int, ProcessDelivery] = field(default_factory=dict)
    retired: list[ProcessDelivery] = field(default_factory=list)
    hooked: bool = False
    ending: bool = False


_forks = 0
_processes: dict[tuple[int, int], _Process] = {}
"""This process and, as copies, its ancestors: what they have open is theirs to close, so it is kept."""


def process_key() -> tuple[int, int]:
    """Return what tells this process from its ancestors, even from one that had the same id."""
    return _forks, os.getpid()


def remember(engine: ProcessDelivery) -> None:
    """Close an engine at the end of this process."""
    process = _this()
    process.working[id(engine)] = engine
    if not process.hooked:
        process.hooked = True
        _hook_multiprocessing()
        _hook_celery()
    while process.retired and _close_one_aside(process.retired):
        pass


def forget(engine: ProcessDelivery) -> None:
    """Take back `remember`."""
    _this().working.pop(id(engine), None)


def retire(engine: ProcessDelivery) -> None:
    """Close an engine that nobody holds any more, once another one starts or this process ends."""
    process = _this()
    if id(engine) in process.working:
        process.retired.append(engine)


def close_all(seconds: float = EXIT_SECONDS) -> None:
    """Close all engines of this process, side by side, within some seconds in all."""
    process = _this()
    process.ending = True
    until = time.monotonic() + seconds
    engines = list(process.working.values())
    for engine in engines:
        engine.begin_close(seconds)
    for engine in engines:
        engine.close(max(0.0, until - time.monotonic()))


def is_ending() -> bool:
    """Tell whether this process is at its end, and its engines deliver what they have left."""
    return _this().ending


def is_finalizing() -> bool:
    """Tell whether multiprocessing runs its finalizers: an exception in one skips those to come, ours too."""
    util: Any = sys.modules.get("multiprocessing.util")
    return util is not None and util.is_exiting()


def _this() -> _Process:
    key = process_key()
    process = _processes.get(key)
    return process if process is not None else _processes.setdefault(key, _Process())


def _close_one_aside(retired: list[ProcessDelivery]) -> bool:
    """Close an engine in a thread of its own; return False where no thread can start, or none is left."""
    try:
        engine = retired.pop()
    except IndexError:  # another thread was quicker
        return False
    problem = start(threading.Thread(target=engine.close, args=(EXIT_SECONDS,), daemon=True))
    if problem is not None:  # the next engine that starts tries again, and the process's end
        retired.append(engine)
    return problem is None


def _hook_multiprocessing() -> None:
    """A child of multiprocessing ends by `os._exit`: only its finalizers run, those made after its start."""
    util: Any = sys.modules.get("multiprocessing.util")
    if util is not None:
        _finalize(close_all)
        util.register_after_fork(close_all, _finalize)


def _finalize(close: Callable[[], None]) -> None:
    sys.modules["multiprocessing.util"].Finalize(None, close, exitpriority=100)


def _hook_celery() -> None:
    """A child of celery's pool ends by `os._exit` too, and runs no finalizer; it sends this signal."""
    signals: Any = sys.modules.get("celery.signals")
    if signals is not None:
        signals.worker_process_shutdown.connect(_on_shutdown, weak=False, dispatch_uid=__name__)


def _on_shutdown(**_: object) -> None:
    close_all()


def _count_fork() -> None:
    global _forks
    _forks += 1


atexit.register(close_all)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_count_fork)
