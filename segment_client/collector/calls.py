"""A body's calls: JSON of any of the shapes that clients send, taken apart into single calls.

The strict parser reads a body at once. Where it refuses, a lenient one takes the body apart, so that a single
call with a NaN or half a surrogate pair does not cost its batch; which call it is, `examine` finds.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic_core import from_json

from segment_client.collector.auth import WRITE_KEY_NAMES
from segment_client.collector.paths import Target
from segment_client.collector.problem import Problem

__all__ = ["MAX_CALLS", "Calls", "Unreadable", "read_calls", "without_key"]

MAX_CALLS = 10_000
"""The most calls that one request may hold."""

_SHARED = ("context", "integrations")
"""What a batch envelope may say once for all of its calls."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A line of JSON lines that is no JSON: which (from 1), and why."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Calls:
    """A body taken apart: its calls as parsed, and its key and its envelope's `sentAt` if it has them."""

    calls: list[object]
    key: str | None = None
    sent_at: str | None = None


def read_calls(body: bytes, target: Target) -> Calls:
    """Return a body's calls; raises Problem 400 for no JSON or another shape, 413 for too many calls."""
    if not body.strip():
        raise Problem(400, "empty_body", "The body is empty: send a JSON object.")
    try:
        calls = _take_apart(body, target)
    except RecursionError as error:
        raise _too_deep() from error
    if len(calls.calls) > MAX_CALLS:
        raise Problem(413, "too_many_calls", f"The body holds over {MAX_CALLS} calls: send smaller batches.")
    return calls


def without_key(value: object) -> object:
    """Return a call without the write key that it may hold; lists are looked into."""
    if isinstance(value, list):
        return [without_key(item) for item in value]
    if isinstance(value, dict) and not value.keys().isdisjoint(WRITE_KEY_NAMES):
        return {name: item for name, item in value.items() if name not in WRITE_KEY_NAMES}
    return value


def _take_apart(body: bytes, target: Target) -> Calls:
    match target.shape:
        case "batch":
            return _batch(_parse(body))
        case "events":
            return _events(body)
        case "call":
            return _single(_parse(body), target.call_type)


def _parse(body: bytes) -> object:
    try:
        return from_json(body, allow_inf_nan=False)
    except ValueError as strict:
        try:
            return json.loads(body.decode("utf-8-sig"))
        except RecursionError as error:
            raise _too_deep() from error
        except ValueError:
            raise Problem(400, "invalid_json", f"The body is no JSON: {strict}.") from strict


def _single(value: object, call_type: str | None) -> Calls:
    if not isinstance(value, dict):
        raise _wrong_shape("one call, a JSON object", value)
    call = value if value.get("type") is not None else {**value, "type": call_type}
    return Calls([call], _key(value))


def _batch(envelope: object) -> Calls:
    if not isinstance(envelope, dict) or not isinstance(envelope.get("batch"), list):
        raise _wrong_shape('a batch, {"batch": [...]}', envelope)
    calls = [_complete(call, envelope) for call in envelope["batch"]]
    sent_at = envelope.get("sentAt")
    return Calls(calls, _key(envelope, *calls), sent_at if isinstance(sent_at, str) else None)


def _events(body: bytes) -> Calls:
    try:
        value = _parse(body)
    except Problem:
        calls = _lines(body)
        if not any(isinstance(call, dict) for call in calls):
            raise
    else:
        calls = value if isinstance(value, list) else [value]
        if not isinstance(value, dict | list):
            raise _wrong_shape("an event, an array of events or JSON lines", value)
    return Calls(calls, _key(*calls))


def _lines(body: bytes) -> list[object]:
    calls: list[object] = []
    for number, line in enumerate(body.split(b"\n"), start=1):
        if len(calls) > MAX_CALLS:
            break
        if line.strip():
            try:
                calls.append(_parse(line))
            except Problem as problem:
                calls.append(Unreadable(number, problem.message))
    return calls


def _complete(call: object, envelope: Mapping[str, Any]) -> object:
    """Put what the envelope says for all calls under what this one says; a semantic event is whole."""
    if not isinstance(call, dict) or "message_id" in call:
        return call
    shared = {name: envelope[name] for name in _SHARED if isinstance(envelope.get(name), dict)}
    return _merged(shared, call) if shared else call


def _merged(under: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    merged = {**under, **over}
    for name, value in under.items():
        own = over.get(name)
        if own is None:
            merged[name] = value
        elif isinstance(own, dict) and isinstance(value, dict):
            merged[name] = _merged(value, own)
    return merged


def _key(*holders: object) -> str | None:
    found = (holder.get(name) for holder in holders if isinstance(holder, dict) for name in WRITE_KEY_NAMES)
    return next((key for key in found if isinstance(key, str) and key), None)


def _wrong_shape(wanted: str, value: object) -> Problem:
    kind = "an object" if isinstance(value, dict) else "an array" if isinstance(value, list) else "a value"
    return Problem(400, "invalid_shape", f"This path takes {wanted}; the body is {kind} that is none.")


def _too_deep() -> Problem:
    return Problem(400, "too_deep", "The JSON is nested too deeply: send a flatter value.")
