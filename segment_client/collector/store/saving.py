"""The writing side: one request's calls in one transaction."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from segment_client.collector.examine import Accepted, Rejected
from segment_client.collector.head import Head
from segment_client.collector.search.times import microseconds
from segment_client.collector.store.connection import Execute
from segment_client.collector.store.records import Saved

__all__ = ["DUPLICATES", "REJECTED", "STORED", "WARNED", "clear", "save"]

STORED = "stored:"
"""What the name of the count of a type's stored events begins with."""

DUPLICATES = "duplicates"
REJECTED = "rejected"
WARNED = "warned"
"""The count of stored events with warnings; all others are of what was received, each call in one of them."""

_INSERT = """
INSERT INTO calls (seq, accepted, entity_gid, message_id, test_id, type, event, user_id, anonymous_id,
    received, request, issues, body, raw)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
"""
_REPEAT = """
UPDATE calls SET repeats = repeats + 1, revision = ?
WHERE message_id = ? AND entity_gid = ? AND test_id = ? AND accepted
"""
_COUNT = "INSERT INTO counts VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET number = number + excluded.number"
_MINUTE = "INSERT INTO minutes VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET number = number + excluded.number"
_LAST = "SELECT value FROM meta WHERE name = 'last'"
_SET = "UPDATE meta SET value = ? WHERE name = ?"
_TABLES = ("calls", "requests", "counts", "minutes")
_MINUTE_LENGTH = 60_000_000


def save(write: Execute, calls: Sequence[Accepted | Rejected], head: Head, now: datetime) -> Saved:
    """Write the calls of one request, received at `now` (aware)."""
    received = microseconds(now)
    request = _request(write, head) if calls else None
    first = last = _last(write)
    counts: dict[str, int] = {}
    for call in calls:
        last += 1
        if isinstance(call, Rejected):
            test_id = head.test_id or call.labels.test_id
            write.execute(_INSERT, _rejected(call, last, test_id, received, request))
            name = REJECTED
        else:
            test_id = head.test_id or call.test_id
            if write.execute(_INSERT, _accepted(call, last, test_id, received, request)).rowcount:
                name = f"{STORED}{call.type}"
                if call.warnings:
                    counts[WARNED] = counts.get(WARNED, 0) + 1
            else:
                write.execute(_REPEAT, (last, call.message_id, call.entity_gid, test_id))
                name = DUPLICATES
        counts[name] = counts.get(name, 0) + 1
    if last != first:
        write.execute(_SET, (last, "last"))
    write.executemany(_COUNT, sorted(counts.items()))
    minute = received // _MINUTE_LENGTH
    write.executemany(
        _MINUTE, [(minute, name, number) for name, number in sorted(counts.items()) if name != WARNED]
    )
    duplicates, rejected = counts.get(DUPLICATES, 0), counts.get(REJECTED, 0)
    return Saved(len(calls) - duplicates - rejected, duplicates, rejected, last)


def clear(write: Execute) -> int:
    """Empty the store: calls and counts. Return the number of this change."""
    for table in _TABLES:
        write.execute(f"DELETE FROM {table}")  # noqa: S608 - the names stand above
    last = _last(write) + 1
    write.executemany(_SET, [(last, "last"), (last, "cleared")])
    return last


def _last(write: Execute) -> int:
    value: int = write.execute(_LAST).fetchone()[0]
    return value


def _request(write: Execute, head: Head) -> int | None:
    query = "INSERT INTO requests (method, path, headers) VALUES (?, ?, ?)"
    return write.execute(query, (head.method, head.path, json.dumps(head.headers))).lastrowid


def _accepted(
    call: Accepted, seq: int, test_id: str, received: int, request: int | None
) -> tuple[object, ...]:
    found = (
        call.entity_gid,
        call.message_id,
        test_id,
        call.type,
        call.event,
        call.user_id,
        call.anonymous_id,
    )
    issues = json.dumps(call.warnings) if call.warnings else None
    return (seq, True, *found, received, request, issues, call.body, call.raw)


def _rejected(
    call: Rejected, seq: int, test_id: str, received: int, request: int | None
) -> tuple[object, ...]:
    said = call.labels
    found = (None, said.message_id, test_id, said.type, said.event, said.user_id, said.anonymous_id)
    return (seq, False, *found, received, request, json.dumps(call.errors), None, call.raw)
