"""SemanticEvent to bytes, once: what is encoded here is posted as it is, attempt after attempt."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import IPv4Address, IPv6Address
from typing import TYPE_CHECKING, Any, Literal

from pydantic_core import to_json, to_jsonable_python
from semantic_events.projection import project
from semantic_events.wire import MIRRORED

from segment_client.ids import is_derived
from segment_client.validation import fields_of
from segment_client.wire.originals import is_applicable, unpack
from segment_client.wire.places import EXTRAS, ORIGINALS, Leaf, mirrored_keys, places
from segment_client.wire.text import Json, to_text

if TYPE_CHECKING:
    from semantic_events import SemanticEvent

__all__ = [
    "CXS_VERSION",
    "OWN_SENT_AT",
    "WireFormat",
    "encode",
    "encode_fields",
    "projected",
    "text_of",
    "to_segment",
]

WireFormat = Literal["segment", "semantic"]
CXS_VERSION = 1
OWN_SENT_AT = "own_sent_at"
"""Marks an event whose `sentAt` is its own; any other `sentAt` is the attempt's, no part of the event."""


def encode(event: SemanticEvent, wire: WireFormat) -> bytes:
    """Return the JSON of an event in a wire format, UTF-8."""
    return encode_fields(fields_of(event), wire)


def encode_fields(
    fields: Mapping[str, Any],
    wire: WireFormat,
    native: Mapping[str, Json] | None = None,
    *,
    derived: bool = False,
) -> bytes:
    """Return the JSON of the event that has these valid fields, in a wire format, UTF-8.

    `native` gives properties their JSON types in the segment format; a property whose text the event no
    longer holds (`before_send` changed it) goes as the event has it. `derived` says that the event's
    `event_gid` is known to be that of its message id, and so need not be sent.
    """
    if wire == "semantic":
        return to_json(fields, fallback=text_of)
    derived = derived or is_derived(fields["event_gid"], fields["entity_gid"], fields["message_id"])
    call = projected(fields, native, derived=derived)
    if ORIGINALS in call["context"]["cxs"].get(EXTRAS[1], ()):
        call = _with_originals(to_jsonable_python(call, fallback=text_of))
    return to_json(call, fallback=text_of)


def to_segment(event: SemanticEvent, *, derived: bool = False) -> dict[str, Any]:
    """Return an event as a call of Segment's HTTP tracking API; `derived` is as in `encode_fields`."""
    fields = event.__pydantic_serializer__.to_python(event, mode="json", exclude_none=True)
    derived = derived or is_derived(event.event_gid, event.entity_gid, event.message_id)
    call = projected(fields, derived=derived)
    return _with_originals(call) if ORIGINALS in call["context"]["cxs"].get(EXTRAS[1], ()) else call


def projected(
    fields: Mapping[str, Any], native: Mapping[str, Json] | None = None, *, derived: bool
) -> dict[str, Any]:
    """Return the call of an event, with the fields' own values, and originals among the extras."""
    call = project(fields)
    cxs = call["context"]["cxs"]
    cxs["v"] = CXS_VERSION
    if derived:
        del cxs["event_gid"]
    if "sent_at" in fields:
        cxs[OWN_SENT_AT] = True
    if fields["type"] in MIRRORED:
        _mirror(call, fields)
    if native:
        _use_native(call, fields["type"], native)
    return call


def text_of(address: object) -> str:
    """Return the text of an address: not every release of pydantic knows it where no model names its type."""
    if isinstance(address, IPv4Address | IPv6Address):
        return str(address)
    raise TypeError(f"a {type(address).__name__} is no value of an event")


def _with_originals(call: dict[str, Any]) -> dict[str, Any]:
    """Apply the originals that stand among the extras of a call, if they are of our making and fit it."""
    cxs = call["context"]["cxs"]
    originals = cxs[EXTRAS[1]].pop(ORIGINALS)
    if not cxs[EXTRAS[1]]:
        del cxs[EXTRAS[1]]
    if isinstance(originals, Mapping) and is_applicable(originals, call):
        cxs["undo"] = unpack(originals, call)
    else:
        cxs.setdefault(EXTRAS[1], {})[ORIGINALS] = originals
    return call


def _mirror(call: dict[str, Any], fields: Mapping[str, Any]) -> None:
    """Copy an object into a map where Segment's spec looks for it; a key of the map's own wins."""
    source, target = MIRRORED[fields["type"]]
    keys = mirrored_keys(fields["type"])
    own = call.get(target, {})
    copied = {key: value for key, value in fields.get(source, {}).items() if key not in own and key in keys}
    if not copied:
        return
    cxs = call["context"]["cxs"]
    if target in call and not own:
        cxs.setdefault("empty", []).append(target)
    call[target] = {**own, **copied}
    cxs["mirrored"] = sorted(copied)


def _use_native(call: dict[str, Any], call_type: str, native: Mapping[str, Json]) -> None:
    place = places(call_type)["properties"]
    if not isinstance(place, Leaf):  # a map of text has no fields with places of their own
        return
    texts: dict[str, Any] = call
    for key in place.paths[0]:
        texts = texts.get(key, {})
    typed = {
        key: value
        for key, value in native.items()
        if (key not in texts if value is None else texts.get(key) == to_text(value, key))
    }
    if typed:
        parent = call
        for key in place.paths[0][:-1]:
            parent = parent[key]
        parent[place.paths[0][-1]] = {**texts, **typed}
