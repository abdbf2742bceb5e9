"""The tables of a spool, and how events that were found again get back into them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

from segment_client.delivery.spool.frame import Framed, pack, unpack
from segment_client.delivery.spool.holder import Holder

__all__ = ["APPLICATION_ID", "INSERT", "SCHEMA", "VERSION", "Execute", "introduce", "restore"]

APPLICATION_ID = 0x53457631
"""What tells a spool from other databases, in SQLite's header."""

VERSION = 1
"""The version of the tables; a new one has other tables, or it would be taken for a damaged header."""


class Execute(Protocol):
    """Runs a statement with its arguments, and returns its rows."""

    def __call__(self, statement: str, /, *arguments: float | str | bytes | None) -> list[tuple[Any, ...]]:
        """Run a statement."""
        ...


SCHEMA = (
    # id: the order of acceptance, never used again. destination: which endpoint, format and key. owner: who
    # counts the event. holder and lease: who has claimed it, until when in seconds since 1970; 0 is nobody.
    """CREATE TABLE events (
        id INTEGER PRIMARY KEY AUTOINCREMENT, destination INTEGER NOT NULL, owner INTEGER NOT NULL,
        holder INTEGER NOT NULL, lease REAL NOT NULL, frame BLOB NOT NULL)""",
    "CREATE INDEX events_of ON events (destination)",
    # Dead letters: what a server refused, why, its status and words, and when.
    """CREATE TABLE dead (
        id INTEGER PRIMARY KEY, destination INTEGER NOT NULL, reason TEXT NOT NULL,
        status INTEGER, words TEXT, buried REAL NOT NULL, frame BLOB NOT NULL)""",
    # The clients that have the spool in use, of whichever process.
    """CREATE TABLE holders (
        id INTEGER PRIMARY KEY, pid INTEGER NOT NULL, started TEXT NOT NULL, place TEXT NOT NULL)""",
    # What became of a client's events at the hands of another one, until the client has counted it.
    """CREATE TABLE tallies (
        owner INTEGER, outcome TEXT, reason TEXT, count INTEGER NOT NULL,
        PRIMARY KEY (owner, outcome, reason)) WITHOUT ROWID""",
)

INSERT = "INSERT INTO events (destination, owner, holder, lease, frame) VALUES (?, ?, 0, 0, ?)"
_ADD_HOLDER = "INSERT OR IGNORE INTO holders (id, pid, started, place) VALUES (?, ?, ?, ?)"


def introduce(execute: Execute, holder: Holder) -> None:
    """Let the other clients of the spool know of one."""
    execute(_ADD_HOLDER, holder.id, holder.pid, holder.started, holder.place)


def restore(execute: Execute, found: Iterable[Framed]) -> None:
    """Add the events that are not there yet."""
    kept = {
        (framed.destination, framed.event.message_id)
        for table in ("events", "dead")
        for (frame,) in execute(f"SELECT CAST(frame AS BLOB) FROM {table}")  # noqa: S608  # the names are these two
        if (framed := unpack(frame)) is not None
    }
    for framed in found:
        if (framed.destination, framed.event.message_id) not in kept:
            execute(INSERT, framed.destination, framed.owner, pack(framed))
