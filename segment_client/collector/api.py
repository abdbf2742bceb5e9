"""The reading side: what the store holds, as the JSON of the collector's API."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from segment_client.collector.problem import Problem
from segment_client.collector.store import FILTERS, Store, StoredEvent, StoredRejection

__all__ = ["Api"]

_DEFAULT_LIMIT = 100
_MAX_LIMIT = 1000


@dataclass(frozen=True, slots=True)
class Api:
    """Answers questions about a store with JSON text. `query` holds a request's parameters, each once.

    Lists are newest first: `limit` is 1 to 1000 (100 unless given), and `next` is the `cursor` of the next,
    older part or null. Stored JSON is passed on as it is, never parsed again.
    """

    store: Store

    def events(self, query: Mapping[str, str]) -> str:
        """Return `{"events": [SemanticEvent], "next": cursor}`; `type`, `event` and `user_id` filter."""
        limit, before = _window(query, FILTERS)
        found = self.store.events(limit + 1, before, {name: query[name] for name in FILTERS if name in query})
        bodies = (event.body for event in found[:limit])
        return f'{{"events":[{",".join(bodies)}],"next":{_next(found, limit)}}}'

    def event(self, message_id: str) -> str:
        """Return one SemanticEvent; raises Problem 404 for a message id that was not stored."""
        return self._find(message_id).body

    def call(self, message_id: str) -> str:
        """Return `{"received_at", "repeats", "raw"}`: the call that an event came as, and its repeats."""
        event = self._find(message_id)
        return f'{{"received_at":"{event.received_at}","repeats":{event.repeats},"raw":{event.raw}}}'

    def rejected(self, query: Mapping[str, str]) -> str:
        """Return `{"rejected": [{"id", "received_at", "errors", "raw"}], "next": cursor}`."""
        limit, before = _window(query)
        found = self.store.rejections(limit + 1, before)
        return f'{{"rejected":[{",".join(map(_rejection, found[:limit]))}],"next":{_next(found, limit)}}}'

    def _find(self, message_id: str) -> StoredEvent:
        event = self.store.event(message_id)
        if event is None:
            raise Problem(404, "not_found", "No event with this message id was stored.")
        return event


def _rejection(call: StoredRejection) -> str:
    head = f'"id":{call.seq},"received_at":"{call.received_at}"'
    return f'{{{head},"errors":{call.errors},"raw":{call.raw}}}'


def _window(query: Mapping[str, str], filters: Iterable[str] = ()) -> tuple[int, int | None]:
    known = ["cursor", "limit", *filters]
    for name in query:
        if name not in known:
            raise Problem(400, "bad_query", f"There is no parameter {name!r}: pass {', '.join(known)}.")
    limit = _number(query, "limit", _DEFAULT_LIMIT)
    if not 1 <= limit <= _MAX_LIMIT:
        raise Problem(400, "bad_query", f"limit is {limit}: pass 1 to {_MAX_LIMIT}.")
    return limit, _number(query, "cursor", 0) if "cursor" in query else None


def _number(query: Mapping[str, str], name: str, default: int) -> int:
    text = query.get(name, str(default))
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise Problem(400, "bad_query", f"{name} is {text!r}: pass a whole number.")
    return int(text)


def _next(found: list[StoredEvent] | list[StoredRejection], limit: int) -> str:
    return f'"{found[limit - 1].seq}"' if len(found) > limit else "null"
