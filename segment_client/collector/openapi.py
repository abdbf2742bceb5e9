"""What the collector takes and answers as an OpenAPI document, for tools that make clients and for people."""

from __future__ import annotations

from segment_client.collector.operations import (
    Json,
    array_of,
    integer,
    object_of,
    operation,
    parameter,
    text,
)
from segment_client.collector.paths import BATCHES, CALLS, PREFIXES
from segment_client.collector.search.parameters import SEARCH_PARAMETERS

__all__ = ["openapi"]

_ABOUT = f"""A local server for the events of Segment-compatible clients.

What is posted may be gzip, under any content type. Each path that takes events is there in the forms of every
vendor: under {", ".join(f"`{prefix or '/'}`" for prefix in PREFIXES)}, by its name or its first letter.
"""
_MEANING = {
    "q": "a search in the words of the page: `checkout type:track event:Order* user:ada has:error last:15m`",
    "user": "the user id or the anonymous id",
    "after": "received at this ISO 8601 time or later",
    "before": "received before this ISO 8601 time",
}
_KEYS: dict[str, Json] = {
    "basic": {"type": "http", "scheme": "basic", "description": "the write key as user name, no password"},
    "header": {"type": "apiKey", "in": "header", "name": "X-Write-Key"},
    "query": {"type": "apiKey", "in": "query", "name": "writeKey"},
}
_EVENT: Json = {"type": "object", "title": "SemanticEvent"}
_CALL: Json = {"type": "object", "title": "Call"}
_BATCH = object_of(batch=array_of(_CALL))
_TIME = text("date-time")
_ISSUE = object_of(path=text(), message=text(), type=text())
_ISSUE["properties"]["expected"] = text()
_WARNED = object_of(id=integer(), message_id=text(), received_at=_TIME, warnings=array_of(_ISSUE), raw={})
_REJECTED = object_of(id=integer(), received_at=_TIME, errors=array_of(_ISSUE), raw={})
_ROW = object_of(
    seq=integer(), accepted={"type": "boolean"}, received_at=_TIME, repeats=integer(), issues=integer()
)
_SUCCESS = object_of(success={"const": True})
_COUNTS = object_of(
    received=integer(), stored=integer(), duplicates=integer(), rejected=integer(), warned=integer()
)
_SEARCH = [parameter(name, _MEANING.get(name, f"exactly this {name}")) for name in SEARCH_PARAMETERS]
_PART = [
    parameter("limit", "at most so many", integer(1, 1000)),
    parameter("cursor", "the `next` of the part before", integer()),
]
_STATUS = parameter("status", "only these", {"enum": ["accepted", "rejected"]})
_MESSAGE_ID = parameter("message_id", "whose", place="path")
_KEY = parameter("key", "the write key", place="path")


def openapi(version: str) -> Json:
    """Return the document of this version of the collector, an OpenAPI 3.1 object."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Collector", "version": version, "description": _ABOUT},
        "security": [{name: []} for name in _KEYS],
        "components": {"securitySchemes": _KEYS},
        "paths": _receiving() | _reading() | _operating(),
    }


def _receiving() -> Json:
    taken = {f"/v1/{name}": ("Take one call, which may leave its type out", _CALL) for name in CALLS}
    taken |= {f"/v1/{name}": ("Take a batch of calls", _BATCH) for name in BATCHES if len(name) > 1}
    events = "Take an event of either format, an array of them, or JSON lines"
    taken["/v1/event"] = (events, {"anyOf": [_EVENT, _CALL, array_of({"anyOf": [_EVENT, _CALL]})]})
    return {
        **{path: {"post": operation(said, _SUCCESS, body=body)} for path, (said, body) in taken.items()},
        "/v1/projects/{key}/settings": _get("Tell a browser client where to send", _CALL, _KEY),
        "/sourceConfig": _get("Tell a RudderStack client about its source", _CALL),
    }


def _reading() -> Json:
    listed = [*_PART, *_SEARCH]
    emptied = operation("Delete everything", _SUCCESS)
    return {
        "/api/events": {
            **_get("The events, newest first", _listed("events", _EVENT), *listed),
            "delete": emptied,
        },
        "/api/events/{message_id}": _get("One event", _EVENT, _MESSAGE_ID),
        "/api/events/{message_id}/call": _get(
            "The call that an event came as",
            object_of(received_at=_TIME, repeats=integer(), warnings=array_of(_ISSUE), raw={}),
            _MESSAGE_ID,
        ),
        "/api/rejected": _get("The rejected calls, newest first", _listed("rejected", _REJECTED), *listed),
        "/api/warnings": _get(
            "The stored events that the catalogue warns of", _listed("warnings", _WARNED), *listed
        ),
        "/api/calls": _get("Good and rejected calls, as rows", _listed("calls", _ROW), _STATUS, *listed),
        "/api/calls/{seq}": _get("All of one call", _ROW, parameter("seq", "which", integer(), "path")),
        "/api/wait": _get(
            "The events, once they are there; 409 with what came instead",
            object_of(events=array_of(_EVENT)),
            parameter("count", "how many to wait for", integer(1, 1000)),
            parameter("timeout", "seconds", {"type": "number", "minimum": 0, "maximum": 300}),
            *_SEARCH,
        ),
        "/api/export": _get(
            "What a search finds, as lines: the events, or the rejected calls",
            text(),
            _STATUS,
            *_SEARCH,
            media_type="application/x-ndjson",
        ),
        "/api/stream": _get(
            "What changes, as server-sent events: call, counts, cleared, expired, gap",
            text(),
            parameter("from", "the id of the last change that is known"),
            parameter("Last-Event-ID", "the same, as browsers say it", place="header"),
            *_SEARCH,
            media_type="text/event-stream",
        ),
        "/api/catalogue": _get(
            "The events that the catalogue describes, and where on its page",
            object_of(events=array_of(object_of(type=text(), event=text(), version=text(), path=text()))),
        ),
        "/api/stats": _get(
            "How many calls came, and what became of them",
            _COUNTS,
            parameter("minutes", "also by minute, for so many of them", integer(1, 1440)),
        ),
    }


def _operating() -> Json:
    return {
        "/healthz": _get("Whether the process answers", object_of(status={"const": "ok"})),
        "/readyz": _get("Whether events can be stored; 503 where not", object_of(status={"const": "ready"})),
        "/metrics": _get("The counts, for Prometheus", text(), media_type="text/plain"),
        "/openapi.json": _get("This document", {"type": "object"}),
    }


def _get(summary: str, answer: Json, *parameters: Json, media_type: str = "application/json") -> Json:
    return {"get": operation(summary, answer, parameters, media_type=media_type)}


def _listed(name: str, item: Json) -> Json:
    older = {"type": ["string", "null"], "description": "the cursor of the older part; null at the end"}
    return object_of(**{name: array_of(item), "next": older})
