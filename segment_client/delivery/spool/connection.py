"""One open spool file: the only module that speaks to SQLite, and that reads its errors."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Literal, TypeVar

from segment_client.delivery.spool.files import beside, keep_to_owner, make_file
from segment_client.delivery.spool.log import PAGE_BYTES
from segment_client.delivery.spool.schema import (
    APPLICATION_ID,
    SCHEMA,
    VERSION,
    Execute,
    are_in_lanes,
    create,
    is_newer,
)
from segment_client.errors import SpoolError

__all__ = ["Connection", "DamagedError", "Fsync", "Translated", "exclusively"]

Fsync = Literal["process", "power"]
"""What a written event survives: the end of the process, or the machine's too."""

_BUSY_SECONDS = 10.0
_LOG_PAGES = 1000
_LEAST_SQLITE = (3, 35)
_SYNCHRONOUS = {"process": "NORMAL", "power": "FULL"}
_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})

T = TypeVar("T")
_Value = float | str | bytes | None


class DamagedError(Exception):
    """SQLite, or our own check, found the file damaged."""


class Connection:
    """An open spool. Raises SpoolError for what is none, and DamagedError for what is one no more.

    `check` says whether to look through the whole file for damage.
    """

    def __init__(self, path: Path, fsync: Fsync, *, check: bool) -> None:
        if sqlite3.sqlite_version_info < _LEAST_SQLITE:
            raise SpoolError(
                f"a spool needs SQLite 3.35, this is {sqlite3.sqlite_version}: use another Python"
            )
        self._path = path
        make_file(path, durable=fsync == "power")
        self._sqlite = sqlite3.connect(
            path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        try:
            self._sqlite.text_factory = _text
            self._prepare(fsync, check=check)
        except BaseException:  # whatever it was, the file must not stay open
            self._sqlite.close()
            raise

    def transact(self, work: Callable[[Execute], T], after: Callable[[], None]) -> T:
        """Run work in one transaction, and `after` when it is committed; return what the work returns.

        What a signal handler raises may end the work anywhere. It is committed, and `after` run, or it is
        rolled back. `after` may be run twice.
        """
        if self._sqlite.in_transaction:
            self._sqlite.execute("ROLLBACK")  # which a signal handler ended
        begun = False
        try:
            self._sqlite.execute("BEGIN IMMEDIATE")
            begun = True
            result = work(self._execute)
            self._sqlite.execute("COMMIT")
            after()
        except BaseException as error:  # a signal handler's too: the transaction must not stay open
            if self._sqlite.in_transaction:
                with suppress(sqlite3.Error):  # the first error is the one to tell
                    self._sqlite.execute("ROLLBACK")
            elif begun and not isinstance(error, sqlite3.Error | MemoryError):  # those roll back themselves
                after()
            raise
        return result

    def change(self, statement: str, arguments: Sequence[_Value], after: Callable[[], None]) -> None:
        """Run one statement that changes rows, as a transaction of its own, as `transact` does.

        It takes half of the time, as SQLite begins and commits by itself.
        """
        if self._sqlite.in_transaction:
            self._sqlite.execute("ROLLBACK")  # which a signal handler ended
        before = self._sqlite.total_changes
        try:
            self._sqlite.execute(statement, arguments)
            after()
        except BaseException as error:  # a signal handler's too, which may come when all is written
            if not isinstance(error, sqlite3.Error | MemoryError) and self._sqlite.total_changes != before:
                after()
            raise

    def close(self) -> None:
        """Close the file."""
        with suppress(sqlite3.Error):  # what close would tidy up, the next opening does
            self._sqlite.close()

    def _execute(self, statement: str, *arguments: _Value) -> list[tuple[Any, ...]]:
        return self._sqlite.execute(statement, arguments).fetchall()

    def _pragma(self, text: str) -> Any:
        return self._sqlite.execute(f"PRAGMA {text}").fetchone()

    def _prepare(self, fsync: Fsync, *, check: bool) -> None:
        self._pragma(f"page_size={PAGE_BYTES}")
        is_new = self._is_new()
        keep_to_owner(self._path)
        if self._pragma("journal_mode=WAL") != ("wal",):
            raise SpoolError(f"the spool {self._path} is on a file system without WAL: use a local disk")
        self._pragma(f"synchronous={_SYNCHRONOUS[fsync]}")
        self._pragma("secure_delete=ON")  # what was delivered leaves the disk, and a salvage does not find it
        self._pragma(f"journal_size_limit={_LOG_PAGES * PAGE_BYTES}")
        if is_new:
            self.transact(create, lambda: None)
        elif check:
            (verdict,) = self._pragma("integrity_check(1)")
            if verdict != "ok":
                raise DamagedError(verdict)
            if not are_in_lanes(self._execute):
                raise DamagedError("events are not where their destinations belong")

    def _is_new(self) -> bool:
        """Say whether there is nothing in the file yet; raise for what is not ours, or was changed."""
        marks = (*self._pragma("application_id"), *self._pragma("user_version"))
        query = "SELECT sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite!_%' ESCAPE '!' ORDER BY rowid"
        tables = tuple(sql for (sql,) in self._sqlite.execute(query))
        if (marks, tables) == ((0, 0), ()):
            return True
        if (marks, tables) == ((APPLICATION_ID, VERSION), SCHEMA):
            return False
        application, version = marks
        if tables != SCHEMA and application == APPLICATION_ID and is_newer(version):
            raise SpoolError(f"the spool {self._path} was written by a newer version: update this one")
        if tables != SCHEMA and application != APPLICATION_ID:
            raise SpoolError(f"{self._path} is a database of another program: name another file")
        raise DamagedError("its header or its tables were changed")


@contextmanager
def exclusively(path: Path) -> Iterator[None]:
    """Keep other processes from opening a spool, by a lock that ends with this process."""
    lock = beside(path, "-lock")
    make_file(lock, durable=False)
    connection = sqlite3.connect(lock, timeout=_BUSY_SECONDS, isolation_level=None)
    try:
        connection.execute("BEGIN EXCLUSIVE")
        yield
    finally:
        connection.close()


class Translated:
    """Raises SpoolError, or DamagedError, for what SQLite and the system raise over a spool."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, sqlite3.Error):
            code = getattr(error, "sqlite_errorcode", 0) & 0xFF
            if code in _DAMAGED:
                raise DamagedError(str(error)) from None
            raise SpoolError(f"the spool {self._path} cannot be used ({error}): {_advice(code)}") from None
        if isinstance(error, UnicodeDecodeError):  # SQLite's message quotes text of the file
            raise DamagedError("its tables have names that are no text") from None
        if isinstance(error, OSError):
            text = f"the spool {self._path} cannot be used ({error.strerror})"
            raise SpoolError(f"{text}: check the folder, its permissions and its space") from None


def _text(content: bytes) -> str:
    return content.decode(errors="replace")  # a damaged one is no reason to stop


def _advice(code: int) -> str:
    if code == sqlite3.SQLITE_BUSY:
        return "another process keeps it locked; send again later"
    if code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR):
        return "the disk may be full; make room, then send again"
    return "check the folder, its permissions and its space"
