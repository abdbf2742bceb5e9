"""Waiting for events: until as many as wanted are there, or with what is missing and what came instead."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

from segment_client.collector.api import Api, row_json
from segment_client.collector.problem import Problem
from segment_client.collector.search.parameters import (
    SEARCH_PARAMETERS,
    check_names,
    read_number,
    read_search,
)
from segment_client.collector.search.terms import Search
from segment_client.collector.store.records import Row

__all__ = ["Wait"]

_MOST = 1000
_MOST_SECONDS = 300.0
_SHOWN = 20
_RECENT = 500


@dataclass(frozen=True, slots=True)
class _Other:
    """Events that came and were not looked for: how many of one type and name."""

    type: str
    event: str
    count: int


class Wait:
    """The events that a request waits for. `query` is a search's parameters, `count` and `timeout`.

    Raises Problem 400 for parameters that are none. What is stored already counts too; what was cleared while
    waiting does not.
    """

    def __init__(self, api: Api, query: Mapping[str, str]) -> None:
        check_names(query, ["count", "timeout", *SEARCH_PARAMETERS])
        self.count = read_number(query, "count", 1, 1, _MOST)
        self.seconds = _seconds(query.get("timeout", "5"))
        self._find = api.store.find
        self._search = read_search(query, api.now())
        self._wanted = {name: query[name] for name in SEARCH_PARAMETERS if name in query}
        self._seen = 0
        self._bodies: list[str] = []

    @property
    def done(self) -> bool:
        """Whether all are there."""
        return len(self._bodies) >= self.count

    def look(self) -> int:
        """Take in what is new; return the number of the last change that was looked at."""
        last, cleared = self._find.last(), self._find.cleared()
        if cleared > self._seen:
            self._seen, self._bodies = cleared, []
        fresh: list[str] = []
        before: int | None = last + 1
        while before is not None:
            page = self._find.columns(
                "seq, body", self._search, _MOST, before, accepted=True, since=self._seen
            )
            fresh += [body for _, body in page.items]
            before = page.next
        self._bodies += reversed(fresh)
        self._seen = last
        return last

    def events(self) -> str:
        """Return `{"events": [SemanticEvent]}`, oldest first."""
        return f'{{"events":[{",".join(self._bodies)}]}}'

    def missing(self) -> str:
        """Return `{"code", "message", "found", "missing", "others", "rejected", "events"}`."""
        rows = self._find.rows(Search(), _RECENT).items
        others = self._others([row for row in rows if row.accepted])
        rejected = [row for row in rows if not row.accepted]
        found = len(self._bodies)
        told = {
            "code": "timeout",
            "message": " ".join(self._sentences(found, others, rejected)),
            "found": found,
            "missing": self.count - found,
            "others": [{"type": other.type, "event": other.event, "count": other.count} for other in others],
        }
        shown = ",".join(row_json(row) for row in rejected[:_SHOWN])
        return f'{json.dumps(told)[:-1]},"rejected":[{shown}],"events":[{",".join(self._bodies)}]}}'

    def _sentences(self, found: int, others: list[_Other], rejected: list[Row]) -> list[str]:
        wanted = ", ".join(
            f"{name} {json.dumps(value, ensure_ascii=False)}" for name, value in self._wanted.items()
        )
        sought = f" with {wanted}" if wanted else ""
        said = [f"{found} of {self.count} events{sought} came within {self.seconds:g} s."]
        if others:
            said.append("Stored are: " + ", ".join(f"{o.type} {o.event} ({o.count})" for o in others) + ".")
        else:
            said.append("Nothing is stored.")
        if rejected:
            first = json.loads(rejected[0].issues or "[]")[0]
            place = f"{first['path']}: " * bool(first["path"])
            said.append(f"Rejected: {len(rejected)}, the last for {place}{first['message']}")
        return said

    def _others(self, rows: list[Row]) -> list[_Other]:
        counted = Counter((row.type or "", row.event or "") for row in rows)
        others = [_Other(type_, event, count) for (type_, event), count in counted.items()]
        name = self._wanted.get("event", "")
        return sorted(others, key=lambda other: -SequenceMatcher(None, name, other.event).ratio())[:_SHOWN]


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= _MOST_SECONDS:
        raise Problem(400, "bad_query", f"timeout is {text[:40]!r}: pass 0 to {_MOST_SECONDS:g} seconds.")
    return seconds
