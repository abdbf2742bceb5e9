"""A received call to a SemanticEvent: our own calls exactly, foreign ones without losing anything.

A foreign call (another vendor's client made it) often holds what the SemanticEvent has no typed place for.
What fits is typed; the rest is kept by JSON pointer, see `originals`. Only what makes a call meaningless is
refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from segment_client.ids import derive_event_gid
from segment_client.wire.collect import collect
from segment_client.wire.encode import CXS_VERSION, OWN_SENT_AT, to_segment
from segment_client.wire.foreign import complete, refuse_meaningless, soften
from segment_client.wire.originals import compare, keep, restore
from segment_client.wire.places import CXS, EXTRAS

if TYPE_CHECKING:
    from semantic_events import SemanticEvent

__all__ = ["Identity", "decode"]


@dataclass(frozen=True, slots=True)
class Identity:
    """What a write key stands for: the entity and partition that a foreign call does not name."""

    entity_gid: UUID
    partition: str


def decode(
    call: Mapping[str, Any], identity: Identity, now: datetime, sent_at: str | None = None
) -> SemanticEvent:
    """Return the event of one call of either format, told by `message_id` or `messageId`.

    `now` (aware) and the envelope's `sent_at` stand in for a timestamp that a foreign call does not have. An
    inbound null is absent. Raises DecodeError for a call that means nothing (no type, no event name, nobody
    it is about), pydantic.ValidationError for an event of our own format that does not fit the schema.
    """
    if "message_id" in call or ("messageId" not in call and "entity_gid" in call):
        return _from_semantic(call)
    return _from_segment(call, identity, now, sent_at)


def _from_semantic(call: Mapping[str, Any]) -> SemanticEvent:
    from semantic_events import SemanticEvent

    fields = {name: _without_nulls(name, value) for name, value in call.items() if name != "write_key"}
    return SemanticEvent.model_validate(fields)


def _without_nulls(name: str, value: object) -> object:
    if not isinstance(value, dict) or name == EXTRAS[0]:
        return value
    return {key: item for key, item in value.items() if item is not None}


def _from_segment(
    call: Mapping[str, Any], identity: Identity, now: datetime, sent_at: str | None
) -> SemanticEvent:
    wire = {key: value for key, value in call.items() if key != "writeKey"}
    context = wire.get("context")
    cxs = context.get(CXS[1]) if isinstance(context, Mapping) else None
    own = isinstance(cxs, Mapping) and cxs.get("v") == CXS_VERSION
    refuse_meaningless(wire, own=own)
    if not own or not isinstance(cxs, Mapping):
        fields = collect(wire, {})
        complete(fields, wire, identity.entity_gid, identity.partition, now, sent_at)
        return _with_originals(soften(fields), wire, {}, derived=True)
    applied = None
    if "undo" in cxs:
        wire = deepcopy(wire)
        applied = restore(cxs["undo"], wire)
    if OWN_SENT_AT not in cxs:
        wire.pop("sentAt", None)
    return _with_originals(_own_event(collect(wire, cxs)), wire, applied or {})


def _own_event(fields: dict[str, Any]) -> SemanticEvent:
    from semantic_events import SemanticEvent

    derived = SemanticEvent.model_validate({"event_gid": _NIL, **fields})
    if "event_gid" not in fields:
        derived.event_gid = derive_event_gid(derived.entity_gid, derived.message_id)
    return derived


_NIL = UUID(int=0)


def _with_originals(
    event: SemanticEvent, wire: Mapping[str, Any], applied: Mapping[str, Any], *, derived: bool = False
) -> SemanticEvent:
    """Keep in the event what its encoding would not give back."""
    return keep(event, {**compare(to_segment(event, derived=derived), wire), **applied})
