"""What was received, in an SQLite file: events once each, rejected calls with errors, and counts.

One connection writes and one reads, so that a listing never waits for a batch (WAL). A commit survives the
end of the process, also by `kill -9`; after a power cut the last commits may be missing, the file stays
whole.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

from segment_client.collector.examine import Accepted, Rejected
from segment_client.errors import InvalidValueError

__all__ = ["FILTERS", "Saved", "Store", "StoredEvent", "StoredRejection"]

FILTERS = ("type", "event", "user_id")
"""The columns that `events` can be asked for."""

_VERSION = 1
_SCHEMA = f"""
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS events (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    entity_gid TEXT NOT NULL, message_id TEXT NOT NULL,
    type TEXT NOT NULL, event TEXT NOT NULL, user_id TEXT,
    received_at TEXT NOT NULL, repeats INTEGER NOT NULL DEFAULT 0,
    body TEXT NOT NULL, raw TEXT NOT NULL,
    UNIQUE (message_id, entity_gid)
);
CREATE INDEX IF NOT EXISTS events_by_type ON events (type, seq);
CREATE INDEX IF NOT EXISTS events_by_event ON events (event, seq);
CREATE INDEX IF NOT EXISTS events_by_user ON events (user_id, seq);
CREATE TABLE IF NOT EXISTS rejected (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    received_at TEXT NOT NULL, errors TEXT NOT NULL, raw TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS counts (name TEXT PRIMARY KEY, number INTEGER NOT NULL) WITHOUT ROWID;
PRAGMA user_version = {_VERSION};
COMMIT;
"""
_INSERT = """
INSERT INTO events (entity_gid, message_id, type, event, user_id, received_at, body, raw)
VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
"""
_REPEAT = "UPDATE events SET repeats = repeats + 1 WHERE message_id = ? AND entity_gid = ?"
_REJECT = "INSERT INTO rejected (received_at, errors, raw) VALUES (?, ?, ?)"
_COUNT = "INSERT INTO counts VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET number = number + excluded.number"
_SELECT = "SELECT seq, received_at, repeats, body, raw FROM events"
_STORED = "stored:"


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of one request's calls."""

    stored: int
    duplicates: int
    rejected: int


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event as stored: `body` is the SemanticEvent's JSON, `raw` the call's; `seq` grows."""

    seq: int
    received_at: str
    repeats: int
    body: str
    raw: str


@dataclass(frozen=True, slots=True)
class StoredRejection:
    """A rejected call as stored; `errors` is JSON, a list of CallError."""

    seq: int
    received_at: str
    errors: str
    raw: str


class Store:
    """An SQLite file of received events; made where it does not exist. Safe to use from any thread.

    Raises InvalidValueError for a file that is something else.
    """

    def __init__(self, path: Path) -> None:
        self._write_lock = Lock()
        self._read_lock = Lock()
        self._writer = _open(path)
        self._reader = _connect(path)

    def save(self, examined: Sequence[Accepted | Rejected]) -> Saved:
        """Write one request's calls in one transaction, and return when they are committed."""
        counts: dict[str, int] = {}
        with self._transaction() as write:
            for call in examined:
                name = self._reject(write, call) if isinstance(call, Rejected) else self._accept(write, call)
                counts[name] = counts.get(name, 0) + 1
            write.executemany(_COUNT, sorted(counts.items()))
        stored = sum(number for name, number in counts.items() if name.startswith(_STORED))
        return Saved(stored, counts.get("duplicates", 0), counts.get("rejected", 0))

    def events(
        self, limit: int, before: int | None = None, filters: Mapping[str, str] | None = None
    ) -> list[StoredEvent]:
        """Return up to `limit` events older than seq `before`, newest first; `filters` is by FILTERS."""
        wanted = {name: value for name, value in (filters or {}).items() if name in FILTERS}
        where = " AND ".join(["seq < ?", *(f"{name} = ?" for name in wanted)])
        query = f"{_SELECT} WHERE {where} ORDER BY seq DESC LIMIT ?"
        return [StoredEvent(*row) for row in self._read(query, (_bound(before), *wanted.values(), limit))]

    def event(self, message_id: str) -> StoredEvent | None:
        """Return the newest event of a message id, or None."""
        query = f"{_SELECT} WHERE message_id = ? ORDER BY seq DESC LIMIT 1"
        return next((StoredEvent(*row) for row in self._read(query, (message_id,))), None)

    def rejections(self, limit: int, before: int | None = None) -> list[StoredRejection]:
        """Return up to `limit` rejected calls, newest first, those older than seq `before`."""
        query = "SELECT seq, received_at, errors, raw FROM rejected WHERE seq < ? ORDER BY seq DESC LIMIT ?"
        return [StoredRejection(*row) for row in self._read(query, (_bound(before), limit))]

    def stats(self) -> dict[str, object]:
        """Return how many calls were received, and what they were: stored, duplicates or rejected."""
        counts: dict[str, int] = dict(self._read("SELECT name, number FROM counts ORDER BY name", ()))
        by_type = {
            name.removeprefix(_STORED): number for name, number in counts.items() if name.startswith(_STORED)
        }
        return {
            "received": sum(counts.values()),
            "stored": sum(by_type.values()),
            "duplicates": counts.get("duplicates", 0),
            "rejected": counts.get("rejected", 0),
            "by_type": by_type,
        }

    def clear(self) -> None:
        """Empty the store: events, rejected calls and counts."""
        with self._transaction() as write:
            for table in ("events", "rejected", "counts"):
                write.execute(f"DELETE FROM {table}")  # noqa: S608 - the names stand above

    def close(self) -> None:
        """Close the file; the store cannot be used again."""
        with self._write_lock, self._read_lock:
            self._reader.close()
            self._writer.close()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._write_lock:
            self._writer.execute("BEGIN IMMEDIATE")
            with self._writer:
                yield self._writer

    def _read(self, query: str, values: Sequence[object]) -> list[tuple[Any, ...]]:
        with self._read_lock:
            return self._reader.execute(query, values).fetchall()

    @staticmethod
    def _accept(write: sqlite3.Connection, call: Accepted) -> str:
        values = (
            call.entity_gid,
            call.message_id,
            call.type,
            call.event,
            call.user_id,
            call.received_at,
            call.body,
            call.raw,
        )
        if write.execute(_INSERT, values).rowcount:
            return f"{_STORED}{call.type}"
        write.execute(_REPEAT, (call.message_id, call.entity_gid))
        return "duplicates"

    @staticmethod
    def _reject(write: sqlite3.Connection, call: Rejected) -> str:
        write.execute(_REJECT, (call.received_at, json.dumps(call.errors), call.raw))
        return "rejected"


_LAST = 2**63 - 1


def _bound(before: int | None) -> int:
    return _LAST if before is None else before


def _open(path: Path) -> sqlite3.Connection:
    try:
        connection = _connect(path)
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.DatabaseError as error:
        raise InvalidValueError(f"{path} cannot be used as the collector's database: {error}") from error
    if version != _VERSION and (version or tables):
        connection.close()
        raise InvalidValueError(f"{path} is a database of another program or version: name another file")
    connection.executescript(_SCHEMA)
    return connection


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
    except sqlite3.DatabaseError:
        connection.close()
        raise
    return connection
