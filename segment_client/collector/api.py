"""The reading side: what the store holds, as the JSON of the collector's API."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from segment_client.collector.problem import Problem
from segment_client.collector.search.parameters import (
    SEARCH_PARAMETERS,
    check_names,
    read_number,
    read_search,
)
from segment_client.collector.search.terms import Mark, Search, Term
from segment_client.collector.search.times import iso_time, microseconds
from segment_client.collector.store import Store
from segment_client.collector.store.records import Row, StoredCall

__all__ = ["REJECTED_COLUMNS", "Api", "change_id", "read_status", "rejected_json", "row_json"]

REJECTED_COLUMNS = "seq, received, issues, raw"
"""What is read of a rejected call."""

_log = logging.getLogger("segment_client.collector")
_DEFAULT_LIMIT = 100
_MAX_LIMIT = 1000
_MAX_MINUTES = 1440
_STATUS = {"accepted": True, "rejected": False}
_MINUTE = 60_000_000
_GLANCES = 5
_GLANCE = 60


@dataclass(frozen=True, slots=True)
class Api:
    """Answers questions about a store with JSON text. `query` holds a request's parameters, each once.

    Lists are newest first: `limit` is 1 to 1000 (100 unless given), and `next` is the `cursor` of the older
    part or null. A part may hold fewer than `limit` and still have a `next`: then the search took its time
    and goes on from there. All take the parameters of a search. Stored JSON is passed on as it is, never
    parsed again. `now` returns the time (aware).
    """

    store: Store
    now: Callable[[], datetime]

    def events(self, query: Mapping[str, str]) -> str:
        """Return `{"events": [SemanticEvent], "next": cursor}`."""
        search, limit, before = self._asked(query)
        page = self.store.find.columns("seq, body", search, limit, before, accepted=True)
        return f'{{"events":[{",".join(body for _, body in page.items)}],"next":{_cursor(page.next)}}}'

    def event(self, message_id: str) -> str:
        """Return one SemanticEvent; raises Problem 404 for a message id that was not stored."""
        return self._event(message_id).body or ""

    def call_of_event(self, message_id: str) -> str:
        """Return `{"received_at", "repeats", "warnings", "raw"}` of the call that an event came as."""
        row, raw = (call := self._event(message_id)).row, call.raw
        told = f'"repeats":{row.repeats},"warnings":{row.issues or "[]"}'
        return f'{{"received_at":"{iso_time(row.received)}",{told},"raw":{raw}}}'

    def warnings(self, query: Mapping[str, str]) -> str:
        """Return `{"warnings": [{"id", "message_id", "received_at", "warnings", "raw"}], "next": cursor}`.

        They are the stored events of which the catalogue has something to tell.
        """
        search, limit, before = self._asked(query)
        warned = Search((*search.terms, Term(Mark("warning"))))
        columns = "seq, message_id, received, issues, raw"
        page = self.store.find.columns(columns, warned, limit, before, accepted=True)
        items = (
            f'{{"id":{seq},"message_id":{json.dumps(message_id)},"received_at":"{iso_time(received)}",'
            f'"warnings":{issues},"raw":{raw}}}'
            for seq, message_id, received, issues, raw in page.items
        )
        return f'{{"warnings":[{",".join(items)}],"next":{_cursor(page.next)}}}'

    def rejected(self, query: Mapping[str, str]) -> str:
        """Return `{"rejected": [{"id", "received_at", "errors", "raw"}], "next": cursor}`."""
        search, limit, before = self._asked(query)
        page = self.store.find.columns(REJECTED_COLUMNS, search, limit, before, accepted=False)
        items = (rejected_json(*columns) for columns in page.items)
        return f'{{"rejected":[{",".join(items)}],"next":{_cursor(page.next)}}}'

    def calls(self, query: Mapping[str, str]) -> str:
        """Return `{"calls": [row], "next", "last", "counts"}`: short rows, good and rejected in one order.

        `status` narrows to accepted or rejected. `last` is the number of the last change: the stream goes on
        from there.
        """
        search, limit, before = self._asked(query, ["status"])
        accepted = read_status(query)
        last = change_id(self.store.find.epoch(), self.store.find.last())
        page = self.store.find.rows(search, limit, before, accepted=accepted)
        counts = json.dumps(self.store.find.counts())
        rows = ",".join(map(row_json, page.items))
        return f'{{"calls":[{rows}],"next":{_cursor(page.next)},"last":"{last}","counts":{counts}}}'

    def call(self, number: str) -> str:
        """Return one row with `event` (null for a rejected call), `raw`, `issues` and `request`."""
        call = (
            self.store.find.call(int(number))
            if number.isascii() and number.isdigit() and len(number) < 19
            else None
        )
        if call is None:
            raise Problem(404, "not_found", "There is no call with this number; was it cleared?")
        way = f'"method":{json.dumps(call.method)},"path":{json.dumps(call.path)}'
        request = f'{{{way},"headers":{call.headers or "[]"}}}'
        head = row_json(call.row).removesuffix("}")
        body = f'"issues":{call.row.issues or "[]"},"request":{request}'
        return f'{head},"event":{call.body or "null"},"raw":{call.raw},{body}}}'

    def clear(self) -> None:
        """Delete everything; raises Problem 503 where the store cannot be written."""
        try:
            self.store.clear()
        except OSError as error:
            _log.error("the store cannot be emptied: %s", error)
            message = "The store cannot be emptied: the log says why."
            raise Problem(503, "not_cleared", message, headers={"retry-after": "5"}) from error

    def stats(self, query: Mapping[str, str]) -> str:
        """Return the counts, and with `minutes=N` those of each of the last N minutes (1440 at most)."""
        check_names(query, ["minutes"])
        counts = self.store.find.counts()
        if "minutes" in query:
            now = microseconds(self.now()) // _MINUTE
            since = now - read_number(query, "minutes", 60, 1, _MAX_MINUTES) + 1
            found = [
                (minute - since, name, number) for minute, name, number in self.store.find.minutes(since)
            ]
            counts["minutes"] = {"first": iso_time(since * _MINUTE), "counts": found}
        return json.dumps(counts)

    def _asked(self, query: Mapping[str, str], more: Iterable[str] = ()) -> tuple[Search, int, int | None]:
        check_names(query, ["cursor", "limit", *more, *SEARCH_PARAMETERS])
        limit = read_number(query, "limit", _DEFAULT_LIMIT, 1, _MAX_LIMIT)
        before = read_number(query, "cursor", 0) if "cursor" in query else None
        return read_search(query, self.now()), limit, before

    def _event(self, message_id: str) -> StoredCall:
        call = self.store.find.event(message_id)
        if call is None:
            raise Problem(404, "not_found", "No event with this message id was stored.")
        return call


def read_status(query: Mapping[str, str]) -> bool | None:
    """Return whether the accepted calls are asked for, or the rejected ones, or (None) both."""
    status = query.get("status", "")
    if status and status not in _STATUS:
        raise Problem(400, "bad_query", f"status is {status[:40]!r}: pass accepted or rejected.")
    return _STATUS.get(status)


def rejected_json(seq: int, received: int, errors: str, raw: str) -> str:
    """Return the JSON of a rejected call with its errors, from REJECTED_COLUMNS."""
    return f'{{"id":{seq},"received_at":"{iso_time(received)}","errors":{errors},"raw":{raw}}}'


def change_id(epoch: int, number: int) -> str:
    """Return the id of a change, by which the live stream goes on from there."""
    return f"{epoch}-{number}"


def row_json(row: Row) -> str:
    """Return the JSON of a list row; `first` is the first of its `issues`, which are counted.

    `values` are a few of its properties, or traits, as pairs of text.
    """
    issues = json.loads(row.issues) if row.issues else []
    return json.dumps(
        {
            "seq": row.seq,
            "change": row.change,
            "accepted": row.accepted,
            "type": row.type,
            "event": row.event,
            "user_id": row.user_id,
            "anonymous_id": row.anonymous_id,
            "message_id": row.message_id,
            "test_id": row.test_id,
            "received_at": iso_time(row.received),
            "repeats": row.repeats,
            "issues": len(issues),
            "first": issues[0] if issues else None,
            "values": _some(json.loads(row.values)) if row.values else [],
        }
    )


def _some(values: dict[str, object]) -> list[tuple[str, str]]:
    """Return the first values that are no objects or lists, for a glance at a call."""
    plain = ((key, value) for key, value in values.items() if not isinstance(value, dict | list))
    return [
        (key[:_GLANCE], value[:_GLANCE] if isinstance(value, str) else json.dumps(value))
        for key, value in islice(plain, _GLANCES)
    ]


def _cursor(next_: int | None) -> str:
    return "null" if next_ is None else f'"{next_}"'
