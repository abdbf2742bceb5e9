"""Writes the intermediate representation as the plain JSON Schema that the models are made from.

Text formats and free JSON become references to types of the generated package, descriptions become harmless
lines, and what the base classes settle (open or closed) is left out: each model says only what is its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from .ir import Choice, ListOf, MapOf, Nullable, ObjectType, Property, Reference, Scalar, Type, Union
from .naming import plain

__all__ = ["FORMAT_TYPES", "lower"]

FORMAT_TYPES = {
    "uuid": "Uuid",
    "date-time": "DateTime",
    "date": "Date",
    "ipv4": "IPv4",
    "ipv6": "IPv6",
    "json": "Json",
    "value": "Value",
}
"""The generated package's type (in its `formats` module) for each scalar kind that is none of JSON's own."""


def lower(groups: Mapping[str, Iterable[ObjectType]]) -> dict[str, object]:
    """Answer one schema document with a definition for each object, in order.

    A group's key begins the names of its definitions: it is empty, or the module that they are for and a dot.
    """
    formats = {
        name: {"x-python-import": {"module": "formats", "name": name}} for name in FORMAT_TYPES.values()
    }
    objects = {f"{key}{each.name}": _object(each, key) for key, group in groups.items() for each in group}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$defs": formats | objects}


def _object(each: ObjectType, key: str) -> dict[str, object]:
    return {
        "type": "object",
        "description": plain(each.doc),
        "properties": {one.wire: _property(one, key) for one in each.properties},
        "required": [one.wire for one in each.properties if one.required],
    }


def _property(each: Property, key: str) -> dict[str, object]:
    return _type(each.type, key) | ({"description": plain(each.note)} if each.note else {})


def _type(each: Type, key: str) -> dict[str, object]:
    match each:
        case Scalar(kind, limits):
            if kind in FORMAT_TYPES:
                return {"$ref": f"#/$defs/{FORMAT_TYPES[kind]}"}
            return {"type": kind, **limits}
        case Choice(values):
            return {"enum": list(values)}
        case ListOf(items, limits):
            return {"type": "array", "items": _type(items, key), **limits}
        case MapOf(values):
            return {
                "type": "object",
                "propertyNames": {"type": "string"},
                "additionalProperties": _type(values, key),
            }
        case Reference(name):
            return {"$ref": f"#/$defs/{key}{name}"}
        case Nullable(of):
            return {"anyOf": [_type(of, key), {"type": "null"}]}
        case Union(of):
            return {"anyOf": [_type(one, key) for one in of]}
