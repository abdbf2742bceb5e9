"""Turns the SemanticEvent's schema, where it passed lint, into the intermediate representation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from .ir import (
    Choice,
    Contract,
    Kind,
    ListOf,
    MapOf,
    Nullable,
    ObjectType,
    Property,
    Reference,
    Scalar,
    Type,
)
from .load import Document
from .naming import ClassName, class_name, field_name

__all__ = ["resolve"]

_Node = Mapping[str, object]

_NOT_LIMITS = frozenset(
    {"type", "format", "items", "description", "examples", "title", "readOnly", "$comment"}
)


def resolve(document: Document) -> Contract:
    """Answer the contract of a SemanticEvent's schema without lint problems."""
    root = document.root
    reader = _Reader(root)
    event = reader.object(class_name(str(root["title"])), root)
    return Contract(str(root["x-version"]), (*reader.objects.values(), event), _annotations(root))


class _Reader:
    """Reads one file; `objects` collects its named and nested objects, each after those that it refers to."""

    def __init__(self, root: _Node) -> None:
        self._definitions = cast(Mapping[str, _Node], root.get("$defs", {}))
        self.objects: dict[ClassName, ObjectType] = {}

    def object(self, name: ClassName, node: _Node) -> ObjectType:
        """Answer the object type of a node with properties."""
        required = cast(list[str], node.get("required", []))
        properties = cast(Mapping[str, _Node], node["properties"])
        return ObjectType(
            name=name,
            doc=str(node.get("description", "")),
            properties=tuple(
                self._property(name, wire, each, wire in required) for wire, each in properties.items()
            ),
            extras=None if node.get("additionalProperties", True) is False else "value",
        )

    def _property(self, owner: ClassName, wire: str, node: _Node, required: bool) -> Property:
        return Property(
            wire=wire,
            name=field_name(wire),
            type=self._type(node, class_name(owner, wire)),
            required=required,
            doc=str(node.get("description", "")),
            read_only=node.get("readOnly") is True,
            annotations=_annotations(node),
            personal=node.get("x-pii") is True,
            deprecated=node.get("deprecated") is True,
        )

    def _type(self, node: _Node, name: ClassName) -> Type:
        """Answer the type of a node; `name` is for an object that is described in place."""
        if "$ref" in node:
            return self._reference(str(node["$ref"]).removeprefix("#/$defs/"))
        if "const" in node:
            return Choice((cast(str, node["const"]),))
        types = node.get("type")
        if isinstance(types, list) and len(types) == 2:
            return Nullable(
                self._type({**node, "type": next(each for each in types if each != "null")}, name)
            )
        if "enum" in node:
            return Choice(tuple(each for each in cast(list[str], node["enum"]) if each is not None))
        if types is None or isinstance(types, list):
            return Scalar("json" if types is None else "value")
        if types == "array":
            return ListOf(self._type(cast(_Node, node["items"]), class_name(name, "item")), _limits(node))
        if types == "object":
            return self._object_or_map(node, name)
        return Scalar(cast(Kind, node.get("format", types)), _limits(node))

    def _reference(self, key: str) -> Type:
        node = self._definitions[key]
        name = class_name(key)
        if "properties" not in node:
            return self._type(node, name)
        if name not in self.objects:
            self.objects[name] = self.object(name, node)
        return Reference(name)

    def _object_or_map(self, node: _Node, name: ClassName) -> Type:
        if "properties" in node:
            self.objects[name] = self.object(name, node)
            return Reference(name)
        values = node.get("additionalProperties", True)
        return MapOf(
            Scalar("json") if values is True else self._type(cast(_Node, values), class_name(name, "value"))
        )


def _annotations(node: _Node) -> dict[str, object]:
    return {key: value for key, value in node.items() if key.startswith("x-")}


def _limits(node: _Node) -> dict[str, object]:
    return {key: value for key, value in node.items() if key not in _NOT_LIMITS and not key.startswith("x-")}
