"""Writes the intermediate representation as the plain JSON Schema that the models are made from.

Text formats and free JSON become references to types of the generated package, descriptions become harmless
lines, and what the base classes settle (open or closed) is left out: each model says only what is its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from .ir import Choice, ListOf, MapOf, Nullable, ObjectType, Property, Reference, Scalar, Type, Union
from .naming import plain
from .reserved import LIMITED

__all__ = ["DEPRECATED", "FORMAT_TYPES", "lower"]

DEPRECATED = "deprecated"
"""The keyword of what pydantic is to say of a deprecated field."""

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
    objects: dict[str, object] = {}
    for key, group in groups.items():
        writer = _Writer(key)
        objects |= {f"{key}{each.name}": writer.written(each) for each in group}
        objects |= writer.limited
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$defs": formats | objects}


class _Writer:
    """Writes the objects of a group; `limited` collects the definitions of limited members of unions."""

    def __init__(self, key: str) -> None:
        self._key = key
        self.limited: dict[str, object] = {}

    def written(self, each: ObjectType) -> dict[str, object]:
        """Answer the schema of an object."""
        return {
            "type": "object",
            "description": plain(each.doc),
            "properties": {one.wire: self._property(one) for one in each.properties},
            "required": [one.wire for one in each.properties if one.required],
        }

    def _property(self, each: Property) -> dict[str, object]:
        said = {"description": plain(each.note), DEPRECATED: plain(each.advice)}
        return self._type(each.type) | {word: text for word, text in said.items() if text}

    def _type(self, each: Type) -> dict[str, object]:
        match each:
            case Scalar(kind, limits):
                if kind in FORMAT_TYPES:
                    return {"$ref": f"#/$defs/{FORMAT_TYPES[kind]}"}
                return {"type": kind, **limits}
            case Choice(values):
                return {"enum": list(values)}
            case ListOf(items, limits):
                return {"type": "array", "items": self._type(items), **limits}
            case MapOf(values):
                return {
                    "type": "object",
                    "propertyNames": {"type": "string"},
                    "additionalProperties": self._type(values),
                }
            case Reference(name):
                return {"$ref": f"#/$defs/{self._key}{name}"}
            case Nullable(of):
                return {"anyOf": [self._member(of), {"type": "null"}]}
            case Union(of):
                return {"anyOf": [self._member(one) for one in of]}

    def _member(self, each: Type) -> dict[str, object]:
        schema = self._type(each)
        if not isinstance(each, Scalar | ListOf) or not each.limits:
            return schema
        name = f"{self._key}{LIMITED}{len(self.limited) + 1}"
        self.limited[name] = schema
        return {"$ref": f"#/$defs/{name}"}
