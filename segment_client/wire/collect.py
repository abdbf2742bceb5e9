"""Gather the fields of a SemanticEvent from a Segment call, each from its place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from segment_client.wire.places import EXTRAS, Node, Object, Path, mirror, places, tree
from segment_client.wire.text import to_texts

__all__ = ["collect", "collect_object"]


def collect(call: Mapping[str, Any], cxs: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields that a call of a known type holds, unvalidated; `cxs` is empty for a foreign call."""
    fields: dict[str, Any] = {}
    _walk(tree(call["type"]), call, fields)
    empty = [path for path in cxs.get("empty", ()) if isinstance(path, str)]
    for path in empty:
        _object(fields, tuple(path.split(".")))
    _unmirror(call["type"], fields, cxs.get("mirrored", ()), empty)
    properties = fields.get("properties")
    if isinstance(properties, Mapping):
        fields["properties"] = to_texts(properties, "properties")
    return fields


def collect_object(name: str, value: Mapping[str, Any], like: str) -> dict[str, Any]:
    """Return the fields of an object that stands where calls of type `like` have it, not at its own place."""
    place = places(like)[name]
    if not isinstance(place, Object) or place.root is None:
        return {}
    fields: dict[str, Any] = {}
    _walk(tree(like).at(place.root), value, fields)
    return _object(fields, (name,))


def _walk(node: Node, value: Mapping[str, Any], fields: dict[str, Any]) -> None:
    for key, item in value.items():
        child = node.children.get(key)
        if child is None:
            _put_rest(node, key, item, fields)
        elif child.parts:
            if isinstance(item, dict) and all(item.get(part) is not None for part in child.parts):
                _put(fields, child.target, [item[part] for part in child.parts])
        elif child.children or child.rest:
            if isinstance(item, dict):
                if child.target is not None:
                    _object(fields, child.target)
                _walk(child, item, fields)
        elif item is not None:
            _put(fields, child.target, item)


def _put(fields: dict[str, Any], target: Path | None, value: object) -> None:
    if target is not None:
        _object(fields, target[:-1])[target[-1]] = value


def _put_rest(node: Node, key: str, value: object, fields: dict[str, Any]) -> None:
    if node.rest is None or key in node.reserved or (value is None and node.rest != EXTRAS):
        return
    _object(fields, node.rest).setdefault(key, value)


def _object(fields: dict[str, Any], path: Path) -> dict[str, Any]:
    for key in path:
        fields = fields.setdefault(key, {})
    return fields


def _unmirror(call_type: str, fields: dict[str, Any], mirrored: object, empty: list[str]) -> None:
    route = mirror(call_type)
    if route is None or not isinstance(mirrored, list):
        return
    target = fields.get(route[1])
    if not isinstance(target, Mapping):
        return
    own = {key: value for key, value in target.items() if key not in mirrored}
    if own or route[1] in empty:
        fields[route[1]] = own
    else:
        del fields[route[1]]
