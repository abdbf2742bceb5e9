"""The reading side: pages of what a search finds, single calls, changes and counts."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from segment_client.collector.search.terms import Search
from segment_client.collector.store.connection import Readers
from segment_client.collector.store.records import Changes, Page, Row, StoredCall
from segment_client.collector.store.saving import DUPLICATES, REJECTED, STORED, WARNED
from segment_client.collector.store.where import where

__all__ = ["Finder"]

_ROW = """calls.seq, coalesce(calls.revision, calls.seq), accepted, type, event, user_id, anonymous_id,
    message_id, test_id, received, repeats, issues, CASE WHEN accepted AND length(body) < 65536
    THEN coalesce(json_extract(body, '$.properties'), json_extract(body, '$.traits')) END"""
_CALL = f"""
SELECT {_ROW}, body, raw, requests.method, requests.path, requests.headers
FROM calls LEFT JOIN requests ON requests.id = calls.request
"""  # noqa: S608 - the columns stand above
_CLEARED = "(SELECT value FROM meta WHERE name = 'cleared')"
_ENDS = f"SELECT (SELECT min(seq) FROM calls), (SELECT max(seq) FROM calls), {_CLEARED}"  # noqa: S608 - no values
_FIRST_WINDOW = 2_000
_LARGEST_WINDOW = 64_000
_END = 2**62


class Finder:
    """Answers questions about what is stored.

    A search looks back in growing windows and stops after `patience` seconds on the monotonic `clock`: then
    its page is short and its cursor leads on from where it stopped. So no search takes long.
    """

    def __init__(
        self, readers: Readers, patience: float = 0.5, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._readers = readers
        self._patience = patience
        self._clock = clock

    def rows(
        self, search: Search, limit: int, before: int | None = None, *, accepted: bool | None = None
    ) -> Page[Row]:
        """Return calls as list rows; with `accepted` only the good ones (True) or the rejected (False)."""
        found, following = self._page(_ROW, search, limit, before, accepted)
        return Page([_row(values) for values in found], following)

    def columns(
        self,
        columns: str,
        search: Search,
        limit: int,
        before: int | None,
        *,
        accepted: bool,
        since: int = 0,
    ) -> Page[tuple[Any, ...]]:
        """Return some columns of calls, `seq` first, of those whose `seq` is over `since`."""
        return Page(*self._page(columns, search, limit, before, accepted, since))

    def call(self, seq: int) -> StoredCall | None:
        """Return a call by its number, or None."""
        return self._one(f"{_CALL} WHERE calls.seq = ? AND calls.seq > {_CLEARED}", seq)

    def event(self, message_id: str) -> StoredCall | None:
        """Return the newest accepted call of a message id, or None."""
        condition = f"message_id = ? AND accepted AND calls.seq > {_CLEARED}"
        return self._one(f"{_CALL} WHERE {condition} ORDER BY calls.seq DESC LIMIT 1", message_id)

    def oldest(self, after: int, limit: int) -> list[tuple[int, str, str, str]]:
        """Return accepted calls after a `seq`, oldest first: `seq`, message id, the call, the event."""
        query = f"""
            SELECT seq, message_id, raw, body FROM calls
            WHERE seq > max(?, {_CLEARED}) AND accepted ORDER BY seq LIMIT ?
        """  # noqa: S608 - values are bound
        return self._readers.rows(query, (after, limit))

    def stored(self) -> int:
        """Return how many accepted calls there are now."""
        query = f"SELECT count(*) FROM calls WHERE accepted AND seq > {_CLEARED}"  # noqa: S608 - no values
        return int(self._readers.rows(query)[0][0])

    def last(self) -> int:
        """Return the number of the last change."""
        return self._meta()["last"]

    def cleared(self) -> int:
        """Return the number of the last change that emptied the store, 0 for never."""
        return self._meta()["cleared"]

    def first(self) -> int:
        """Return the number of the oldest call that there is; all before it are gone."""
        query = f"SELECT min(seq) FROM calls WHERE seq > {_CLEARED}"  # noqa: S608 - no values
        last = self.last()
        found: int | None = self._readers.rows(query)[0][0]
        return last + 1 if found is None else found

    def epoch(self) -> int:
        """Return what tells this file from another, whose numbers mean other changes."""
        return self._meta()["epoch"]

    def changes(self, search: Search, after: int, most: int) -> Changes:
        """Return the calls that are new or changed after a number, at most so many."""
        meta = self._meta()
        last, cleared = meta["last"], meta["cleared"] > after
        if after > last or last - after > most:
            return Changes([], last, cleared, gap=True)
        condition, values = where(search)
        query = f"""
            SELECT {_ROW} FROM calls WHERE seq > ? AND seq <= ? AND {condition} UNION ALL
            SELECT {_ROW} FROM calls WHERE revision > ? AND revision <= ? AND seq <= ? AND {condition}
            ORDER BY 2 LIMIT ?
        """  # noqa: S608 - the columns stand above, values are bound
        after = max(after, meta["cleared"])  # what is cleared may not all be deleted yet
        bound = (after, last, *values, after, last, after, *values, most + 1)
        rows = [_row(found) for found in self._readers.rows(query, bound)]
        gap = len(rows) > most
        return Changes([] if gap else rows, last, cleared, gap)

    def counts(self) -> dict[str, object]:
        """Return how many calls were received, and what they were: stored, duplicates or rejected.

        Some of those that were stored were `warned` of.
        """
        counts: dict[str, int] = dict(self._readers.rows("SELECT name, number FROM counts ORDER BY name"))
        warned = counts.pop(WARNED, 0)
        by_type = {
            name.removeprefix(STORED): number for name, number in counts.items() if name.startswith(STORED)
        }
        return {
            "received": sum(counts.values()),
            "stored": sum(by_type.values()),
            "duplicates": counts.get(DUPLICATES, 0),
            "rejected": counts.get(REJECTED, 0),
            "warned": warned,
            "by_type": by_type,
        }

    def minutes(self, since: int) -> list[tuple[int, str, int]]:
        """Return (minute since 1970, type or "rejected" or "duplicates", number) from a minute on."""
        query = "SELECT minute, name, number FROM minutes WHERE minute >= ? ORDER BY minute, name"
        return [
            (minute, name.removeprefix(STORED), number)
            for minute, name, number in self._readers.rows(query, (since,))
        ]

    def _page(
        self,
        columns: str,
        search: Search,
        limit: int,
        before: int | None,
        accepted: bool | None,
        since: int = 0,
    ) -> tuple[list[tuple[Any, ...]], int | None]:
        condition, values = where(search, accepted)
        query = f"""
            SELECT {columns} FROM calls WHERE seq < ? AND seq >= ? AND {condition}
            ORDER BY seq DESC LIMIT ?
        """  # noqa: S608 - the columns are this package's, values are bound
        ((oldest, newest, cleared),) = self._readers.rows(_ENDS)
        oldest = None if oldest is None else max(oldest, since + 1, cleared + 1)
        upper = min(before if before is not None else _END, (newest or 0) + 1)
        window, give_up = _FIRST_WINDOW, self._clock() + self._patience
        found: list[tuple[Any, ...]] = []
        while oldest is not None and upper > oldest:
            lower = max(upper - window, oldest)
            found += self._readers.rows(query, (upper, lower, *values, limit + 1 - len(found)))
            if len(found) > limit:
                return found[:limit], found[limit - 1][0]
            upper, window = lower, min(window * 2, _LARGEST_WINDOW)
            if self._clock() > give_up:
                return found, upper if upper > oldest else None
        return found, None

    def _one(self, query: str, value: object) -> StoredCall | None:
        width = len(Row.__slots__)
        found = self._readers.rows(query, (value,))
        return StoredCall(_row(found[0][:width]), *found[0][width:]) if found else None

    def _meta(self) -> dict[str, int]:
        return dict(self._readers.rows("SELECT name, value FROM meta"))


def _row(values: tuple[Any, ...]) -> Row:
    seq, change, accepted, *rest = values
    return Row(seq, change, bool(accepted), *rest)
