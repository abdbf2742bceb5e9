"""One received call judged: the event that it is, or everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from pydantic import ValidationError
from semantic_events import SemanticEvent

from segment_client.collector.calls import Unreadable, without_key
from segment_client.collector.catalogue import Checker
from segment_client.collector.expected import expected
from segment_client.collector.fitness import displayable, strict_json, unfit
from segment_client.collector.labels import Labels, labels, test_id
from segment_client.collector.problem import CallError
from segment_client.errors import DecodeError, SegmentError
from segment_client.wire import Identity, amend, decode

__all__ = ["MAX_ERRORS", "Accepted", "Rejected", "examine"]

MAX_ERRORS = 100
"""The most errors that are kept of one call."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """A valid event: what it is found by, its JSON with `received_at`, the call that it came as.

    `test_id` is the call's `context.test_id` or `context.testId`, "" without one. `warnings` are what the
    catalogue has against it.
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
    warnings: list[CallError] = field(default_factory=list)
    made: SemanticEvent | None = field(default=None, repr=False, compare=False)

    @property
    def model(self) -> SemanticEvent:
        """The event: as it was made, or where that was in another process, read from its JSON."""
        return self.made or SemanticEvent.model_validate_json(self.body)

    def __reduce__(self) -> tuple[object, ...]:  # a model is slow to pickle, and SQLite needs none
        found = (self.entity_gid, self.message_id, self.type, self.event, self.user_id, self.anonymous_id)
        return Accepted, (*found, self.test_id, self.body, self.raw, self.warnings)


@dataclass(frozen=True, slots=True)
class Rejected:
    """A call that is no valid event. `raw` is its JSON, "null" where it has none."""

    errors: list[CallError]
    raw: str
    labels: Labels


def examine(
    call: object,
    identity: Identity,
    now: datetime,
    sent_at: str | None = None,
    checker: Checker | None = None,
) -> Accepted | Rejected:
    """Decode and validate one call without its write key; `now` (aware) becomes its `received_at`.

    A `checker` holds it against a catalogue too.
    """
    try:
        return _examine(call, identity, now, sent_at, checker)
    except RecursionError:
        return _rejected([_whole("The call is nested too deeply.", "too_deep")], "null")


def _examine(
    call: object, identity: Identity, now: datetime, sent_at: str | None, checker: Checker | None
) -> Accepted | Rejected:
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
        return _judged(kept, raw, identity, now, sent_at, checker)
    except ValidationError as error:
        details = error.errors(include_url=False, include_context=False, include_input=False)
        return _rejected(_errors(details), raw, kept)
    except DecodeError as error:
        return _rejected(_errors(error.errors), raw, kept)
    except SegmentError as error:
        return _rejected([_whole(str(error), "invalid_call")], raw, kept)


def _judged(
    call: Mapping[str, Any],
    raw: str,
    identity: Identity,
    now: datetime,
    sent_at: str | None,
    checker: Checker | None,
) -> Accepted | Rejected:
    event = decode(call, identity, now, sent_at)
    amend(event, "received_at", now)
    warnings = _limited(checker(event, call)) if checker else []
    if warnings and checker and checker.strict:
        return _rejected(warnings, raw, call)
    return Accepted(
        entity_gid=str(event.entity_gid),
        message_id=event.message_id,
        type=event.type,
        event=event.event,
        user_id=event.user_id,
        anonymous_id=event.anonymous_id,
        test_id=test_id(call),
        body=event.__pydantic_serializer__.to_json(event, exclude_none=True).decode(),
        raw=raw,
        warnings=warnings,
        made=event,
    )


def _errors(details: Iterable[Any]) -> list[CallError]:
    return [_error(detail["loc"], detail["msg"], detail["type"]) for detail in details]


def _error(steps: tuple[str | int, ...], message: str, kind: str) -> CallError:
    error: CallError = {"path": ".".join(map(str, steps)), "message": message, "type": kind}
    wanted = expected(_schema(), steps)
    return error | {"expected": wanted} if wanted else error


@cache
def _schema() -> dict[str, Any]:
    return SemanticEvent.model_json_schema()


def _whole(message: str, kind: str) -> CallError:
    return {"path": "", "message": message, "type": kind}


def _rejected(errors: list[CallError], raw: str, call: object = None) -> Rejected:
    return Rejected(_limited(errors), raw, labels(call))


def _limited(errors: list[CallError]) -> list[CallError]:
    rest = len(errors) - MAX_ERRORS
    return [*errors[:MAX_ERRORS], _whole(f"{rest} errors more.", "truncated")] if rest > 0 else errors
