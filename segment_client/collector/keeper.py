"""The thread that lets a store forget what it need not keep."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import datetime
from threading import Thread

from segment_client.collector.store import Store
from segment_client.collector.store.keeping import Keep
from segment_client.collector.store.saving import PART

__all__ = ["Keeper"]

_log = logging.getLogger("segment_client.collector")
_BETWEEN_PARTS = 0.02


class Keeper:
    """Deletes part by part, every `interval` seconds, what is more or older than `keep` says.

    What was cleared it deletes at once; without a `keep` it has nothing else to do.
    """

    def __init__(self, store: Store, keep: Keep, now: Callable[[], datetime], interval: float = 1.0) -> None:
        self._store = store
        self._keep = keep
        self._now = now
        self._interval = interval
        self._is_stopped = False
        self._thread = Thread(target=self._run, name="collector-keeper", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End the thread."""
        self._is_stopped = True
        self._store.is_behind.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._is_stopped:
            self._store.is_behind.clear()
            deleted = 0
            try:
                deleted = self._store.expire(self._keep, self._now())
            except OSError as error:  # such as a full disk: the next turn tries again
                _log.error("what is too old cannot be deleted: %s", error)
            if deleted == PART:
                time.sleep(_BETWEEN_PARTS)  # others write meanwhile
            elif not self._is_stopped:
                self._store.is_behind.wait(self._interval if self._keep else None)
