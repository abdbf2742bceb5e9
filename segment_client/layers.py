"""A call's fields as one layer over another: the call over its scopes over the defaults.

Within a layer, a field's own keyword goes before (on a page call) `properties`, and those before `context`.
Objects are merged field by field, `context.extras` key by key; all other values replace whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from semantic_events.properties import CatalogueProperties
from semantic_events.wire import OBJECTS

from segment_client.errors import InvalidTypeError
from segment_client.exact import typed_traits
from segment_client.spelling import given_items, put, spell_context, spell_object
from segment_client.wire.places import EXTRAS, mirror, mirrored_keys

__all__ = ["Layer", "make_layer", "merge"]

_TRAITS = "traits"
_PROPERTIES = "properties"
_CALLS_WITH_TRAITS = frozenset({"identify", "group"})


@dataclass(frozen=True, slots=True)
class Layer:
    """Fields in our spelling, objects as plain dicts, by where they were given. Never changed once made.

    `traits` are those of a catalogue event, as they were given; `provenance` is what such an event says of
    its origin.
    """

    own: Mapping[str, Any] = field(default_factory=dict, repr=False)
    properties: Mapping[str, Any] | None = field(default=None, repr=False)
    in_context: Mapping[str, Any] = field(default_factory=dict, repr=False)
    traits: CatalogueProperties | None = field(default=None, repr=False)
    provenance: Mapping[str, str] = field(default_factory=dict)

    def resolve(self, call_type: str) -> dict[str, Any]:
        """Return the layer's fields as a call of this type has them."""
        return _merge_fields(
            [
                _from_context(self.in_context, call_type),
                _from_properties(self.properties, call_type),
                self.own,
            ]
        )


def make_layer(given: Mapping[str, object], call_type: str | None = None) -> Layer:
    """Return the layer of what was passed to one call, or to `bind` (no call type)."""
    keywords = {key: value for key, value in given.items() if value is not None}
    in_context = spell_context(keywords.pop("context")) if "context" in keywords else {}
    said = [each for each in keywords.values() if isinstance(each, CatalogueProperties)]
    traits = keywords.get(_TRAITS)
    properties = _properties(keywords.pop(_PROPERTIES)) if _PROPERTIES in keywords else None
    own: dict[str, Any] = {
        key: _spelled(key, value) if key in OBJECTS else value
        for key, value in keywords.items()
        if key not in ("name", "group_id")
    }
    if "name" in keywords and call_type is not None:
        put(own.setdefault(call_type, {}), "name", keywords["name"], call_type)
    if "group_id" in keywords:
        own["context"] = {"group_id": keywords["group_id"]}
    return Layer(
        own,
        properties,
        in_context,
        traits if isinstance(traits, CatalogueProperties) else None,
        said[0].provenance if said else {},
    )


def _spelled(name: str, value: object) -> dict[str, Any]:
    if name == _TRAITS and isinstance(value, CatalogueProperties):
        return typed_traits(value)
    return spell_object(name, value)


def merge(layers: Iterable[Layer], call_type: str) -> dict[str, Any]:
    """Return the fields of layers, lowest first, for one call; a new dict that is the caller's to change."""
    return _merge_fields(layer.resolve(call_type) for layer in layers)


def _from_context(in_context: Mapping[str, Any], call_type: str) -> Mapping[str, Any]:
    """An identify or a group call has traits of its own: those in its context are an extra."""
    if _TRAITS not in in_context or call_type not in _CALLS_WITH_TRAITS:
        return in_context
    fields = {**in_context}
    extra = {EXTRAS[0]: {EXTRAS[1]: {_TRAITS: fields.pop(_TRAITS)}}}
    return _merge_fields([extra, fields])


def _from_properties(properties: Mapping[str, Any] | None, call_type: str) -> dict[str, Any]:
    """Return the properties, and on a page call the page that some of them describe.

    A tracking plan may have another type for one of these: what is no text then stays a property.
    """
    if properties is None:
        return {}
    route = mirror(call_type)
    keys = mirrored_keys(call_type)
    is_exact = isinstance(properties, CatalogueProperties)
    found = {
        key: properties[key]
        for key in properties
        if key in keys and (isinstance(properties[key], str) or not is_exact)
    }
    fields: dict[str, Any] = {_PROPERTIES: {key: properties[key] for key in properties if key not in found}}
    if route is not None and found:
        fields[route[0]] = found
    return fields


def _merge_fields(stack: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for fields in stack:
        for name, value in fields.items():
            if name not in OBJECTS or name not in merged:
                merged[name] = value
                continue
            both = {**merged[name], **value}
            if name == EXTRAS[0] and EXTRAS[1] in merged[name] and EXTRAS[1] in value:
                both[EXTRAS[1]] = {**merged[name][EXTRAS[1]], **value[EXTRAS[1]]}
            merged[name] = both
    return merged


def _properties(value: object) -> Mapping[str, Any]:
    """Return properties without what is None, but for the explicit nulls of a catalogue event."""
    if isinstance(value, CatalogueProperties):
        return value
    if not isinstance(value, Mapping):
        raise InvalidTypeError(f"properties is a {type(value).__name__}: pass a dict")
    return given_items(value, _PROPERTIES)
