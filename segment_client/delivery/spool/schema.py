"""The tables of a spool, and how events that were found again get back into them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from secrets import randbits
from typing import Any, Protocol

from segment_client.delivery.spool.frame import Framed, pack, unpack
from segment_client.delivery.spool.holder import Holder
from segment_client.delivery.spool.lanes import LANE_BITS, lane_of

__all__ = [
    "APPLICATION_ID",
    "MOST_AT_ONCE",
    "SCHEMA",
    "VERSION",
    "Execute",
    "are_in_lanes",
    "create",
    "forget_landed",
    "insert",
    "insert_all",
    "insertion",
    "introduce",
    "is_newer",
    "landed_up_to",
    "note_end",
    "note_landed",
    "restore",
]

APPLICATION_ID = 0x53457631
"""What tells a spool from other databases, in SQLite's header."""

VERSION = 0x01010101
"""The version of the tables, in each byte of SQLite's number for it: a changed byte makes no other version.

A new one has other tables, or it would be taken for a damaged header.
"""


class Execute(Protocol):
    """Runs a statement with its arguments, and returns its rows."""

    def __call__(self, statement: str, /, *arguments: float | str | bytes | None) -> list[tuple[Any, ...]]:
        """Run a statement."""
        ...


SCHEMA = (
    # id: the order of acceptance, in the lane of the destination, and never used again. destination: which
    # endpoint, format and key. owner: who counts the event.
    """CREATE TABLE events (
        id INTEGER PRIMARY KEY, destination INTEGER NOT NULL, owner INTEGER NOT NULL, frame BLOB NOT NULL)""",
    # Who has claimed the events of a range of ids, until when in seconds since 1970.
    """CREATE TABLE claims (
        first INTEGER PRIMARY KEY, last INTEGER NOT NULL, holder INTEGER NOT NULL, lease REAL NOT NULL)""",
    # The last id of each lane that an event had which has left. Lane -1 has how far from their starts the
    # lanes of this file begin, by chance: an id of a file that was here before is in none of them.
    "CREATE TABLE ends (lane INTEGER PRIMARY KEY, last INTEGER NOT NULL)",
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
    # The files beside this one whose events are in here, up to so many bytes, by their client and number.
    """CREATE TABLE landed (
        owner INTEGER, number INTEGER, bytes INTEGER NOT NULL, PRIMARY KEY (owner, number)) WITHOUT ROWID""",
)

_OFFSET_BITS = 38
_END = """max(
    {first} + ifnull((SELECT last FROM ends WHERE lane = -1 AND last BETWEEN 0 AND 1 << {bits}), 0),
    ifnull((SELECT max(id) FROM events WHERE id BETWEEN {first} AND {last}), 0),
    ifnull((SELECT last FROM ends WHERE lane = {number} AND last BETWEEN {first} AND {last}), 0))"""
_NOTE_END = """
INSERT INTO ends (lane, last) VALUES (?, ?)
ON CONFLICT (lane) DO UPDATE SET last = max(last, excluded.last)"""
_ADD_HOLDER = "INSERT OR IGNORE INTO holders (id, pid, started, place) VALUES (?, ?, ?, ?)"


MOST_AT_ONCE = 32
"""Rows that one statement inserts; it is prepared once for each number of them."""


@lru_cache
def insertion(destination: int, owner: int, count: int) -> str:
    """Return the statement that adds so many frames to a destination's lane, behind all other events.

    It is prepared and kept for each number of them: let there be few at a time.
    """
    end = _END.format(bits=_OFFSET_BITS, **lane_of(destination)._asdict())
    rows = ", ".join(f"({end} + {place}, {destination}, {owner}, ?)" for place in range(1, count + 1))
    return f"INSERT INTO events (id, destination, owner, frame) VALUES {rows}"  # noqa: S608  # of numbers only


def insert(execute: Execute, destination: int, owner: int, frame: bytes) -> None:
    """Add one event."""
    execute(insertion(destination, owner, 1), frame)


def insert_all(execute: Execute, destination: int, owner: int, frames: Sequence[bytes]) -> None:
    """Add events of one owner, in their order."""
    for start in range(0, len(frames), MOST_AT_ONCE):
        some = frames[start : start + MOST_AT_ONCE]
        execute(insertion(destination, owner, len(some)), *some)


def note_end(execute: Execute, number: int) -> None:
    """Remember the id of an event that leaves, so that no other event of its lane gets it."""
    execute(_NOTE_END, number >> LANE_BITS, number)


def note_landed(execute: Execute, owner: int, number: int, end: int) -> None:
    """Remember that the events of a file beside this one are in here, up to so many bytes of it."""
    execute("INSERT OR REPLACE INTO landed (owner, number, bytes) VALUES (?, ?, ?)", owner, number, end)


def landed_up_to(execute: Execute, owner: int, number: int) -> int | None:
    """Return up to which byte the events of a file are in here, or None if none are."""
    found = execute("SELECT CAST(bytes AS INTEGER) FROM landed WHERE owner = ? AND number = ?", owner, number)
    return int(found[0][0]) if found else None


def forget_landed(execute: Execute, owner: int, number: int) -> None:
    """Forget a file that is deleted."""
    execute("DELETE FROM landed WHERE owner = ? AND number = ?", owner, number)


def are_in_lanes(execute: Execute) -> bool:
    """Say whether each event is in the lane of its destination; else one of both was changed."""
    found = execute("SELECT DISTINCT destination, id >> ? FROM events", LANE_BITS)
    return all(isinstance(where, int) and lane_of(where).number == number for where, number in found)


def create(execute: Execute) -> None:
    """Make the tables of a new spool, and mark it as one."""
    for statement in SCHEMA:
        execute(statement)
    execute("INSERT INTO ends (lane, last) VALUES (-1, ?)", randbits(_OFFSET_BITS))
    execute(f"PRAGMA application_id={APPLICATION_ID}")
    execute(f"PRAGMA user_version={VERSION}")


def is_newer(version: int) -> bool:
    """Say whether SQLite's number is that of a version to come."""
    return version > VERSION and version % 0x01010101 == 0


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
            insert(execute, framed.destination, framed.owner, pack(framed))
