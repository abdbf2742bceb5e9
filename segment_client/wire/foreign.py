"""What a foreign call lacks to be a SemanticEvent, and what of it is too odd to be typed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from pydantic_core import ValidationError
from semantic_events.wire import CALL_TYPES

from segment_client.errors import DecodeError, ErrorDetail
from segment_client.ids import derive_event_gid, new_message_id, usable_message_id
from segment_client.wire.collect import collect_object
from segment_client.wire.places import mirror, mirrored_keys
from segment_client.wire.text import to_text

if TYPE_CHECKING:
    from uuid import UUID

    from pydantic import TypeAdapter
    from semantic_events import SemanticEvent

__all__ = ["DEFAULT_EVENTS", "complete", "refuse_meaningless", "soften"]

DEFAULT_EVENTS = {
    "identify": "Identify",
    "page": "Page Viewed",
    "screen": "Screen Viewed",
    "group": "Group",
    "alias": "Alias",
}
"""The event name of each call type that gives none."""

_OBJECTS = ("context", "traits", "properties", "integrations")
_IDENTITIES = ("userId", "anonymousId")


def refuse_meaningless(call: Mapping[str, Any], *, own: bool) -> None:
    """Raise DecodeError for a call that means nothing: no type, no event name, nobody it is about.

    Of our `own` calls only the type is asked for here; the model says what else is wrong with them.
    """
    call_type = call.get("type")
    if call_type not in CALL_TYPES:
        known = ", ".join(CALL_TYPES)
        raise DecodeError([_detail("type", f"must be one of {known}", "unknown_type")])
    if own:
        return
    errors = [
        _detail(key, "must be a JSON object", "no_object")
        for key in _OBJECTS
        if not (call.get(key) is None or isinstance(call[key], dict))
    ]
    if call_type == "track" and not (isinstance(call.get("event"), str) and call["event"]):
        errors.append(
            _detail("event", "a track call must name its event, as text that is not empty", "missing")
        )
    identities = (*_IDENTITIES, "previousId") if call_type == "alias" else _IDENTITIES
    if not any(call.get(key) not in (None, "") for key in identities):
        errors.append(_detail(identities[0], f"a call must hold one of {', '.join(identities)}", "missing"))
    errors += [
        _detail(key, "must be text or a number", "no_text")
        for key in (*identities, "messageId")
        if isinstance(call.get(key), dict | list | bool)
    ]
    if errors:
        raise DecodeError(errors)


def complete(
    fields: dict[str, Any],
    call: Mapping[str, Any],
    entity_gid: UUID,
    partition: str,
    now: datetime,
    sent_at: object,
) -> None:
    """Fill in what only our events have, and what foreign calls keep elsewhere; changes `fields` in place."""
    call_type = call["type"]
    _complete_objects(fields, call, call_type)
    for name in ("user_id", "anonymous_id", "previous_id"):
        if name in fields:
            fields[name] = to_text(fields[name], name)
    if call_type != "track":
        fields.setdefault("event", DEFAULT_EVENTS[call_type])
    given = call.get("messageId")
    message_id = new_message_id() if given in (None, "") else usable_message_id(to_text(given, "messageId"))
    event_gid = derive_event_gid(entity_gid, message_id)
    fields |= {
        "message_id": message_id,
        "entity_gid": entity_gid,
        "partition": partition,
        "event_gid": event_gid,
        "root_event_gid": event_gid,
        "timestamp": _timestamp(fields, now, sent_at),
    }


def _complete_objects(fields: dict[str, Any], call: Mapping[str, Any], call_type: str) -> None:
    context, properties = call.get("context") or {}, call.get("properties") or {}
    if "cxs" in context:
        fields.setdefault("context", {}).setdefault("extras", {})["cxs"] = context["cxs"]
    if call_type == "identify" and call.get("traits") is None and isinstance(context.get("traits"), Mapping):
        fields["traits"] = collect_object("traits", context["traits"], like="track")
    route = mirror(call_type)
    if route:
        found = {
            key: properties[key] for key in mirrored_keys(call_type) if isinstance(properties.get(key), str)
        }
        if found:
            fields[route[0]] = {**found, **fields.get(route[0], {})}
    if call_type in ("page", "screen") and isinstance(properties.get("name"), str):
        fields.setdefault(call_type, {}).setdefault("name", properties["name"])
    if "integrations" in fields:
        fields["integrations"] = {
            key: bool(value) or isinstance(value, Mapping)
            for key, value in fields["integrations"].items()
            if isinstance(value, bool | Mapping)
        }


def _timestamp(fields: Mapping[str, Any], now: datetime, sent_at: object) -> object:
    if "timestamp" in fields:
        return fields["timestamp"]
    for candidate in (fields.get("original_timestamp"), fields.get("sent_at"), sent_at):
        if _is_timestamp(candidate):
            return candidate
    return now


def _is_timestamp(value: object) -> bool:
    try:
        _date_time().validate_python(value)
    except ValidationError:
        return False
    return True


@cache
def _date_time() -> TypeAdapter[datetime]:
    from pydantic import TypeAdapter
    from semantic_events.formats import DateTime

    return TypeAdapter(DateTime)


_ESSENTIAL = frozenset(
    {"type", "event", "message_id", "entity_gid", "partition", "event_gid", "root_event_gid", "timestamp"}
    | {"user_id", "anonymous_id", "previous_id"}
)


def soften(fields: dict[str, Any]) -> SemanticEvent:
    """Return the event of a foreign call, without what fits no type: the caller keeps the originals.

    Raises pydantic.ValidationError where one of the fields that make an event is wrong.
    """
    from semantic_events import SemanticEvent

    try:
        return SemanticEvent.model_validate(fields)
    except ValidationError as error:
        places = [detail["loc"] for detail in error.errors(include_url=False, include_input=False)]
        if any(place[0] in _ESSENTIAL for place in places):
            raise
    for place in places:
        holder = fields.get(str(place[0]))
        if len(place) > 1 and isinstance(holder, dict):
            holder.pop(str(place[1]), None)
        else:
            fields.pop(str(place[0]), None)
    return SemanticEvent.model_validate(fields)


def _detail(key: str, message: str, kind: str) -> ErrorDetail:
    return {"loc": (key,), "msg": message, "type": kind}
