"""Who holds which events: ranges of ids in a table of a few rows, so that a claim changes no event's row.

No two of the ranges overlap. A claim whose lease has ended stays until another client takes over what it
covers; until then its holder can renew it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from segment_client.delivery.spool.schema import Execute

__all__ = ["Run", "covered", "drop", "drop_all", "free", "runs", "take"]

Run = tuple[int, int]
"""Ids that follow each other: the first one and the last one."""

_HELD = "SELECT first, CAST(last AS INTEGER) FROM claims"
_ACTIVE = f"{_HELD} WHERE first <= ? AND last >= ? AND lease > ? AND lease <= ? ORDER BY first"
_CUT = """
DELETE FROM claims WHERE first <= ? AND last >= ?
RETURNING first, CAST(last AS INTEGER), holder, lease"""
_ADD = "INSERT OR REPLACE INTO claims (first, last, holder, lease) VALUES (?, ?, ?, ?)"


def runs(ids: Iterable[int]) -> list[Run]:
    """Return ids as the fewest ranges, in order."""
    found: list[Run] = []
    for number in sorted(ids):
        if found and found[-1][1] == number - 1:
            found[-1] = found[-1][0], number
        else:
            found.append((number, number))
    return found


def free(execute: Execute, within: Run, now: float, latest: float) -> list[Run]:
    """Return the parts of a range that nobody holds; a lease that ends after `latest` has ended, too."""
    start, last = within
    found = []
    for begun, ended in execute(_ACTIVE, last, start, now, latest):
        if start < begun:
            found.append((start, begun - 1))
        start = max(start, ended + 1)
    return [*found, (start, last)] if start <= last else found


def covered(execute: Execute, ids: Collection[int], holder: int) -> set[int]:
    """Return those of the ids that a holder has still, whether or not its lease has ended."""
    held: set[int] = set()
    for first, last in execute(f"{_HELD} WHERE holder = ?", holder):
        held.update([number for number in ids if first <= number <= last])
    return held


def take(execute: Execute, wanted: Iterable[Run], holder: int, lease: float) -> None:
    """Let a holder have ranges until the lease ends, whoever had them before."""
    for first, last in wanted:
        drop(execute, [(first, last)])
        execute(_ADD, first, last, holder, lease)


def drop(execute: Execute, unwanted: Iterable[Run]) -> None:
    """Take ranges from whoever has them; what is beside them is held as before."""
    for first, last in unwanted:
        for begun, ended, holder, lease in execute(_CUT, last, first):
            if begun < first:
                execute(_ADD, begun, first - 1, holder, lease)
            if last < ended:
                execute(_ADD, last + 1, ended, holder, lease)


def drop_all(execute: Execute, holder: int) -> None:
    """Take all from a holder."""
    execute("DELETE FROM claims WHERE holder = ?", holder)
