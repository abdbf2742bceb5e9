"""Events on their way to the disk: those of several threads are written together."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from copy import copy

from segment_client.delivery.spool.database import Database
from segment_client.delivery.spool.holder import Holder
from segment_client.delivery.spool.log import PAGE_BYTES
from segment_client.delivery.spool.schema import MOST_AT_ONCE, Execute, insert_all, insertion, introduce
from segment_client.errors import DeliveryError, QueueFullError

__all__ = ["Arrivals"]

_PATIENCE = 1.0
"""Seconds after which a thread writes itself: the one that was to do it may have been interrupted twice."""

_SHARE = 16
"""Of the room that is left, the part that is filled before the next look: other processes write too."""


class _Row:
    """An event on its way to the disk: written, failed, or neither yet.

    `done` is locked while its thread waits for another one to write it.
    """

    __slots__ = ("done", "error", "frame", "is_written")

    def __init__(self, frame: bytes) -> None:
        self.frame = frame
        self.is_written = False
        self.error: DeliveryError | None = None
        self.done = threading.Lock()
        self.done.acquire()

    @property
    def is_done(self) -> bool:
        return self.is_written or self.error is not None

    def wake(self) -> None:
        if self.done.locked():
            self.done.release()


class Arrivals:
    """Writes frames while the file has under `max_bytes`.

    Tells `on_written` how many it has written so far, before this client can claim them.
    """

    def __init__(
        self,
        database: Database,
        holder: Holder,
        destination: int,
        max_bytes: int,
        on_written: Callable[[int], None],
    ) -> None:
        self._database = database
        self._holder = holder
        self._destination = destination
        self._max_bytes = max_bytes
        self._on_written = on_written
        self._written = 0
        self._room = self._openings = 0
        self._is_writing = False
        self._lock = threading.Lock()
        self._waiting: list[_Row] = []

    @property
    def room(self) -> int:
        """How many bytes may be filled before the next look at what is left."""
        return self._room

    def find_room(self, execute: Execute) -> int:
        """Look at what is left: return how many bytes of it may be filled, 0 or less at the bound."""
        ((pages,),), ((free,),) = execute("PRAGMA page_count"), execute("PRAGMA freelist_count")
        left = self._max_bytes - (pages - free) * PAGE_BYTES
        self._room = int(left // _SHARE) or left
        return self._room

    def append(self, frame: bytes) -> None:
        """Return when a frame is on disk; raises QueueFullError or SpoolError if it was not written.

        Threads that come while another one writes are written together, by the first of them. An exception
        that a signal handler raises ends the call anywhere; the frame may be on disk all the same.
        """
        if self._is_writing or self._waiting:
            self._append_with_others(frame)
            return
        self._is_writing = True  # two threads may come here at once: the lock keeps them apart
        try:
            with self._database.lock:
                self._write([frame])
        finally:
            self._is_writing = False

    def _append_with_others(self, frame: bytes) -> None:
        row = _Row(frame)
        try:
            with self._lock:
                is_first = not self._waiting
                self._waiting.append(row)
            if not is_first:
                row.done.acquire(timeout=_PATIENCE)
            while not row.is_done:
                self._write_waiting(row)
        except BaseException:  # also what a signal handler raises; it is raised on
            self._withdraw(row)
            raise
        if row.error is not None:
            raise copy(row.error)

    def _write_waiting(self, row: _Row) -> None:
        """Write a row with all others that wait."""
        with self._database.lock:
            if row.is_done:
                return
            with self._lock:
                others, self._waiting = self._waiting, []
            rows = [row, *(other for other in others if other is not row and not other.is_done)]
            self._is_writing = True
            try:
                self._write_rows(rows)
            finally:
                self._is_writing = False
                self._wake(rows[1:])

    def _withdraw(self, row: _Row) -> None:
        """Wait no more for a row, and let the next one be written, which may have been left to this one."""
        with self._lock, suppress(ValueError):  # another thread has taken it
            self._waiting.remove(row)
        self._wake(self._waiting[:1])

    def _wake(self, rows: Sequence[_Row]) -> None:
        if rows:
            with self._lock:
                for row in rows:
                    row.wake()

    def _write_rows(self, rows: Sequence[_Row]) -> None:
        """Write rows, and mark each as written or failed."""

        def mark() -> None:
            for row in rows:
                row.is_written = True

        try:
            self._write([row.frame for row in rows], mark)
        except DeliveryError as error:
            for row in rows:
                row.error = error

    def _write(self, frames: Sequence[bytes], mark: Callable[[], None] = lambda: None) -> None:
        """Write frames in one transaction; `mark` is called when they are on disk."""
        total = self._written + len(frames)
        room = self._room - sum(map(len, frames)) - len(frames) * PAGE_BYTES
        openings = self._openings

        def work(execute: Execute) -> None:
            nonlocal room, openings
            introduce(execute, self._holder)
            openings = self._database.openings
            room = self.find_room(execute)
            if room <= 0:
                text = (
                    f"the spool holds its {self._max_bytes} bytes: send again later, or raise spool_max_bytes"
                )
                raise QueueFullError(text)
            insert_all(execute, self._destination, self._holder.id, frames)

        def note() -> None:
            self._on_written(total)
            self._written, self._room, self._openings = total, room, openings
            mark()

        if room < 0 or openings != self._database.openings or len(frames) > MOST_AT_ONCE:
            self._database.run(work, note)
        else:
            statement = insertion(self._destination, self._holder.id, len(frames))
            self._database.change(statement, frames, note)
