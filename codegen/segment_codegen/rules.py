"""The rules for schema objects: what the generator can keep, beyond what the meta-schemas say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import cast

import jsonschema_rs

from .errors import Finding
from .keywords import ANNOTATIONS, ANY_VALUE, APPLIES_TO, FORMATS, LOST, ROOT_ONLY, STRUCTURE, TYPES
from .walk import Site

__all__ = ["check_node"]

_Node = Mapping[str, object]

_SHORTHAND = re.compile(r"\\[dDwWsSbB]")


def check_node(site: Site, *, catalogue: bool) -> Iterator[Finding]:
    """Yield what is wrong with one schema object by itself."""
    if not isinstance(site.node, dict):
        yield Finding((), "a boolean stands where a schema should", 'say its "type"')
        return
    yield from _keywords(site)
    if "$ref" in site.node:
        yield from _reference(site.node)
        return
    types = _types(site.node, catalogue)
    if isinstance(types, Finding):
        yield types
        return
    yield from _misplaced(site.node, types)
    yield from _format(site.node)
    yield from _pattern(site.node)
    yield from _values(site.node, types)
    yield from _array(site.node, types)
    yield from _object(site.node, types)


def _keywords(site: Site) -> Iterator[Finding]:
    known = ANNOTATIONS | STRUCTURE | frozenset(APPLIES_TO) | (ROOT_ONLY if site.is_root else frozenset())
    for keyword in cast(_Node, site.node):
        if keyword in LOST:
            yield Finding((keyword,), f"the models would lose {keyword!r}", LOST[keyword])
        elif keyword not in known and not keyword.startswith("x-"):
            yield Finding((keyword,), f"{keyword!r} is not supported", "leave it out, or check its spelling")


def _reference(node: _Node) -> Iterator[Finding]:
    for keyword in node:
        if keyword not in ANNOTATIONS | {"$ref"} | set(LOST) and not keyword.startswith("x-"):
            yield Finding(
                (keyword,), f"the models would lose {keyword!r} beside a $ref", "move it to the definition"
            )


def _types(node: _Node, catalogue: bool) -> frozenset[str] | Finding:
    """Answer the node's types without null, or what is wrong with them."""
    types = node.get("type")
    if isinstance(types, str) and types in TYPES:
        return frozenset({types})
    if types is None and ("enum" in node or "const" in node):
        return frozenset({"string"})
    if not isinstance(types, list):
        hint = f'say "type" as one of {", ".join(sorted(TYPES))}'
        return Finding(("type",) if types else (), f"no model can be made of the type {types!r}", hint)
    given = frozenset(types)
    if given == ANY_VALUE:
        return given
    if len(given) == 2 and "null" in given:
        if catalogue:
            return given - {"null"}
        return Finding(
            ("type",), "nothing in the SemanticEvent is nullable", "absent is the only way to have no value"
        )
    hint = f"name one type (in an event, with null), or any value but null: {', '.join(sorted(ANY_VALUE))}"
    return Finding(("type",), "the models cannot tell these types apart", hint)


def _misplaced(node: _Node, types: frozenset[str]) -> Iterator[Finding]:
    for keyword, allowed in APPLIES_TO.items():
        if keyword in node and (len(types) > 1 or not types <= allowed):
            wanted = " or ".join(sorted(allowed))
            message = f"{keyword!r} says nothing about the type {' or '.join(sorted(types))}"
            yield Finding((keyword,), message, f"it is for the type {wanted}")


def _format(node: _Node) -> Iterator[Finding]:
    if "format" not in node:
        return
    if node["format"] not in FORMATS:
        yield Finding(
            ("format",), f"unknown format {node['format']!r}", f"use one of {', '.join(sorted(FORMATS))}"
        )
    for keyword in ("minLength", "maxLength", "pattern", "enum", "const"):
        if keyword in node:
            yield Finding(
                (keyword,), f"the models would lose {keyword!r} beside a format", "leave out one of the two"
            )


def _values(node: _Node, types: frozenset[str]) -> Iterator[Finding]:
    for keyword in ("enum", "const"):
        if keyword not in node:
            continue
        values = cast(list[object], node["enum"]) if keyword == "enum" else [node["const"]]
        nullable = isinstance(node.get("type"), list)
        if types != {"string"} or not all(
            isinstance(each, str) or (nullable and each is None) for each in values
        ):
            yield Finding((keyword,), "the values are not all text", 'list text values of "type": "string"')
        if nullable != (None in values):
            yield Finding(
                (keyword,), "null is in one of type and values only", "name it in both, or in neither"
            )
        for other in ("minLength", "maxLength", "pattern"):
            if other in node:
                yield Finding((other,), f"the models would lose {other!r} beside {keyword}", "leave it out")


def _pattern(node: _Node) -> Iterator[Finding]:
    if "pattern" not in node:
        return
    pattern = str(node["pattern"])
    try:
        jsonschema_rs.Draft202012Validator({"pattern": pattern}, pattern_options=jsonschema_rs.RegexOptions())
    except jsonschema_rs.ValidationError:
        hint = "write it without look-around and back-references: the models' engine has none"
        yield Finding(("pattern",), "the models cannot check this pattern", hint)
    if _SHORTHAND.search(pattern):
        hint = "spell the characters out, such as [0-9]: the models read shorthands as all of Unicode's"
        yield Finding(("pattern",), "the pattern holds a shorthand class", hint)


def _array(node: _Node, types: frozenset[str]) -> Iterator[Finding]:
    if types == {"array"} and "items" not in node:
        yield Finding((), "the array does not say what it holds", 'describe one item under "items"')


def _object(node: _Node, types: frozenset[str]) -> Iterator[Finding]:
    if types != {"object"}:
        return
    rest = node.get("additionalProperties")
    properties = cast(_Node, node.get("properties", {}))
    for name in cast(list[str], node.get("required", [])):
        if name not in properties:
            yield Finding(
                ("required",), f"{name!r} is required but not described", 'add it under "properties"'
            )
    if "properties" in node and rest is not False and not _is_any_value(rest):
        hint = f'set "additionalProperties" to false, or to any value but null: {sorted(ANY_VALUE)}'
        yield Finding((), "the object does not say whether other keys are allowed", hint)
    if "properties" not in node and rest is False:
        yield Finding(
            ("additionalProperties",), "the object can hold nothing", 'describe it under "properties"'
        )


def _is_any_value(node: object) -> bool:
    types = node.get("type") if isinstance(node, dict) else None
    return isinstance(types, list) and set(types) == ANY_VALUE
