"""The ends of a process: exit and fork, by one hook each, however many clients there are."""

from __future__ import annotations

import atexit
import os
import sys
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from segment_client.delivery.engine import Engine

__all__ = ["EXIT_SECONDS", "close_all", "forget", "is_ending", "remember"]

EXIT_SECONDS = 5.0
"""How long a process's end may wait for events that are not delivered yet."""

_working: dict[int, dict[int, Engine]] = {}
"""The engines that have a worker, by process: a forked child must not close its parent's."""

_armed: set[int] = set()
_ending: set[int] = set()


def remember(engine: Engine) -> None:
    """Close an engine at the end of this process."""
    pid = os.getpid()
    _working.setdefault(pid, {})[id(engine)] = engine
    if pid not in _armed:
        _armed.add(pid)
        _arm_for_children()


def forget(engine: Engine) -> None:
    """Take back `remember`."""
    _working.get(os.getpid(), {}).pop(id(engine), None)


def close_all(seconds: float = EXIT_SECONDS) -> None:
    """Close all engines of this process within some seconds in all."""
    _ending.add(os.getpid())
    until = time.monotonic() + seconds
    for engine in list(_working.get(os.getpid(), {}).values()):
        engine.close(max(0.0, until - time.monotonic()))


def is_ending() -> bool:
    """Tell whether this process is at its end, and its engines deliver what they have left."""
    return os.getpid() in _ending


def _arm_for_children() -> None:
    """Children of multiprocessing and billiard (celery) end by `os._exit`: only finalizers of theirs run."""
    for name in ("multiprocessing.util", "billiard.util"):
        module: Any = sys.modules.get(name)
        if module is not None:
            module.Finalize(None, close_all, exitpriority=100)


def _forget_parent() -> None:
    """Let go of the parent's engines; their locks may be held by threads that the child does not have."""
    pid = os.getpid()
    _abandoned.extend(_working.pop(other) for other in [key for key in _working if key != pid])


_abandoned: list[dict[int, Engine]] = []
"""The parent's engines, kept from being collected: what they hold open is the parent's to close."""

atexit.register(close_all)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_parent)
