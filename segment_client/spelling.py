"""Call dicts in Segment's spelling or ours (`firstName`, `first_name`): both are taken, ours comes out.

Every name comes from the generated wire table.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from semantic_events.wire import OPEN_OBJECTS

from segment_client.errors import InvalidTypeError, InvalidValueError
from segment_client.wire import to_json_value
from segment_client.wire.places import CXS, EXTRAS, Leaf, Node, Object, places, tree

__all__ = ["Layer", "given_items", "other_spelling", "put", "spell_context", "spell_first", "spell_object"]

Layer = dict[str, dict[str, Any]]
"""Fields of single objects, by the object's name: {"app": {"name": ...}}."""

_SPELLED = "track"
"""The call type whose places all stand under `context`, as a call's `context` dict has them."""


_TEXT = frozenset({str})
_NONE = frozenset({type(None)})


def given_items(value: object, path: str) -> dict[str, Any]:
    """Return what a dict, a TypedDict or a model of ours holds, without what is None: that is absent.

    Raises InvalidTypeError for anything else, and for keys that are no text.
    """
    if type(value) is not dict and not isinstance(value, Mapping):
        from pydantic import BaseModel  # a third of the import of a client, and loaded once there is one

        if isinstance(value, BaseModel):
            return {key: item for key, item in value if item is not None}
        raise InvalidTypeError(f"{path} is a {type(value).__name__}: pass a dict or the model")
    if not _TEXT.issuperset(map(type, value)):  # the usual case, told by one call
        for key in value:
            if not isinstance(key, str):
                raise InvalidTypeError(f"{path} has a key of type {type(key).__name__}: pass text")
    if _NONE.isdisjoint(map(type, value.values())):
        return dict(value)
    return {key: item for key, item in value.items() if item is not None}


def put(fields: dict[str, Any], key: str, value: object, path: str) -> None:
    """Set a field; two spellings with different values are an InvalidValueError."""
    if key in fields and fields[key] != value:
        raise InvalidValueError(
            f"{path}.{key} is given in two spellings with different values: pass one of them"
        )
    fields[key] = value


def spell_object(name: str, value: object) -> dict[str, Any]:
    """Return an object's fields in our spelling; the custom keys of an open object are made JSON."""
    given = given_items(value, name)
    if given.keys() <= _names(name):
        return given
    spellings = _spellings(name)
    fields: dict[str, Any] = {}
    for key, item in given.items():
        if key in spellings or name not in OPEN_OBJECTS:
            put(fields, spellings.get(key, key), item, name)
        else:
            fields[key] = to_json_value(item, f"{name}.{key}")
    return fields


def spell_first(name: str, given: Mapping[str, object]) -> dict[str, Any]:
    """Return the fields in our spelling; where both spellings are given, Segment's counts. None is absent."""
    spellings = _spellings(name)
    fields: dict[str, Any] = {}
    for key, item in given.items():
        field = spellings.get(key, key)
        if item is not None and (field not in fields or field != key):
            fields[field] = to_json_value(item, f"{name}.{key}")
    return fields


def other_spelling(name: str, key: str) -> str:
    """Return the name that Segment's format has for what a key names, in whichever spelling it is."""
    field = _spellings(name).get(key, key)
    return next((other for other, one in _spellings(name).items() if one == field and other != field), key)


def spell_context(value: object) -> Layer:
    """Return the objects that a call's `context` fills: Context, the objects of Segment's spec, extras."""
    fields: dict[str, Any] = {}
    layer: Layer = {"context": fields}
    extras: dict[str, Any] = {}
    given = given_items(value, "context")
    plain = _plain_fields()
    objects = _context_objects()
    for key, item in given.items():
        if key in plain and key not in fields:
            fields[key] = item
            continue
        if key in objects:
            spelled = spell_object(key, item)
            if layer.setdefault(key, spelled) is not spelled:
                _put_all(layer, key, spelled)
            continue
        node = _context().children.get(key)
        if key == EXTRAS[1]:
            _put_extras(extras, given_items(item, "context.extras"), "context.extras")
        elif key in _context_fields():
            _put_all(layer, "context", {key: _in_order(item, key, node, extras)})
        elif node is not None and key != CXS[1]:
            _put_spelled(layer, extras, node, key, item)
        else:
            _put_extras(extras, {key: item}, "context")
    if extras:
        layer["context"][EXTRAS[1]] = extras
    elif given and not layer["context"]:
        del layer["context"]  # it only carried other objects
    return layer


def _put_spelled(layer: Layer, extras: dict[str, Any], node: Node, key: str, item: object) -> None:
    """Put what stands under a key of Segment's own; what has no place of ours below it is an extra."""
    if not node.children:
        _put_target(layer, node, item)
        return
    rest = {}
    for inner, value in given_items(item, f"context.{key}").items():
        child = node.children.get(inner)
        if child is None:
            rest[inner] = value
        else:
            _put_target(layer, child, value)
    _put_extras(extras, {key: rest} if rest else {}, "context")


def _put_target(layer: Layer, node: Node, item: object) -> None:
    if node.target is not None:
        _put_all(layer, node.target[0], {node.target[-1]: item})


def _in_order(item: object, key: str, node: Node | None, extras: dict[str, Any]) -> object:
    """Return a tuple field's items where they are named (longitude, latitude), else the item itself."""
    if node is None or not node.parts or not isinstance(item, Mapping):
        return item
    given = given_items(item, f"context.{key}")
    rest = {inner: value for inner, value in given.items() if inner not in node.parts}
    if rest:
        _put_extras(extras, {key: rest}, "context")
    return [given[part] for part in node.parts if part in given] or None


def _put_all(layer: Layer, name: str, fields: Mapping[str, Any]) -> None:
    target = layer.setdefault(name, {})
    for key, item in fields.items():
        if item is not None:
            put(target, key, item, name)


def _put_extras(extras: dict[str, Any], given: Mapping[str, Any], path: str) -> None:
    for key, item in given.items():
        put(extras, key, to_json_value(item, f"{path}.{key}"), EXTRAS[0])


@cache
def _context() -> Node:
    return tree(_SPELLED).children[EXTRAS[0]]


@cache
def _context_fields() -> frozenset[str]:
    return frozenset(_children(EXTRAS[0]))


@cache
def _plain_fields() -> frozenset[str]:
    """Return the fields of a context that are taken as they are."""
    nodes = _context().children
    whole = (key for key in _context_fields() if key not in nodes or not nodes[key].parts)
    return frozenset(whole) - {EXTRAS[1]}


@cache
def _context_objects() -> frozenset[str]:
    return frozenset(name for name, place in places(_SPELLED).items() if isinstance(place, Object)) - {
        EXTRAS[0]
    }


@cache
def _spellings(name: str) -> Mapping[str, str]:
    """Return our name of each field of an object, by both spellings."""
    children = _children(name)
    return {leaf.paths[0][-1]: key for key, leaf in children.items()} | {key: key for key in children}


@cache
def _names(name: str) -> frozenset[str]:
    """Return our names of an object's fields."""
    return frozenset(_children(name))


def _children(name: str) -> Mapping[str, Leaf]:
    place = places(_SPELLED).get(name)
    return place.children if isinstance(place, Object) else {}
