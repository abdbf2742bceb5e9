"""Events on their way to the disk: those of several threads are written together."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from copy import copy

from segment_client.delivery.spool.database import Database
from segment_client.delivery.spool.holder import Holder
from segment_client.delivery.spool.salvage import PAGE_BYTES
from segment_client.delivery.spool.schema import INSERT, Execute, introduce
from segment_client.errors import DeliveryError, QueueFullError

__all__ = ["Arrivals"]


class _Row:
    """An event on its way to the disk: written, failed, or neither yet."""

    def __init__(self, frame: bytes) -> None:
        self.frame = frame
        self.is_written = False
        self.error: DeliveryError | None = None

    @property
    def is_done(self) -> bool:
        return self.is_written or self.error is not None


class Arrivals:
    """Writes frames, up to `max_bytes` in all; tells `on_written` how many, before anybody can claim them."""

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
        self._waiting: deque[_Row] = deque()

    def append(self, frame: bytes) -> None:
        """Return when a frame is on disk; raises QueueFullError or SpoolError if it was not written.

        Threads that come while another one writes are written together, by the first of them.
        """
        row = _Row(frame)
        self._waiting.append(row)
        try:
            with self._database.lock:
                if not row.is_done:
                    self._write([row, *self._others(row)])
        except BaseException:
            with suppress(ValueError):
                self._waiting.remove(row)
            raise
        if row.error is not None:
            raise copy(row.error)

    def _others(self, row: _Row) -> Iterator[_Row]:
        while self._waiting:
            other = self._waiting.popleft()
            if other is not row and not other.is_done:
                yield other

    def _write(self, rows: Sequence[_Row]) -> None:
        """Write rows in one transaction, and mark each as written or failed."""

        def work(execute: Execute) -> None:
            introduce(execute, self._holder)
            self._check_room(execute)
            for row in rows:
                execute(INSERT, self._destination, self._holder.id, row.frame)

        try:
            self._database.run(work)
        except DeliveryError as error:
            for row in rows:
                row.error = error
        else:
            self._on_written(len(rows))
            for row in rows:
                row.is_written = True

    def _check_room(self, execute: Execute) -> None:
        """Raise QueueFullError at the bound; only what is new is refused, not what settles events."""
        ((pages,),), ((free,),) = execute("PRAGMA page_count"), execute("PRAGMA freelist_count")
        if (pages - free) * PAGE_BYTES >= self._max_bytes:
            text = f"the spool holds its {self._max_bytes} bytes: send again later, or raise spool_max_bytes"
            raise QueueFullError(text)
