"""Texts of values and schemas that are equal where these say the same."""

from __future__ import annotations

import json

from ..drafts import modern, subschemas
from ..library import Library
from ..places import Place, Step
from ..vocabulary import KEYWORDS

__all__ = ["meaning", "text"]

_NOTHING = {
    "additionalProperties": ("true", "{}"),
    "dependentRequired": ("{}",),
    "dependentSchemas": ("{}",),
    "items": ("true", "{}"),
    "minItems": ("0",),
    "minLength": ("0",),
    "minProperties": ("0",),
    "patternProperties": ("{}",),
    "properties": ("{}",),
    "required": ("[]",),
    "uniqueItems": ("false",),
}
"""Values with which a keyword says nothing, as texts."""
_UNORDERED = frozenset({"enum", "required", "type"})
_HEADS = frozenset({"$defs", "$schema"})


def text(value: object) -> str:
    """Answer a value as JSON, equal for equal values: 1.0 is 1, and objects have no order."""
    return json.dumps(_plain(value), sort_keys=True, ensure_ascii=False)


def meaning(place: Place, library: Library, *, noted: bool = False) -> str:
    """Answer a text that is equal for schemas in the same words; `noted` with their notes."""
    return text(_said(place, library, noted, ()))


def _plain(value: object) -> object:
    match value:
        case float() if value.is_integer():
            return int(value)
        case dict():
            return {key: _plain(each) for key, each in value.items()}
        case list():
            return [_plain(each) for each in value]
    return value


def _ordered(word: str, value: object) -> object:
    """Answer the value of a keyword, one whose order says nothing sorted."""
    if word not in _UNORDERED or not isinstance(value, list):
        return value
    items = {text(each): each for each in value}
    return value[0] if word == "type" and len(items) == 1 else [items[each] for each in sorted(items)]


def _said(place: Place, library: Library, noted: bool, above: tuple[object, ...]) -> object:
    """Answer the schema with what it refers to in place of the references; within itself, how far up."""
    if not isinstance(place.node, dict):
        return place.node
    if place.key in above:
        return {"within": len(above) - above.index(place.key)}
    above = (*above, place.key)
    words = modern(place)
    schemas = {child.steps: child for _, child in subschemas(place, words)}

    def said(value: object, steps: tuple[Step, ...]) -> object:
        if steps in schemas:
            return _said(schemas[steps], library, noted, above)
        if isinstance(value, dict):
            return {key: said(each, (*steps, key)) for key, each in value.items()}
        if isinstance(value, list):
            return [said(each, (*steps, number)) for number, each in enumerate(value)]
        return value

    found = {
        word: _ordered(word, said(each.value, (*place.steps, *each.steps)))
        for word, each in words.items()
        if word != "$ref"
        and (word in KEYWORDS or (noted and word not in _HEADS))
        and text(each.value) not in _NOTHING.get(word, ())
    }
    if "$ref" not in words:
        return found
    target = _said(library.target(place, str(words["$ref"].value)), library, noted, above)
    return {**found, "$ref": target} if found else target
