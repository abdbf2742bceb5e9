"""Signals that end a process: turned into an orderly exit, so that exit hooks deliver what is left."""

from __future__ import annotations

import _thread
import os
import signal
import sys
import threading
import time
from types import FrameType

from segment_client.delivery import lifecycle
from segment_client.errors import SegmentError

__all__ = ["install_signal_handlers"]

_NAMES = ("SIGTERM", "SIGHUP")
_AGAIN_SECONDS = 0.005
_MAX_TRIES = 200
_HALFWAY = ("segment_client.", "multiprocessing.util")
"""Where an exception could leave a lock held, or a child of multiprocessing that runs no finalizer."""


def install_signal_handlers() -> tuple[signal.Signals, ...]:
    """Let SIGTERM, and SIGHUP where there is one, raise SystemExit in the main thread, status 128 + number.

    Their default action ends a process at once: no `with`, no `finally` and no exit hook runs, and events
    that wait in memory are lost. The library does not change that by itself, because signals belong to the
    program: call this once, early, from the main thread.

    A handler that the program or its server (gunicorn, uvicorn, celery) has set is kept, and so is a signal
    that is ignored, as by `nohup`. Returns the signals that now end the process in order; calling it again is
    harmless. Raises SegmentError outside of the main thread, where Python lets nobody set a handler.

    While the exit hook delivers, for 5 seconds at most, a signal is ignored: it must not cut that short. So
    is one that comes when only exit hooks are left to run, or a child of multiprocessing has begun to end.
    SIGINT needs nothing: Python raises KeyboardInterrupt.
    """
    installed = []
    for number in (signal.Signals[name] for name in _NAMES if name in signal.Signals.__members__):
        if signal.getsignal(number) is signal.SIG_DFL:
            _install(number)
        if signal.getsignal(number) is _ending:
            installed.append(number)
    return tuple(installed)


def _install(number: signal.Signals) -> None:
    try:
        signal.signal(number, _ending)
    except ValueError:
        raise SegmentError(
            "signal handlers can be installed in the main thread only:"
            " call install_signal_handlers() there, before other threads start"
        ) from None


class _Ending:
    """The handler. It waits, a second at most, while the main thread is between two steps of this library.

    An exception there could leave a lock held, on which the delivery at the exit would wait in vain. So it
    does between those of multiprocessing by which a child begins to end: its finalizers would not run.
    """

    def __init__(self) -> None:
        self._tries = 0

    def __call__(self, number: int, frame: FrameType | None) -> None:
        if lifecycle.is_ending() or lifecycle.is_finalizing() or _is_over():
            return
        if self._tries < _MAX_TRIES and _is_halfway(frame) and _send_later(number):
            self._tries += 1
            return
        self._tries = 0
        raise SystemExit(128 + number)


def _is_over() -> bool:
    """Tell whether only exit hooks are left: an exception would end one halfway, and nothing any sooner.

    While Python still waits for threads that are no daemons, a signal has to end the wait.
    """
    main = threading.main_thread()
    return not main.is_alive() and all(each.daemon or each is main for each in threading.enumerate())


def _is_halfway(frame: FrameType | None) -> bool:
    """Tell whether the main thread runs this library, a lock that it takes, or what runs finalizers."""
    while frame is not None and frame.f_globals.get("__name__") in ("threading", "queue"):
        frame = frame.f_back
    return frame is not None and str(frame.f_globals.get("__name__")).startswith(_HALFWAY)


def _send_later(number: int) -> bool:
    """Send this process a signal again, soon; return False where that cannot be done."""
    if sys.platform == "win32":  # there, to send this signal is to end the process
        return False
    try:
        # starting a threading.Thread takes locks, which the interrupted code may hold
        _thread.start_new_thread(_send, (number,))
    except RuntimeError:  # there is no room for another thread
        return False
    return True


def _send(number: int) -> None:
    time.sleep(_AGAIN_SECONDS)
    os.kill(os.getpid(), number)


_ending = _Ending()
