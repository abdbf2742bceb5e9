"""What was received, in an SQLite file: events once each, rejected calls with errors, heads and counts.

One connection writes, a few read, so that a listing never waits for a batch (WAL). A commit survives the end
of the process, also by `kill -9`; after a power cut the last commits may be missing, the file stays whole.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from threading import Event

from segment_client.collector.examine import Accepted, Rejected
from segment_client.collector.head import Head
from segment_client.collector.store.connection import Readers, Writer
from segment_client.collector.store.finding import Finder
from segment_client.collector.store.keeping import Keep, expire
from segment_client.collector.store.records import Received, Saved
from segment_client.collector.store.saving import PART, clear, forget, save, touch

__all__ = ["Store"]


class Store:
    """An SQLite file of received calls; made where it does not exist. Safe to use from any thread.

    `find` answers questions; `on_change` is called with the number of each change once it is committed, and
    `on_expiry` when calls were deleted, from the thread that did it; `is_behind` is set where `expire` has
    much to delete. Raises InvalidValueError for a file that is something else.
    """

    def __init__(
        self,
        path: Path,
        on_change: Callable[[int], None] = lambda _: None,
        on_expiry: Callable[[], None] = lambda: None,
    ) -> None:
        self._path = path
        self._writer = Writer(path)
        self._readers = Readers(path)
        self._on_change = on_change
        self._on_expiry = on_expiry
        self.find = Finder(self._readers)
        self.is_behind = Event()

    def save(self, calls: Sequence[Accepted | Rejected], head: Head, now: datetime) -> Saved:
        """Write one request's calls, received at `now` (aware), all or none; return when committed."""
        (saved,) = self._save([Received(calls, head, now)])
        return saved

    def save_all(self, requests: Sequence[Received]) -> list[Saved | Exception]:
        """Write the calls of some requests, of each all or none; return when committed.

        For each request stands what became of it, or why nothing of it was written: an OSError where the file
        cannot be.
        """
        try:
            return [*self._save(requests)]
        except Exception as error:  # noqa: BLE001 - it is given back, for those that it is about
            return [error] if len(requests) == 1 else [self._save_one(request) for request in requests]

    def _save_one(self, request: Received) -> Saved | Exception:
        (saved,) = self.save_all([request])
        return saved

    def _save(self, requests: Sequence[Received]) -> list[Saved]:
        saved = self._writer.write(lambda write: save(write, requests))
        if any(request.calls for request in requests):
            self._on_change(saved[-1].last)
        return saved

    def clear(self) -> None:
        """Empty the store: events, rejected calls and counts. What is much is deleted by `expire`, later.

        Raises OSError where the file cannot be written.
        """
        number = self._writer.write(clear)
        self._on_change(number)
        if self._writer.write(lambda write: forget(write, number)) == PART:
            self.is_behind.set()

    def probe(self) -> None:
        """Write a value that is there already; raises OSError where the file cannot be written."""
        self._writer.attempt(touch)

    def expire(self, keep: Keep, now: datetime) -> int:
        """Delete the oldest calls that are not to be kept, or are cleared, `PART` at most; return how many.

        Raises OSError where the file cannot be written.
        """
        deleted = self._writer.attempt(lambda write: expire(write, keep, now))
        if deleted:
            self._on_expiry()
        return deleted

    def size(self) -> int:
        """Return the bytes that the file and its log take."""
        return sum(file.stat().st_size for file in self._path.parent.glob(f"{self._path.name}*"))

    def close(self) -> None:
        """Close the file; the store cannot be used again."""
        self._readers.close()
        self._writer.close()
