"""The spool's file: opened late, closed around forks, set aside when it is damaged."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from segment_client.delivery.spool import forks
from segment_client.delivery.spool.connection import (
    Connection,
    DamagedError,
    Fsync,
    Translated,
    exclusively,
)
from segment_client.delivery.spool.files import FILES, beside, identity, move, size_of
from segment_client.delivery.spool.frame import Framed
from segment_client.delivery.spool.log import PAGE_BYTES, is_log_damaged
from segment_client.delivery.spool.recognize import condition_of
from segment_client.delivery.spool.salvage import salvage
from segment_client.delivery.spool.schema import Execute, restore
from segment_client.errors import SpoolError

__all__ = ["Database"]

_log = logging.getLogger("segment_client")
T = TypeVar("T")

_Work = Callable[[Connection, Callable[[], None]], T]
"""What is done with an open file; it calls the second one when it is on disk."""


class Database:
    """Runs work in transactions on a file that several processes share."""

    def __init__(self, path: Path, *, fsync: Fsync) -> None:
        self.lock = threading.RLock()
        self._path = Path(os.path.realpath(path))  # the log is beside the file that a link leads to
        self._log_path = beside(self._path, "-wal")
        self._salvaging = beside(self._path, ".salvaging")
        self._translated = Translated(self._path)
        self._fsync: Fsync = fsync
        self._seen: tuple[object, ...] | None = None
        self._connection: Connection | None = None
        self._identity: tuple[int, int] | None = None
        self._checked = self._working = False
        self._openings = 0
        forks.watch(self)

    def run(self, work: Callable[[Execute], T], after: Callable[[], None] = lambda: None) -> T:
        """Run work in one transaction, and return what it returns.

        Work is run again where the file was found damaged or was replaced meanwhile. Raises SpoolError for
        whatever keeps the file from being used. `after` is run once or twice as soon as the work is on disk,
        even if what a signal handler raises ends the run just then.
        """
        return self._run(lambda connection, confirm: connection.transact(work, confirm), after)

    def change(
        self, statement: str, arguments: Sequence[float | str | bytes], after: Callable[[], None]
    ) -> None:
        """Run one statement that changes rows as `run` does, in half of the time."""
        self._run(lambda connection, confirm: connection.change(statement, arguments, confirm), after)

    def close(self) -> None:
        """Close the file; the next work opens it again."""
        with self.lock:
            connection, self._connection = self._connection, None
            if connection is not None:
                forks.note_closed(self)
                connection.close()
                self._seen = self._state()

    @property
    def path(self) -> Path:
        """Where the file is."""
        return self._path

    @property
    def openings(self) -> int:
        """How often the file was opened: what was found in it may be otherwise after the next time."""
        return self._openings

    @property
    def was_opened(self) -> bool:
        """Whether there was any work."""
        return self._connection is not None or self._seen is not None

    def is_resting(self) -> bool:
        """Say whether the file is closed, and as it was when it was closed."""
        return self._connection is None and self._seen is not None and self._seen == self._state()

    def pause(self) -> None:
        """Close the file for a fork, and keep other threads from opening it."""
        self.lock.acquire()
        self.close()

    def resume(self) -> None:
        """Let other threads go on after a fork."""
        self.lock.release()

    def exists(self) -> bool:
        """Say whether the file, or one whose salvage a crash broke off, is there."""
        return self._path.exists() or self._is_salvaging()

    def _is_salvaging(self) -> bool:
        return self._salvaging.exists() or beside(self._salvaging, "-wal").exists()

    def _state(self) -> tuple[object, ...]:
        states = []
        for path in (self._path, self._log_path):
            with suppress(FileNotFoundError):
                found = path.stat()
                states.append((path, found.st_ino, found.st_size, found.st_mtime_ns))
        return tuple(states)

    def _run(self, work: _Work[T], after: Callable[[], None]) -> T:
        with self.lock:
            if self._working:
                text = f"the spool {self._path} is at work in this thread"
                raise SpoolError(f"{text}: track nothing from a signal handler or a log handler")
            self._working = True
            try:
                try:
                    return self._run_there(work, after)
                except DamagedError as damage:
                    return self._run_after(damage, work, after)
            finally:
                self._working = False

    def _run_after(self, damage: DamagedError, work: _Work[T], after: Callable[[], None]) -> T:
        try:
            self._set_aside(damage)
            return self._run_there(work, after)
        except DamagedError as again:
            raise SpoolError(f"the spool {self._path} is damaged and stays so: {again}") from None

    def _run_there(self, work: _Work[T], after: Callable[[], None]) -> T:
        """Run work on the file that is at the path when the work is done."""
        is_there = False

        def confirm() -> None:
            nonlocal is_there
            is_there = identity(self._path) == self._identity
            if is_there:
                after()

        while True:
            with self._translated:
                result = work(self._connection or self._open(), confirm)
            if is_there:
                return result
            self.close()  # it was set aside or deleted: what was written went with it

    def _open(self) -> Connection:
        forks.check_inherited(self._path)
        if self._path.exists() and not self._path.is_file():
            raise SpoolError(
                f"the spool {self._path} is no file: name one, which is made where it is missing"
            )
        with exclusively(self._path):
            if self._is_salvaging():
                self._finish_salvage()
            self._identity = identity(self._path)
            if not self._checked:
                self._check_before_opening()
            return self._connect([])

    def _connect(self, found: Sequence[Framed]) -> Connection:
        connection = Connection(self._path, self._fsync, check=not self._checked)
        try:
            if found:
                connection.transact(lambda execute: restore(execute, found), lambda: None)
            self._identity = identity(self._path)
            self._checked = True
            forks.note_open(self, self._path)
        except BaseException:  # whatever it was, the file must not stay open
            forks.note_closed(self)
            connection.close()
            raise
        self._connection = connection
        self._openings += 1
        return connection

    def _check_before_opening(self) -> None:
        """Look for damage that SQLite would pass over in silence, or call by another name."""
        if forks.is_open_here(self._path):
            return  # it was looked at then, and to read it here would end this process's locks on it
        condition = condition_of(self._path)
        if condition == "damaged":
            raise DamagedError("its header was changed")
        if condition == "foreign" or not size_of(self._log_path):
            return
        if size_of(self._path) < PAGE_BYTES:
            raise DamagedError("it is cut off")
        if is_log_damaged(self._log_path):
            raise DamagedError("its log was changed")

    def _set_aside(self, damage: DamagedError) -> None:
        """Move a damaged file away and save what is whole in it."""
        self.close()
        self._checked = False
        with self._translated, exclusively(self._path):
            if identity(self._path) == self._identity and not self._is_salvaging():
                move(self._path, self._salvaging)
            if self._is_salvaging():
                _log.error("the spool is damaged (%s)", damage)
                self._finish_salvage()

    def _finish_salvage(self) -> None:
        """Put what is whole in a damaged file into a new one; a crash may come at each step."""
        if not self._path.exists():
            move(self._path, self._salvaging, FILES[1:])
        found = salvage(self._salvaging, beside(self._salvaging, "-wal"))
        self._connect(found)
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
        aside = beside(self._path, f".damaged-{stamp}")
        move(self._salvaging, aside, ("-wal", "-shm", ""))
        self.close()
        _log.error("%d events were found again; the damaged spool was set aside as %s", len(found), aside)
