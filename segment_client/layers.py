"""A call's fields as one layer over another: the call over its scopes over the defaults.

Within a layer, a field's own keyword goes before (on a page call) `properties`, and those before `context`.
Objects are merged field by field, `context.extras` key by key; all other values replace whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import Any

from semantic_events.properties import CatalogueProperties
from semantic_events.wire import OBJECTS

from segment_client.errors import InvalidTypeError
from segment_client.exact import typed_traits
from segment_client.spelling import given_items, put, spell_context, spell_object
from segment_client.wire.places import EXTRAS, mirror, mirrored_keys

__all__ = ["Stack", "put_given"]

_CONTEXT = EXTRAS[0]
_TRAITS = "traits"
_PROPERTIES = "properties"
_CALLS_WITH_TRAITS = frozenset({"identify", "group"})
_ELSEWHERE = frozenset({_PROPERTIES, "name", "group_id"})
"""Keywords that are no fields, or not always."""


class Stack:
    """Layers of given fields that many calls go over; what they come to is worked out once a call type.

    The layers are never changed.
    """

    def __init__(self, *layers: Mapping[str, object]) -> None:
        self._layers = layers
        self._merged: dict[str, dict[str, Any]] = {}
        self._bound: Mapping[str, object] | None = {}
        self._bound_objects: Set[str] = frozenset()
        for layer in layers[1:]:
            self._bound = self.under(layer)
            self._bound_objects = OBJECTS.keys() & (self._bound or ())

    def with_layer(self, given: Mapping[str, object]) -> Stack:
        """Return the stack with one more layer on top."""
        return Stack(*self._layers, given)

    def under(self, given: Mapping[str, object]) -> Mapping[str, object] | None:
        """Return what was given with what is bound below it, as if the call gave both.

        None where that would not be the same, as both have fields of one object.
        """
        bound = self._bound
        if bound is None:
            return None
        if not self._bound_objects.isdisjoint(given):
            return None
        return {**bound, **given}

    def merge(self, given: Mapping[str, object], call_type: str) -> dict[str, Any]:
        """Return what was given to a call over the layers; a new dict that is the caller's to change."""
        below = self._merged.get(call_type)
        if below is None:
            below = {}
            for layer in self._layers:
                put_given(below, layer, call_type)
            self._merged[call_type] = below
        fields = dict(below)
        put_given(fields, given, call_type)
        return fields


def put_given(fields: dict[str, Any], given: Mapping[str, object], call_type: str) -> None:
    """Put what was given over fields, in our spelling, as a call of this type has it; no value is None.

    The objects that are in the fields are not changed: others take their place. Raises InvalidTypeError and
    InvalidValueError for what cannot be read.
    """
    if _CONTEXT in given:
        for key, fields_of_one in _from_context(spell_context(given[_CONTEXT]), call_type).items():
            _put_object(fields, key, fields_of_one)
    if _PROPERTIES in given:
        _put_properties(fields, _properties(given[_PROPERTIES]), call_type)
    for key, value in given.items():
        if key in OBJECTS:
            if key != _CONTEXT:
                _put_object(fields, key, _spelled(key, value))
        elif key not in _ELSEWHERE:
            fields[key] = value
    if "name" in given:
        named = _spelled(call_type, given.get(call_type, {}))
        put(named, "name", given["name"], call_type)
        _put_object(fields, call_type, named)
    if "group_id" in given:
        _put_object(fields, _CONTEXT, {"group_id": given["group_id"]})


def _spelled(name: str, value: object) -> dict[str, Any]:
    if name == _TRAITS and isinstance(value, CatalogueProperties):
        return typed_traits(value)
    return spell_object(name, value)


def _from_context(in_context: Mapping[str, Any], call_type: str) -> Mapping[str, Any]:
    """An identify or a group call has traits of its own: those in its context are an extra."""
    if _TRAITS not in in_context or call_type not in _CALLS_WITH_TRAITS:
        return in_context
    fields = {**in_context}
    extra: dict[str, Any] = {_CONTEXT: {EXTRAS[1]: {_TRAITS: fields.pop(_TRAITS)}}}
    for key, value in fields.items():
        _put_object(extra, key, value)
    return extra


def _put_properties(fields: dict[str, Any], properties: Mapping[str, Any], call_type: str) -> None:
    """Put the properties, and on a page call the page that some of them describe.

    A tracking plan may have another type for one of these: what is no text then stays a property.
    """
    route = mirror(call_type)
    if route is None:
        fields[_PROPERTIES] = properties
        return
    keys = mirrored_keys(call_type)
    is_exact = isinstance(properties, CatalogueProperties)
    found = {
        key: properties[key]
        for key in properties
        if key in keys and (isinstance(properties[key], str) or not is_exact)
    }
    fields[_PROPERTIES] = {key: properties[key] for key in properties if key not in found}
    if found:
        _put_object(fields, route[0], found)


def _put_object(fields: dict[str, Any], name: str, over: dict[str, Any]) -> None:
    below = fields.get(name)
    if below is None:
        fields[name] = over
        return
    both = fields[name] = {**below, **over}
    if name == _CONTEXT and EXTRAS[1] in below and EXTRAS[1] in over:
        both[EXTRAS[1]] = {**below[EXTRAS[1]], **over[EXTRAS[1]]}


def _properties(value: object) -> Mapping[str, Any]:
    """Return properties without what is None, but for the explicit nulls of a catalogue event."""
    if isinstance(value, CatalogueProperties):
        return value
    if type(value) is not dict and not isinstance(value, Mapping):
        raise InvalidTypeError(f"properties is a {type(value).__name__}: pass a dict")
    return given_items(value, _PROPERTIES)
