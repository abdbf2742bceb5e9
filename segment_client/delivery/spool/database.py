"""The spool's file: opened late, kept to its owner, closed around forks, set aside when it is damaged."""

from __future__ import annotations

import logging
import os
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, TypeVar

from segment_client.delivery.spool import forks
from segment_client.delivery.spool.frame import Framed
from segment_client.delivery.spool.salvage import PAGE_BYTES, lost_in_log, salvage, size_of
from segment_client.delivery.spool.schema import APPLICATION_ID, SCHEMA, Execute, restore
from segment_client.errors import SpoolError

__all__ = ["Database", "Fsync"]

Fsync = Literal["process", "power"]
"""What a written event survives: the end of the process, or the machine's too."""

_VERSION = 1
_BUSY_SECONDS = 10.0
_LOG_PAGES = 1000
_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_SYNCHRONOUS = {"process": "NORMAL", "power": "FULL"}

_log = logging.getLogger("segment_client")
T = TypeVar("T")


class _DamagedError(Exception):
    """SQLite, or our own check, found the file damaged."""


class Database:
    """Runs work in transactions on a file that several processes share."""

    def __init__(self, path: Path, *, fsync: Fsync) -> None:
        self.lock = threading.RLock()
        self._path = path
        self._log_path = _beside(path, "-wal")
        self._salvaging = _beside(path, ".salvaging")
        self._fsync: Fsync = fsync
        self._seen: tuple[object, ...] | None = None
        self._connection: sqlite3.Connection | None = None
        self._identity: tuple[int, int] | None = None
        self._checked = False
        forks.watch(self)

    def run(self, work: Callable[[Execute], T]) -> T:
        """Run work in one transaction, and return what it returns.

        Work is run again where the file was found damaged or was replaced meanwhile. Raises SpoolError for
        whatever keeps the file from being used.
        """
        with self.lock:
            try:
                return self._run(work)
            except _DamagedError as damage:
                return self._run_after(damage, work)

    def close(self) -> None:
        """Close the file; the next work opens it again."""
        with self.lock:
            connection, self._connection = self._connection, None
            if connection is not None:
                forks.note_closed(self)
                with suppress(sqlite3.Error):  # what close would tidy up, the next opening does
                    connection.close()
                self._seen = self._state()

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
        return self._path.exists() or self._salvaging.exists()

    def _state(self) -> tuple[object, ...]:
        states = []
        for path in (self._path, self._log_path):
            with suppress(FileNotFoundError):
                found = path.stat()
                states.append((path, found.st_ino, found.st_size, found.st_mtime_ns))
        return tuple(states)

    def _run_after(self, damage: _DamagedError, work: Callable[[Execute], T]) -> T:
        try:
            self._set_aside(damage)
            return self._run(work)
        except _DamagedError as again:
            raise SpoolError(f"the spool {self._path} is damaged and stays so: {again}") from None

    def _run(self, work: Callable[[Execute], T]) -> T:
        while True:
            with self._translated():
                connection = self._connection or self._open()
                result = _transact(connection, work)
            if _identity(self._path) == self._identity:
                return result
            self.close()  # it was set aside or deleted: what was written went with it

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            code = getattr(error, "sqlite_errorcode", 0) & 0xFF
            if code in _DAMAGED:
                raise _DamagedError(str(error)) from None
            raise SpoolError(f"the spool {self._path} cannot be used ({error}): {_advice(code)}") from None
        except OSError as error:
            text = f"the spool {self._path} cannot be used ({error.strerror})"
            raise SpoolError(f"{text}: check the folder, its permissions and its space") from None

    def _open(self) -> sqlite3.Connection:
        forks.check_inherited(self._path)
        with self._exclusively():
            if self._salvaging.exists():
                self._finish_salvage()
            return self._connect(self._damage_before_opening())

    def _connect(self, lost: Sequence[Framed]) -> sqlite3.Connection:
        _make_file(self._path, durable=self._fsync == "power")
        connection = sqlite3.connect(
            self._path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        try:
            self._prepare(connection)
            if lost:
                _transact(connection, lambda execute: restore(execute, lost))
        except BaseException:
            connection.close()
            raise
        self._connection = connection
        self._identity = _identity(self._path)
        self._checked = True
        forks.note_open(self, self._path)
        return connection

    def _prepare(self, connection: sqlite3.Connection) -> None:
        def pragma(text: str) -> Any:
            return connection.execute(f"PRAGMA {text}").fetchone()

        pragma(f"page_size={PAGE_BYTES}")
        (application,), (version,) = pragma("application_id"), pragma("user_version")
        if (application, version) != (APPLICATION_ID, _VERSION):
            self._check_ours(connection, application, version)
        if pragma("journal_mode=WAL") != ("wal",):
            raise SpoolError(f"the spool {self._path} is on a file system without WAL: use a local disk")
        pragma(f"synchronous={_SYNCHRONOUS[self._fsync]}")
        pragma("secure_delete=ON")  # what was delivered leaves the disk, and a salvage does not find it
        pragma(f"journal_size_limit={_LOG_PAGES * PAGE_BYTES}")
        if version != _VERSION:
            _transact(connection, self._create)
        elif not self._checked:
            (verdict,) = pragma("integrity_check(1)")
            if verdict != "ok":
                raise _DamagedError(verdict)

    def _create(self, execute: Execute) -> None:
        for statement in SCHEMA:
            execute(statement)
        execute(f"PRAGMA application_id={APPLICATION_ID}")
        execute(f"PRAGMA user_version={_VERSION}")

    def _check_ours(self, connection: sqlite3.Connection, application: int, version: int) -> None:
        (tables,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        if application == APPLICATION_ID and version > _VERSION:
            raise SpoolError(f"the spool {self._path} was written by a newer version: update this one")
        if tables and application != APPLICATION_ID:
            raise SpoolError(f"{self._path} is a database of another program: name another file")

    def _damage_before_opening(self) -> list[Framed]:
        """Return events that SQLite would pass over in silence, before it tidies up their places."""
        if forks.is_open_here(self._path) or not size_of(self._log_path):
            return []  # open here, it was looked at, and to read it would end this process's locks on it
        if size_of(self._path) < PAGE_BYTES:
            raise _DamagedError("the file is cut off")
        lost = lost_in_log(self._path, self._log_path)
        if lost:
            _log.error("the spool's log was damaged; %d of its events were found again", len(lost))
        return lost

    def _set_aside(self, damage: _DamagedError) -> None:
        """Move a damaged file away and save what is whole in it."""
        broken = self._identity or _identity(self._path)
        self.close()
        self._checked = False
        with self._translated(), self._exclusively():
            if _identity(self._path) == broken and not self._salvaging.exists():
                _move(self._path, self._salvaging, ("", "-wal", "-shm"))
            if self._salvaging.exists():
                _log.error("the spool is damaged (%s)", damage)
                self._finish_salvage()

    def _finish_salvage(self) -> None:
        found = salvage(self._salvaging, _beside(self._salvaging, "-wal"))
        self._connect(found)
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
        aside = _beside(self._path, f".damaged-{stamp}")
        _move(self._salvaging, aside, ("-wal", "-shm", ""))
        self.close()
        _log.error("%d events were found again; the damaged spool was set aside as %s", len(found), aside)

    @contextmanager
    def _exclusively(self) -> Iterator[None]:
        """Keep other processes from opening the file, by a lock that ends with this process."""
        lock = _beside(self._path, "-lock")
        _make_file(lock, durable=False)
        connection = sqlite3.connect(lock, timeout=_BUSY_SECONDS, isolation_level=None)
        try:
            connection.execute("BEGIN EXCLUSIVE")
            yield
        finally:
            connection.close()


def _transact(connection: sqlite3.Connection, work: Callable[[Execute], T]) -> T:
    def execute(statement: str, *arguments: float | str | bytes | None) -> list[tuple[Any, ...]]:
        return connection.execute(statement, arguments).fetchall()

    connection.execute("BEGIN IMMEDIATE")
    try:
        result = work(execute)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            with suppress(sqlite3.Error):  # the first error is the one to tell
                connection.execute("ROLLBACK")
        raise
    return result


def _make_file(path: Path, *, durable: bool) -> None:
    """Create a file that only its owner may read, before SQLite would create one that others may.

    One that is there is not opened: to close it again would end this process's locks on it.
    """
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        if durable and hasattr(os, "O_DIRECTORY"):
            folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
    if path.stat().st_mode & 0o077:
        path.chmod(0o600)


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)


def _move(path: Path, target: Path, suffixes: Sequence[str]) -> None:
    for suffix in suffixes:
        with suppress(FileNotFoundError):
            _beside(path, suffix).replace(_beside(target, suffix))


def _advice(code: int) -> str:
    if code == sqlite3.SQLITE_BUSY:
        return "another process keeps it locked; send again later"
    if code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR):
        return "the disk may be full; make room, then send again"
    return "check the folder, its permissions and its space"
