"""SemanticEvent to bytes, once: what is encoded here is posted as it is, attempt after attempt."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

from pydantic_core import to_json

from segment_client.ids import derive_event_gid
from segment_client.wire.originals import is_applicable, unpack
from segment_client.wire.places import (
    CXS,
    ORIGINALS,
    RESERVED_CONTEXT_KEYS,
    Leaf,
    Object,
    Path,
    mirror,
    mirrored_keys,
    places,
)
from segment_client.wire.text import Json, to_text

if TYPE_CHECKING:
    from semantic_events import SemanticEvent

__all__ = ["CXS_VERSION", "OWN_SENT_AT", "WireFormat", "encode", "to_segment"]

WireFormat = Literal["segment", "semantic"]
CXS_VERSION = 1
OWN_SENT_AT = "own_sent_at"
"""Marks an event whose `sentAt` is its own; any other `sentAt` is the attempt's, no part of the event."""


def encode(event: SemanticEvent, wire: WireFormat, native: Mapping[str, Json] | None = None) -> bytes:
    """Return the JSON of an event in a wire format, UTF-8.

    `native` gives properties their JSON types in the segment format; a property whose text the event no
    longer holds (`before_send` changed it) goes as the event has it.
    """
    if wire == "semantic":
        return event.__pydantic_serializer__.to_json(event, exclude_none=True)
    return to_json(to_segment(event, native))


def to_segment(event: SemanticEvent, native: Mapping[str, Json] | None = None) -> dict[str, Any]:
    """Return an event as a call of Segment's HTTP tracking API."""
    fields = event.model_dump(mode="json", exclude_none=True)
    if event.event_gid == derive_event_gid(event.entity_gid, event.message_id):
        del fields["event_gid"]
    originals = _take_originals(fields)
    cxs: dict[str, Any] = {"v": CXS_VERSION}
    if event.sent_at is not None:
        cxs[OWN_SENT_AT] = True
    call: dict[str, Any] = {"context": {CXS[1]: cxs}}
    empty: list[str] = []
    for name, place in places(event.type).items():
        if name not in fields:
            continue
        if isinstance(place, Leaf):
            _put(call, place.paths[0], fields[name])
        else:
            _put_object(call, name, fields[name], place, empty)
    _mirror(call, event.type, fields, cxs, empty)
    if native:
        _use_native(call, event.type, native)
    if empty:
        cxs["empty"] = empty
    _put_originals(call, originals, cxs)
    return call


def _take_originals(fields: dict[str, Any]) -> object:
    extras = fields.get("context", {}).get("extras", {})
    return extras.pop(ORIGINALS) if ORIGINALS in extras else _NONE


_NONE = object()


def _put_originals(call: dict[str, Any], originals: object, cxs: dict[str, Any]) -> None:
    if originals is _NONE:
        return
    empty = cxs.get("empty", [])
    if "context.extras" in empty:
        empty.remove("context.extras")
        if not empty:
            del cxs["empty"]
    if isinstance(originals, Mapping) and is_applicable(originals, call):
        cxs["undo"] = unpack(originals, call)
    else:
        cxs.setdefault("extras", {})[ORIGINALS] = originals


def _put(call: dict[str, Any], path: Path, value: object) -> None:
    *steps, last = path
    node = call
    for key in steps:
        if key not in node:
            node[key] = {}
        node = node[key]
    node[last] = value


def _put_object(
    call: dict[str, Any], name: str, value: dict[str, Any], place: Object, empty: list[str]
) -> None:
    if not value:
        if place.root is None:
            empty.append(name)
        else:
            _put(call, place.root, {})
    for key, inner in value.items():
        leaf = place.children.get(key)
        if leaf is None:
            _put_custom(call, name, key, inner, place)
        elif leaf.spread:
            if not inner:
                empty.append(f"{name}.{key}")
            for extra, item in inner.items():
                path = (*CXS, key, extra) if extra in RESERVED_CONTEXT_KEYS else (*leaf.paths[0], extra)
                _put(call, path, item)
        elif len(leaf.paths) > 1:
            for path, item in zip(leaf.paths, inner, strict=True):
                _put(call, path, item)
        else:
            _put(call, leaf.paths[0], inner)


def _put_custom(call: dict[str, Any], name: str, key: str, value: object, place: Object) -> None:
    """A custom key stands beside the standard ones, unless it could be read as one of them."""
    root = (*CXS, name) if key in place.reserved or place.root is None else place.root
    _put(call, (*root, key), value)


def _mirror(
    call: dict[str, Any], call_type: str, fields: dict[str, Any], cxs: dict[str, Any], empty: list[str]
) -> None:
    """Copy an object into a map where Segment's spec looks for it; a key of the map's own wins."""
    route = mirror(call_type)
    if route is None or route[0] not in fields:
        return
    source, target = route
    own = call.get(target, {})
    copied = {
        key: value
        for key, value in fields[source].items()
        if key not in own and key in mirrored_keys(call_type)
    }
    if copied:
        if target in fields and not own:
            empty.append(target)
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
        _put(call, place.paths[0], {**texts, **typed})
