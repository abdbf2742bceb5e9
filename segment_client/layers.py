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
from segment_client.spelling import given_items, put, spell_context, spell_object
from segment_client.wire.places import EXTRAS, mirror, mirrored_keys

__all__ = ["Layer", "make_layer", "merge"]

_TRAITS = "traits"
_PROPERTIES = "properties"
_CALLS_WITH_TRAITS = frozenset({"identify", "group"})


@dataclass(frozen=True, slots=True)
class Layer:
    """Fields in our spelling, objects as plain dicts. Never changed once made.

    `context_traits` is what `context["traits"]` gave: the traits of a call that has none of its own.
    """

    fields: Mapping[str, Any] = field(default_factory=dict)
    context_traits: Mapping[str, Any] = field(default_factory=dict)


def make_layer(given: Mapping[str, object], call_type: str | None = None) -> Layer:
    """Return the layer of what was passed to one call, or to `bind` (no call type)."""
    keywords = {key: value for key, value in given.items() if value is not None}
    in_context = dict(spell_context(keywords.pop("context"))) if "context" in keywords else {}
    context_traits = in_context.pop(_TRAITS, {})
    properties = keywords.pop(_PROPERTIES, None)
    own: dict[str, Any] = {
        key: spell_object(key, value) if key in OBJECTS else value
        for key, value in keywords.items()
        if key not in ("name", "group_id")
    }
    if "name" in keywords and call_type is not None:
        put(own.setdefault(call_type, {}), "name", keywords["name"], call_type)
    if "group_id" in keywords:
        own["context"] = {"group_id": keywords["group_id"]}
    from_properties: dict[str, Any] = {}
    if properties is not None:
        rest = _properties(properties)
        route = mirror(call_type or "")
        if route is not None:
            found = {key: rest.pop(key) for key in sorted(mirrored_keys(call_type or "")) if key in rest}
            if found:
                from_properties[route[0]] = found
        from_properties[_PROPERTIES] = rest
    return Layer(_merge_fields([in_context, from_properties, own]), context_traits)


def merge(layers: Iterable[Layer], call_type: str) -> dict[str, Any]:
    """Return the fields of layers, lowest first, for one call; a new dict that is the caller's to change."""
    stack = list(layers)
    fields = _merge_fields(layer.fields for layer in stack)
    traits = _merge_fields({_TRAITS: layer.context_traits} for layer in stack if layer.context_traits)
    if not traits:
        return fields
    if call_type in _CALLS_WITH_TRAITS:
        extras = {EXTRAS[0]: {EXTRAS[1]: dict(traits)}}
        return _merge_fields([extras, fields])
    return _merge_fields([traits, fields])


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


def _properties(value: object) -> dict[str, Any]:
    """Return properties without what is None, but for the explicit nulls of a catalogue event."""
    if isinstance(value, CatalogueProperties):
        return dict(value)
    if not isinstance(value, Mapping):
        raise InvalidTypeError(f"properties is a {type(value).__name__}: pass a dict")
    return given_items(value, _PROPERTIES)
