"""Connections to the collector's file: the only module here that knows how SQLite is set up."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from queue import LifoQueue
from threading import Lock
from typing import Any

from segment_client.collector.store.schema import SCHEMA, VERSION
from segment_client.errors import InvalidValueError

__all__ = ["Execute", "Readers", "Writer"]

Execute = sqlite3.Connection
"""What work in a transaction is given."""

_READERS = 4
_BUSY_SECONDS = 30


class Writer:
    """The one connection that writes; the file is made where it does not exist. Safe to use from any thread.

    Raises InvalidValueError for a file that is something else.
    """

    def __init__(self, path: Path) -> None:
        self._lock = Lock()
        self._connection = _open(path)

    @contextmanager
    def transaction(self) -> Iterator[Execute]:
        """Give the connection within a transaction: committed at the end, rolled back at an exception."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            with self._connection:
                yield self._connection

    def close(self) -> None:
        """Close the connection once nobody uses it."""
        with self._lock:
            self._connection.close()


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
    except sqlite3.DatabaseError as error:
        raise InvalidValueError(f"{path} cannot be used as the collector's database: {error}") from error
    if version != VERSION and (version or tables):
        connection.close()
        raise InvalidValueError(f"{path} is a database of another program or version: name another file")
    connection.executescript(SCHEMA)
    return connection


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
    except sqlite3.DatabaseError:
        connection.close()
        raise
    return connection
