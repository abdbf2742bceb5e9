"""A call's fields as one layer over another: the call over its scopes over the defaults.

Within a layer, a field's own keyword goes before (on a page call) `properties`, and those before `context`.
Objects are merged field by field, `context.extras` key by key; all other values replace whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from semantic_events.properties import CatalogueProperties
from semantic_events.wire import OBJECTS

from segment_client.errors import InvalidTypeError
from segment_client.exact import typed_traits
from segment_client.spelling import given_items, put, spell_context, spell_object
from segment_client.wire.places import EXTRAS, mirror, mirrored_keys

__all__ = ["Layer", "Stack", "make_layer"]

_TRAITS = "traits"
_PROPERTIES = "properties"
_CALLS_WITH_TRAITS = frozenset({"identify", "group"})


class Layer(NamedTuple):
    """Fields in our spelling, objects as plain dicts, by where they were given. Never changed once made.

    `traits` are those of a catalogue event, as they were given; `provenance` is what such an event says of
    its origin.
    """

    own: Mapping[str, Any]
    properties: Mapping[str, Any] | None = None
    in_context: Mapping[str, Any] | None = None
    traits: CatalogueProperties | None = None
    provenance: Mapping[str, str] | None = None

    def __repr__(self) -> str:
        return f"<Layer of {', '.join(self.own)}>"  # values are nobody's business

    def put_over(self, fields: dict[str, Any], call_type: str) -> None:
        """Put the layer over fields, as a call of this type has it; the objects in them are not changed."""
        if self.in_context is not None:
            _put_over(fields, _from_context(self.in_context, call_type))
        if self.properties is not None:
            _put_over(fields, _from_properties(self.properties, call_type))
        _put_over(fields, self.own)


class Stack:
    """Layers that many calls go over; what they come to is worked out once for each call type."""

    def __init__(self, *layers: Layer) -> None:
        self._layers = layers
        self._merged: dict[str, dict[str, Any]] = {}

    def with_layer(self, layer: Layer) -> Stack:
        """Return the stack with one more layer on top."""
        return Stack(*self._layers, layer)

    def merge(self, call: Layer, call_type: str) -> dict[str, Any]:
        """Return the fields of a call over those of the stack; a new dict that is the caller's to change."""
        below = self._merged.get(call_type)
        if below is None:
            below = {}
            for layer in self._layers:
                layer.put_over(below, call_type)
            self._merged[call_type] = below
        fields = dict(below)
        call.put_over(fields, call_type)
        return fields


def make_layer(given: Mapping[str, object], call_type: str | None = None) -> Layer:
    """Return the layer of what was passed to one call, or to `bind` (no call type); no value is None."""
    own: dict[str, Any] = dict(given)
    context, properties = own.pop("context", None), own.pop(_PROPERTIES, None)
    name, group_id = own.pop("name", None), own.pop("group_id", None)
    traits, provenance = None, None
    for key, value in given.items():
        if key not in OBJECTS or key == "context":
            continue
        if key == _TRAITS and isinstance(value, CatalogueProperties):
            traits, provenance = value, value.provenance
            own[key] = typed_traits(value)
        else:
            own[key] = spell_object(key, value)
    if name is not None and call_type is not None:
        put(own.setdefault(call_type, {}), "name", name, call_type)
    if group_id is not None:
        own["context"] = {"group_id": group_id}
    if isinstance(properties, CatalogueProperties):
        provenance = properties.provenance
    return Layer(
        own,
        None if properties is None else _properties(properties),
        None if context is None else spell_context(context),
        traits,
        provenance,
    )


def _from_context(in_context: Mapping[str, Any], call_type: str) -> Mapping[str, Any]:
    """An identify or a group call has traits of its own: those in its context are an extra."""
    if _TRAITS not in in_context or call_type not in _CALLS_WITH_TRAITS:
        return in_context
    fields = {**in_context}
    extra: dict[str, Any] = {EXTRAS[0]: {EXTRAS[1]: {_TRAITS: fields.pop(_TRAITS)}}}
    _put_over(extra, fields)
    return extra


def _from_properties(properties: Mapping[str, Any], call_type: str) -> Mapping[str, Any]:
    """Return the properties, and on a page call the page that some of them describe.

    A tracking plan may have another type for one of these: what is no text then stays a property.
    """
    route = mirror(call_type)
    if route is None:
        return {_PROPERTIES: properties}
    keys = mirrored_keys(call_type)
    is_exact = isinstance(properties, CatalogueProperties)
    found = {
        key: properties[key]
        for key in properties
        if key in keys and (isinstance(properties[key], str) or not is_exact)
    }
    fields: dict[str, Any] = {_PROPERTIES: {key: properties[key] for key in properties if key not in found}}
    if found:
        fields[route[0]] = found
    return fields


def _put_over(fields: dict[str, Any], over: Mapping[str, Any]) -> None:
    for name, value in over.items():
        if name not in fields or name not in OBJECTS:
            fields[name] = value
            continue
        below = fields[name]
        both = fields[name] = {**below, **value}
        if name == EXTRAS[0] and EXTRAS[1] in below and EXTRAS[1] in value:
            both[EXTRAS[1]] = {**below[EXTRAS[1]], **value[EXTRAS[1]]}


def _properties(value: object) -> Mapping[str, Any]:
    """Return properties without what is None, but for the explicit nulls of a catalogue event."""
    if isinstance(value, CatalogueProperties):
        return value
    if type(value) is not dict and not isinstance(value, Mapping):
        raise InvalidTypeError(f"properties is a {type(value).__name__}: pass a dict")
    return given_items(value, _PROPERTIES)
