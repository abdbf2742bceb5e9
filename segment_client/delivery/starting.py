"""Starting a thread, where there may be no room for one, or a signal handler may raise meanwhile."""

from __future__ import annotations

import threading

__all__ = ["start"]


def start(thread: threading.Thread) -> RuntimeError | None:
    """Start a thread; return why that cannot be done, or None.

    What a signal handler raises meanwhile is raised, though `threading` may make a RuntimeError of it: an
    exception within its waiting for the thread has it release a lock that it does not hold.
    """
    try:
        thread.start()
    except RuntimeError as error:
        if error.__context__ is not None:
            raise error.__context__ from None
        return error
    return None
