"""From what a call was given to the fields of a valid event: ids, timestamp, texts, checks."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from semantic_events.properties import CatalogueProperties

from segment_client.errors import InvalidTypeError, InvalidValueError
from segment_client.exact import without_nulls
from segment_client.ids import derive_event_gid, new_message_id
from segment_client.validation import valid_fields
from segment_client.version import VERSION
from segment_client.wire import DEFAULT_EVENTS, Json, amend, to_json_value, to_texts
from segment_client.wire.places import EXTRAS
from segment_client.wire.shape import PROVENANCE

if TYPE_CHECKING:
    from semantic_events import SemanticEvent

__all__ = ["Message", "Sender", "aware", "build", "default_layer", "revalidated"]

_LIBRARY = "python-segment-client"


@dataclass(frozen=True, slots=True)
class Sender:
    """Whom a client sends for."""

    entity_gid: UUID
    partition: str


class Message(NamedTuple):
    """The fields of a valid event, and beside them what it cannot hold: properties with their JSON types
    where they are to be sent so, and the traits of a catalogue event, as they were given. `derived` says that
    its `event_gid` was derived from its message id.
    """

    fields: dict[str, Any]
    native_properties: Mapping[str, Json] | None = None
    traits: CatalogueProperties | None = None
    derived: bool = False

    def __repr__(self) -> str:
        return f"<Message {self.fields['message_id']}>"  # values are nobody's business


def default_layer(ip: str | None) -> Mapping[str, object]:
    """Return what every event says of its sender unless the caller says otherwise.

    `ip` is sent as `context.ip`; "0.0.0.0" is Segment's own mark for "not recorded", None leaves it out.
    """
    library, system = _machine()
    layer: dict[str, object] = {"library": library, "os": system}
    return layer if ip is None else {**layer, "context": {"ip": ip}}


@cache
def _machine() -> tuple[dict[str, str], dict[str, str]]:
    system = {"name": platform.system(), "version": platform.release()}
    return {"name": _LIBRARY, "version": VERSION}, {key: text for key, text in system.items() if text}


def build(
    call_type: str,
    fields: dict[str, Any],
    given: Mapping[str, object],
    sender: Sender,
    now: datetime,
    *,
    typed: bool = False,
) -> Message:
    """Return the valid message of one call; `fields`, what was given over what is below it, are changed.

    `now` is the timestamp of a call that gives none. With `typed`, properties keep their JSON types beside
    their texts. Raises InvalidValueError and InvalidTypeError for what a call must hold,
    pydantic.ValidationError for a value that does not fit the schema.
    """
    fields["type"] = call_type
    properties, traits = given.get("properties"), given.get("traits")
    exact = traits if isinstance(traits, CatalogueProperties) else None
    if exact is not None:
        fields["traits"] = without_nulls(fields["traits"], exact)
    described = properties if isinstance(properties, CatalogueProperties) else exact
    if described is not None and described.provenance:
        fields["context"] = _with_provenance(fields.get("context", {}), described.provenance)
    _check_who_and_what(fields, call_type)
    if "integrations" in fields:
        _check_integrations(fields["integrations"])
    fields["timestamp"] = aware(fields["timestamp"]) if "timestamp" in fields else now
    fields["entity_gid"] = sender.entity_gid
    fields["partition"] = sender.partition
    message_id = fields.get("message_id")
    if message_id is None:
        message_id = fields["message_id"] = new_message_id()
    derived = "event_gid" not in fields and isinstance(message_id, str)
    if derived:
        fields["event_gid"] = derive_event_gid(sender.entity_gid, message_id)
    native = _take_properties(fields, typed=typed)
    return Message(valid_fields(fields), native, exact, derived)


def _with_provenance(context: Mapping[str, Any], provenance: Mapping[str, str]) -> dict[str, Any]:
    """Return the context with what a catalogue event says of its origin, under what the caller says there."""
    extras = context.get(EXTRAS[1], {})
    given = extras.get(PROVENANCE, {})
    said = {**provenance, **given} if isinstance(given, Mapping) else given
    return {**context, EXTRAS[1]: {**extras, PROVENANCE: said}}


def _check_who_and_what(fields: dict[str, Any], call_type: str) -> None:
    """Refuse a call without its root event, its name, its user or its other id; say which argument it is."""
    if "root_event_gid" not in fields:
        raise InvalidTypeError(
            "root_event_gid is missing: pass the UUID of the event that this one goes back to, or bind it"
        )
    name = fields.get("event")
    if name is None:
        name = fields["event"] = DEFAULT_EVENTS.get(call_type)
    if not isinstance(name, str) or not name.strip():
        raise _unusable_name(name)
    _check_somebody(fields)
    if call_type == "group" and _is_absent(fields.get(EXTRAS[0], {}), "group_id"):
        raise InvalidTypeError("group_id is missing: pass the id of the group, or bind it as context")
    if call_type == "alias" and _is_absent(fields, "previous_id"):
        raise InvalidTypeError("previous_id is missing: pass the id that the user had before")


def _check_somebody(fields: Mapping[str, Any]) -> None:
    """Raise InvalidValueError for an event that is about nobody."""
    if _is_absent(fields, "user_id") and _is_absent(fields, "anonymous_id"):
        raise InvalidValueError(
            "user_id and anonymous_id are both missing: pass one of them, whom the event is about"
        )


def revalidated(event: SemanticEvent) -> SemanticEvent:
    """Return an event that `before_send` has returned, if it is still one; raises as `build` does."""
    from semantic_events import SemanticEvent

    if not isinstance(event, SemanticEvent):
        raise InvalidTypeError(
            f"before_send returned a {type(event).__name__}: return the event, or None to skip it"
        )
    valid = SemanticEvent.model_validate(event)
    _check_somebody(vars(valid))
    amend(valid, "write_key", None)  # a server sets these, and no client sends them
    amend(valid, "received_at", None)
    return valid


def _is_absent(fields: Mapping[str, Any], name: str) -> bool:
    return fields.get(name) in (None, "")


def _unusable_name(name: object) -> InvalidTypeError | InvalidValueError:
    if name is None:
        return InvalidTypeError(
            "event_name is missing: pass the event's name, such as event_name='Order Completed'"
        )
    if not isinstance(name, str):
        return InvalidTypeError(f"event_name is a {type(name).__name__}: pass the event's name as text")
    return InvalidValueError(
        "event_name is empty: pass the event's name, such as event_name='Order Completed'"
    )


def _check_integrations(integrations: object) -> None:
    if integrations is None:
        return
    if not isinstance(integrations, Mapping):
        raise InvalidTypeError(f"integrations is a {type(integrations).__name__}: pass a dict of bools")
    for key, value in integrations.items():
        if not isinstance(value, bool):
            raise InvalidTypeError(f"integrations[{key!r}] is a {type(value).__name__}: pass True or False")


def aware(value: object) -> datetime:
    """Return a call's timestamp; raises InvalidValueError or InvalidTypeError for what is no instant."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value.upper())  # RFC 3339 has small letters too
        except ValueError:
            raise InvalidValueError(f"timestamp is no ISO 8601 date and time: {_HINT}") from None
    if not isinstance(value, datetime):
        raise InvalidTypeError(f"timestamp is a {type(value).__name__}: {_HINT}")
    if value.utcoffset() is None:
        raise InvalidValueError(f"timestamp has no time zone, so its instant is unknown: {_HINT}")
    return value


_HINT = "pass datetime.now(timezone.utc) or text such as '2026-01-31T09:30:00Z'"


def _take_properties(fields: dict[str, Any], *, typed: bool) -> dict[str, Json] | None:
    """Turn the properties to text; return them with their JSON types if those are wanted."""
    given = fields.get("properties")
    if given is None:
        return None
    native = (
        {key: to_json_value(value, f"properties.{key}") for key, value in given.items()} if typed else None
    )
    fields["properties"] = to_texts(given, "properties")
    return native
