"""One received call judged: the event that it is, or everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from segment_client.collector.calls import Unreadable, without_key
from segment_client.collector.fitness import displayable, strict_json, unfit
from segment_client.collector.labels import Labels, labels, test_id
from segment_client.collector.problem import CallError
from segment_client.errors import DecodeError, SegmentError
from segment_client.wire import Identity, decode

if TYPE_CHECKING:
    from semantic_events import SemanticEvent

__all__ = ["MAX_ERRORS", "Accepted", "Rejected", "examine"]

MAX_ERRORS = 100
"""The most errors that are kept of one call."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """A valid event: what it is found by, its JSON with `received_at`, the call that it came as, its model.

    `test_id` is the call's `context.test_id` or `context.testId`, "" without one.
    """

    entity_gid: str
    message_id: str
    type: str
    event: str
    user_id: str | None
    anonymous_id: str | None
    test_id: str
    body: str
    raw: str
    model: SemanticEvent = field(repr=False)


@dataclass(frozen=True, slots=True)
class Rejected:
    """A call that is no valid event. `raw` is its JSON, "null" where it has none."""

    errors: list[CallError]
    raw: str
    labels: Labels


def examine(
    call: object, identity: Identity, now: datetime, sent_at: str | None = None
) -> Accepted | Rejected:
    """Decode and validate one call without its write key; `now` (aware) becomes its `received_at`."""
    try:
        return _examine(call, identity, now, sent_at)
    except RecursionError:
        return _rejected([_whole("The call is nested too deeply.", "too_deep")], "null")


def _examine(call: object, identity: Identity, now: datetime, sent_at: str | None) -> Accepted | Rejected:
    if isinstance(call, Unreadable):
        return _rejected([_whole(f"Line {call.line}: {call.reason}", "invalid_json")], "null")
    kept = without_key(call)
    raw = strict_json(kept)
    if raw is None:
        errors = list(unfit(kept)) or [_whole("The call is nested too deeply.", "too_deep")]
        return _rejected(errors, displayable(kept), kept)
    if not isinstance(kept, Mapping):
        return _rejected([_whole("A call is a JSON object.", "invalid_shape")], raw)
    try:
        return _accepted(kept, raw, identity, now, sent_at)
    except ValidationError as error:
        details = error.errors(include_url=False, include_context=False, include_input=False)
        return _rejected(_errors(details), raw, kept)
    except DecodeError as error:
        return _rejected(_errors(error.errors), raw, kept)
    except SegmentError as error:
        return _rejected([_whole(str(error), "invalid_call")], raw, kept)


def _accepted(
    call: Mapping[str, Any], raw: str, identity: Identity, now: datetime, sent_at: str | None
) -> Accepted:
    event = decode(call, identity, now, sent_at).model_copy(update={"received_at": now})
    return Accepted(
        entity_gid=str(event.entity_gid),
        message_id=event.message_id,
        type=event.type,
        event=event.event,
        user_id=event.user_id,
        anonymous_id=event.anonymous_id,
        test_id=test_id(call),
        body=event.model_dump_json(exclude_none=True),
        raw=raw,
        model=event,
    )


def _errors(details: Iterable[Any]) -> list[CallError]:
    return [
        {"path": ".".join(map(str, detail["loc"])), "message": detail["msg"], "type": detail["type"]}
        for detail in details
    ]


def _whole(message: str, kind: str) -> CallError:
    return {"path": "", "message": message, "type": kind}


def _rejected(errors: list[CallError], raw: str, call: object = None) -> Rejected:
    rest = len(errors) - MAX_ERRORS
    kept = [*errors[:MAX_ERRORS], _whole(f"{rest} errors more.", "truncated")] if rest > 0 else errors
    return Rejected(kept, raw, labels(call))
