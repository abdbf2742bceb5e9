"""Starting a thread, where there may be no room for one, or a signal handler may raise meanwhile."""

from __future__ import annotations

import logging
import sys
import threading

__all__ = ["Starter", "start"]

_log = logging.getLogger("segment_client")


def start(thread: threading.Thread) -> RuntimeError | None:
    """Start a thread; return why that cannot be done, or None.

    What a signal handler raises meanwhile is raised, though `threading` may make a RuntimeError of it: an
    exception within its waiting for the thread has it release a lock that it does not hold.
    """
    handled = sys.exception()  # by the caller: it is the context of all that is raised here
    try:
        thread.start()
    except RuntimeError as error:
        if error.__context__ is not handled and error.__context__ is not None:
            raise error.__context__ from None
        return error
    return None


class Starter:
    """Starts threads, and logs why one cannot be started: once, until another one can.

    `complaint` says what that means for the events.
    """

    def __init__(self, complaint: str) -> None:
        self._complaint = complaint
        self._has_failed = False

    def start(self, thread: threading.Thread) -> bool:
        """Start a thread as `start` does; return False where that cannot be done."""
        problem = start(thread)
        if problem is not None and not self._has_failed:
            _log.error("%s: %s", self._complaint, problem)
        self._has_failed = problem is not None
        return problem is None
