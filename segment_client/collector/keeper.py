"""The thread that lets a store forget what it need not keep."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from threading import Event, Thread

from segment_client.collector.store import Store
from segment_client.collector.store.keeping import Keep
from segment_client.collector.store.saving import PART

__all__ = ["Keeper"]

_log = logging.getLogger("segment_client.collector")
_BETWEEN_PARTS = 0.02


class Keeper:
    """Deletes part by part, every `interval` seconds, what is more or older than `keep` says."""

    def __init__(self, store: Store, keep: Keep, now: Callable[[], datetime], interval: float = 1.0) -> None:
        self._store = store
        self._keep = keep
        self._now = now
        self._interval = interval
        self._stop = Event()
        self._thread = Thread(target=self._run, name="collector-keeper", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End the thread."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.is_set():
            deleted = 0
            try:
                deleted = self._store.expire(self._keep, self._now())
            except OSError as error:  # such as a full disk: the next turn tries again
                _log.error("what is too old cannot be deleted: %s", error)
            self._stop.wait(_BETWEEN_PARTS if deleted == PART else self._interval)
