"""Work that may take longer than its caller can wait, as a disk may: done in a thread of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

from segment_client.delivery.starting import start

__all__ = ["within"]

T = TypeVar("T")


def within(seconds: float, work: Callable[[], T]) -> T | None:
    """Return what work returns, or None after some seconds; it is done to its end all the same.

    Where no thread can be started it is done in this one.
    """
    results: list[T] = []
    thread = threading.Thread(target=lambda: results.append(work()), name="segment-client-aside", daemon=True)
    if start(thread) is not None:
        return work()
    thread.join(seconds)
    return results[0] if results else None
