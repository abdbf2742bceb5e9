"""Connections to the collector's file: the only module here that knows how SQLite is set up."""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from queue import LifoQueue
from threading import Lock
from typing import Any, Generic, TypeVar, cast

from segment_client.collector.store.schema import SCHEMA, VERSION
from segment_client.errors import InvalidValueError

__all__ = ["Execute", "Readers", "Writer"]

T = TypeVar("T")
Execute = sqlite3.Connection
"""What work in a transaction is given."""

_READERS = 4
_BUSY_SECONDS = 30


class Writer:
    """The one connection that writes; the file is made where it does not exist. Safe to use from any thread.

    What several threads want to write at a time goes in one transaction, as a commit costs more than the
    writing: the thread whose turn it is does the work of all that wait. Raises InvalidValueError for a file
    that is something else.
    """

    def __init__(self, path: Path) -> None:
        self._lock = Lock()
        self._waiting: deque[_Job[Any]] = deque()
        self._connection = _open(path)

    def write(self, work: Callable[[Execute], T]) -> T:
        """Call `work` with the connection within a transaction; return what it does, once committed.

        An exception of it is raised, an OSError where the file cannot be written, and then nothing of this
        work is.
        """
        job = _Job(work)
        self._waiting.append(job)
        with self._lock:
            if not job.done:
                self._commit([self._waiting.popleft() for _ in range(len(self._waiting))])
        if isinstance(job.error, sqlite3.OperationalError):  # such as a full disk
            raise OSError(str(job.error)) from job.error
        if job.error is not None:
            raise job.error
        return cast(T, job.result)

    def attempt(self, work: Callable[[Execute], T]) -> T:
        """Do as `write` does; raises OSError whatever SQLite has against it."""
        try:
            return self.write(work)
        except sqlite3.Error as error:
            raise OSError(str(error)) from error

    def close(self) -> None:
        """Close the connection once nobody uses it."""
        with self._lock:
            self._connection.close()

    def _commit(self, jobs: Sequence[_Job[Any]]) -> None:
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            with self._connection:
                if len(jobs) == 1:
                    jobs[0].do(self._connection)
                else:
                    for job in jobs:
                        self._attempt(job)
        except BaseException as error:  # noqa: BLE001 - it is raised by each job, in the thread that waits for it
            for job in jobs:
                job.error = job.error or error
        finally:
            for job in jobs:
                job.done = True

    def _attempt(self, job: _Job[Any]) -> None:
        self._connection.execute("SAVEPOINT job")
        try:
            job.do(self._connection)
        except Exception as error:  # noqa: BLE001 - it is raised in the thread that waits for the job
            self._connection.execute("ROLLBACK TO job")
            job.error = error
        self._connection.execute("RELEASE job")


class _Job(Generic[T]):
    """Work that waits to be done, then its result or error."""

    def __init__(self, work: Callable[[Execute], T]) -> None:
        self.work = work
        self.done = False
        self.result: T | None = None
        self.error: BaseException | None = None

    def do(self, connection: Execute) -> None:
        """Do the work."""
        self.result = self.work(connection)


class Readers:
    """Some connections that read, so that a slow search delays neither the writer nor other readers."""

    def __init__(self, path: Path) -> None:
        self._free: LifoQueue[sqlite3.Connection] = LifoQueue()
        for _ in range(_READERS):
            self._free.put(_connect(path))

    def rows(self, query: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Return all rows of a query."""
        connection = self._free.get()
        try:
            return connection.execute(query, values).fetchall()
        finally:
            self._free.put(connection)

    def close(self) -> None:
        """Close each connection once nobody uses it."""
        for _ in range(_READERS):
            self._free.get().close()


def _open(path: Path) -> sqlite3.Connection:
    try:
        connection = _connect(path)
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if version != VERSION and (version or tables):
            connection.close()
            raise InvalidValueError(f"{path} is a database of another program or version: name another file")
        connection.executescript(SCHEMA)
    except sqlite3.DatabaseError as error:
        raise InvalidValueError(
            f"{path} cannot be used as the collector's database: {error}{_advice(error)}"
        ) from error
    return connection


def _advice(error: sqlite3.DatabaseError) -> str:
    """Return what to do about a place that cannot be written: to read makes files beside it, too."""
    if getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY):
        return "; name a file in a folder that exists and can be written, such as a copy"
    return ""


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
    except sqlite3.DatabaseError:
        connection.close()
        raise
    return connection
