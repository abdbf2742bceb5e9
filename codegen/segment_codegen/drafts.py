"""Reads each schema object, of whatever draft, as draft 2020-12 would write it.

Nothing is rewritten: a keyword keeps the steps to where the source has it, so that references still lead to
the same places and problems are reported in the user's own words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, cast

from .places import Place, Step

__all__ = [
    "ANNOTATIONS",
    "DRAFTS",
    "META",
    "SINCE",
    "Dialect",
    "Keyword",
    "Words",
    "dialect",
    "is_known",
    "modern",
    "subschemas",
]

Dialect = Literal["04", "06", "07", "2019-09", "2020-12"]
DRAFTS: tuple[Dialect, ...] = ("04", "06", "07", "2019-09", "2020-12")

META: Mapping[Dialect, str] = {
    "04": "http://json-schema.org/draft-04/schema#",
    "06": "http://json-schema.org/draft-06/schema#",
    "07": "http://json-schema.org/draft-07/schema#",
    "2019-09": "https://json-schema.org/draft/2019-09/schema",
    "2020-12": "https://json-schema.org/draft/2020-12/schema",
}
"""The name of each draft's own schema."""

ANNOTATIONS = frozenset(
    (
        "$anchor",
        "$comment",
        "$defs",
        "$id",
        "$schema",
        "contentEncoding",
        "contentMediaType",
        "contentSchema",
        "deprecated",
        "description",
        "examples",
        "readOnly",
        "title",
        "writeOnly",
    )
)
"""Keywords that say nothing about which values are valid."""

SINCE: Mapping[str, Dialect] = {
    "const": "06",
    "contains": "06",
    "propertyNames": "06",
    "if": "07",
    "then": "07",
    "else": "07",
    "dependentRequired": "2019-09",
    "dependentSchemas": "2019-09",
    "maxContains": "2019-09",
    "minContains": "2019-09",
    "unevaluatedItems": "2019-09",
    "unevaluatedProperties": "2019-09",
    "prefixItems": "2020-12",
}
"""The draft in which a keyword was new; those before it do not know the word."""

_NAMES: Mapping[str, Dialect] = {
    "draft-04": "04",
    "draft-06": "06",
    "draft-07": "07",
    "2019-09": "2019-09",
    "2020-12": "2020-12",
    "self-desc": "04",  # Iglu's meta-schema extends draft 04
}
_NAME = re.compile("|".join(map(re.escape, _NAMES)))
_ONE = frozenset(
    (
        "additionalProperties",
        "contains",
        "else",
        "if",
        "items",
        "not",
        "propertyNames",
        "then",
        "unevaluatedItems",
        "unevaluatedProperties",
    )
)
_LISTS = frozenset({"allOf", "anyOf", "oneOf", "prefixItems"})
_MAPS = frozenset({"dependentSchemas", "patternProperties", "properties"})
_EVALUATING = frozenset(("$ref", "additionalProperties", "allOf", "anyOf", "dependentSchemas", "if", "oneOf"))
"""Without these, what is not evaluated is what is not listed."""
_IGNORES_BESIDE_REF = frozenset({"04", "06", "07"})
_LIMITS = (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum"))


_LATER = {
    draft: frozenset(word for word, since in SINCE.items() if DRAFTS.index(since) > number)
    for number, draft in enumerate(DRAFTS)
}


@dataclass(frozen=True)
class Keyword:
    """A keyword's value, and the steps to it from its schema object."""

    value: object
    steps: tuple[Step, ...]


Words = Mapping[str, Keyword]


def dialect(place: Place) -> Dialect:
    """Answer the draft that the schema, or else one around it, names; 2020-12 where none is known."""
    root = place.root
    named = _NAME.search(str(root.keywords.get("$schema") or place.document.root.get("$schema", "")))
    return _NAMES[named[0]] if named else "2020-12"


def is_known(schema: object) -> bool:
    """Tell whether the value of a `$schema` names a draft."""
    return _NAME.search(str(schema)) is not None


def modern(place: Place) -> dict[str, Keyword]:
    """Answer the keywords of a place in the vocabulary of 2020-12, those that its draft ignores left out."""
    draft = dialect(place)
    unknown = _LATER[draft]
    words = {word: Keyword(value, (word,)) for word, value in place.keywords.items() if word not in unknown}
    if "$ref" in words and draft in _IGNORES_BESIDE_REF:
        return {word: each for word, each in words.items() if word == "$ref" or word in ANNOTATIONS}
    words.pop("definitions", None)
    words.pop("id", None)  # draft 04's name of a schema; later drafts do not know the word
    if draft == "04":
        _exclusive_limits(words)
    if draft != "2020-12" and isinstance(words.get("items", _NONE).value, list):
        words["prefixItems"] = words.pop("items")
        if "additionalItems" in words:
            words["items"] = words.pop("additionalItems")
    if draft != "2020-12":
        words.pop("additionalItems", None)  # without a list of items it says nothing
    if "dependencies" in words:
        _dependencies(words)
    if "unevaluatedProperties" in words and not words.keys() & _EVALUATING:
        words["additionalProperties"] = words.pop("unevaluatedProperties")
    return words


def subschemas(place: Place, words: Words) -> Iterator[tuple[str, Place]]:
    """Yield each schema that stands in the keywords of a place, with the keyword's name."""
    for word, each in words.items():
        if word in _ONE:
            yield word, place.child(*each.steps)
        elif word in _LISTS:
            for number in range(len(cast(list[object], each.value))):
                yield word, place.child(*each.steps, number)
        elif word in _MAPS:
            for name in cast(Mapping[str, object], each.value):
                yield word, place.child(*each.steps, name)


_NONE = Keyword(None, ())


def _exclusive_limits(words: dict[str, Keyword]) -> None:
    for limit, exclusive in _LIMITS:
        if isinstance(words.get(exclusive, _NONE).value, bool):
            flag = words.pop(exclusive)
            if flag.value and limit in words:
                words[exclusive] = words.pop(limit)


def _dependencies(words: dict[str, Keyword]) -> None:
    old = words.pop("dependencies")
    given = cast(Mapping[str, object], old.value) if isinstance(old.value, dict) else {}
    for word, is_names in (("dependentRequired", True), ("dependentSchemas", False)):
        found = {name: each for name, each in given.items() if isinstance(each, list) is is_names}
        if found:
            words[word] = Keyword(found, old.steps)
