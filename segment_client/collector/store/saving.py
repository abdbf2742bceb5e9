"""The writing side: what some requests brought, in one transaction."""

from __future__ import annotations

import json
from collections.abc import Sequence

from pydantic_core import to_json

from segment_client.collector.examine import Accepted, Rejected
from segment_client.collector.head import Head
from segment_client.collector.search.times import microseconds
from segment_client.collector.store.connection import Execute
from segment_client.collector.store.records import Received, Saved

__all__ = ["DUPLICATES", "PART", "REJECTED", "STORED", "WARNED", "clear", "forget", "save", "touch"]

PART = 250
"""The most calls that are deleted at once: a sender who waits for that waits some milliseconds."""

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
    AND seq > (SELECT value FROM meta WHERE name = 'cleared')
"""
_REMOVE = "DELETE FROM calls WHERE message_id = ? AND entity_gid = ? AND test_id = ? AND accepted"
_COUNT = "INSERT INTO counts VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET number = number + excluded.number"
_MINUTE = "INSERT INTO minutes VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET number = number + excluded.number"
_ADVANCE = "UPDATE meta SET value = value + ? WHERE name = 'last' RETURNING value"
_FORGET = "DELETE FROM calls WHERE seq IN (SELECT seq FROM calls WHERE seq <= ? ORDER BY seq LIMIT ?)"
_REQUESTS = """
DELETE FROM requests
WHERE id < coalesce((SELECT request FROM calls ORDER BY seq LIMIT 1), 9223372036854775807)
"""
_MINUTE_LENGTH = 60_000_000


def save(write: Execute, requests: Sequence[Received]) -> list[Saved]:
    """Write the calls of some requests, which take the next numbers."""
    number = sum(len(request.calls) for request in requests)
    last: int = write.execute(_ADVANCE, (number,)).fetchone()[0] - number
    counts: dict[str, int] = {}
    minutes: dict[tuple[int, str], int] = {}
    all_saved: list[Saved] = []
    for request in requests:
        received = microseconds(request.now)
        saved, found = _save(write, request, received, last)
        all_saved.append(saved)
        last = saved.last
        for name, count in found.items():
            counts[name] = counts.get(name, 0) + count
            if name != WARNED:
                key = received // _MINUTE_LENGTH, name
                minutes[key] = minutes.get(key, 0) + count
    write.executemany(_COUNT, counts.items())
    write.executemany(_MINUTE, [(*key, count) for key, count in minutes.items()])
    return all_saved


def _save(write: Execute, request: Received, received: int, last: int) -> tuple[Saved, dict[str, int]]:
    """Write the calls of a request, with numbers after `last`; return what is to be counted, too."""
    head = request.head
    number = _request(write, head) if request.calls else None
    counts: dict[str, int] = {}
    for call in request.calls:
        last += 1
        if isinstance(call, Rejected):
            test_id = head.test_id or call.labels.test_id
            write.execute(_INSERT, _rejected(call, last, test_id, received, number))
            name = REJECTED
        else:
            test_id = head.test_id or call.test_id
            name = f"{STORED}{call.type}"
            if not _store(write, _accepted(call, last, test_id, received, number)):
                name = DUPLICATES
            elif call.warnings:
                counts[WARNED] = counts.get(WARNED, 0) + 1
        counts[name] = counts.get(name, 0) + 1
    duplicates, rejected = counts.get(DUPLICATES, 0), counts.get(REJECTED, 0)
    return Saved(len(request.calls) - duplicates - rejected, duplicates, rejected, last), counts


def _store(write: Execute, values: tuple[object, ...]) -> bool:
    """Write an event, or count it as a repeat and return False."""
    if write.execute(_INSERT, values).rowcount:
        return True
    seq, _, entity_gid, message_id, test_id, *_ = values
    same = (message_id, entity_gid, test_id)
    if write.execute(_REPEAT, (seq, *same)).rowcount:
        return False
    write.execute(_REMOVE, same)  # what stands there is cleared, and was only not deleted yet
    return bool(write.execute(_INSERT, values).rowcount)


def clear(write: Execute) -> int:
    """Empty the store: counts, and all calls up to the number of this change, which is returned.

    The calls are shown no more, and a repeat of one is new; they are deleted by `forget`.
    """
    write.execute("DELETE FROM counts")
    write.execute("DELETE FROM minutes")
    last: int = write.execute(_ADVANCE, (1,)).fetchone()[0]
    write.execute("UPDATE meta SET value = ? WHERE name = 'cleared'", (last,))
    return last


def forget(write: Execute, bound: int) -> int:
    """Delete the oldest calls up to a number, PART at most, and their requests; return how many calls."""
    deleted = write.execute(_FORGET, (bound, PART)).rowcount
    write.execute(_REQUESTS)
    return deleted


def touch(write: Execute) -> None:
    """Write a value that is there already."""
    write.execute("UPDATE meta SET value = value WHERE name = 'epoch'")


def _request(write: Execute, head: Head) -> int | None:
    query = "INSERT INTO requests (method, path, headers) VALUES (?, ?, ?)"
    return write.execute(query, (head.method, head.path, to_json(head.headers).decode())).lastrowid


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
