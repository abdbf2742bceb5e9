"""A schema as a diff compares it: with what it refers to and what it joins by `allOf`, as one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import cast

from ..drafts import Words, modern
from ..library import Library
from ..patterns import python_pattern
from ..places import Place
from ..views import EVERY_TYPE, alternatives, joined
from ..vocabulary import KEYWORDS
from .meaning import meaning, text

__all__ = ["LIMITS", "Condition", "Node", "anything", "node"]

LIMITS = frozenset(
    (
        "exclusiveMaximum",
        "exclusiveMinimum",
        "format",
        "maxItems",
        "maxLength",
        "maxProperties",
        "maximum",
        "minItems",
        "minLength",
        "minProperties",
        "minimum",
        "multipleOf",
        "pattern",
        "uniqueItems",
    )
)
"""Keywords that limit values of one type."""

_BRANCHES = ("oneOf", "anyOf")
_GROUPS = (("if", ("then", "else")), ("contains", ("minContains", "maxContains")))
_MAPS = ("dependentRequired", "dependentSchemas")
_SINGLE = ("not", "propertyNames")
_WHOLE = ("unevaluatedItems", "unevaluatedProperties")
"""Keywords whose meaning is that of all that stands beside them."""


@dataclass(frozen=True, eq=False)
class Condition:
    """What must hold besides: the keyword, a text of what it means, and where it stands.

    `parts` are the schemas of `then` and `else`, where `meaning` is that of `if`.
    """

    word: str
    meaning: str
    place: Place
    parts: tuple[Place, ...] = ()


@dataclass(frozen=True, eq=False)
class Node:
    """What holds for the values of a schema, and where each keyword of it stands first.

    `values` are the JSON texts of those that are listed, if only such are allowed, with the notes on each.
    `rest` holds for keys that have no schema of their own: False where there may be none. `branches` are the
    forms of which one holds.
    """

    place: Place
    types: frozenset[str] = EVERY_TYPE
    values: Mapping[str, str] | None = None
    properties: Mapping[str, Place] = field(default_factory=dict)
    patterns: Mapping[str, Place] = field(default_factory=dict)
    required: frozenset[str] = frozenset()
    rest: Place | bool = True
    items: Place | None = None
    prefix: tuple[Place, ...] = ()
    branches: tuple[Place, ...] = ()
    conditions: tuple[Condition, ...] = ()
    said: Mapping[str, Place] = field(default_factory=dict)

    @property
    def is_bare(self) -> bool:
        """Whether nothing but its branches says which values are valid."""
        return not self.conditions and not (self.said.keys() & KEYWORDS) - {"oneOf", "anyOf"}

    @property
    def notes(self) -> Mapping[str, Place]:
        """The keywords that say nothing about which values are valid."""
        return {word: each for word, each in self.said.items() if word not in KEYWORDS}

    def at(self, word: str) -> Place:
        """Answer where a keyword stands, or else the schema."""
        return self.said.get(word, self.place)

    def value(self, word: str) -> object:
        """Answer a keyword's value; None without it."""
        return self.said[word].node if word in self.said else None

    def other(self, key: str) -> Place | bool:
        """Answer what holds for a key that is not among the properties."""
        for pattern, place in self.patterns.items():
            if _matches(pattern, key):
                return place
        return self.rest


def anything(place: Place) -> Place:
    """Answer the schema that allows everything, as if it stood at a place."""
    return replace(place, node={})


def node(place: Place, library: Library) -> Node:
    """Answer what a schema says, with all that it refers to and joins."""
    if not isinstance(place.node, dict):
        return Node(place) if place.node else Node(place, types=frozenset(), rest=False)
    found = Node(place)
    for part in _parts(place, library, frozenset(), may_be_null=False):
        found = _met(found, part)
    return found


def _matches(pattern: str, key: str) -> bool:
    try:
        return re.search(python_pattern(pattern), key) is not None
    except ValueError:  # Python cannot say it: what is then found wrong is left to the proof
        return False


@dataclass(frozen=True, eq=False)
class _Part:
    """One of the schemas that hold for the same value; `may_be_null` where it holds for all but null."""

    place: Place
    words: Words
    library: Library
    may_be_null: bool
    branches: tuple[Place, ...]

    def keyword(self, word: str) -> Place:
        return self.place.child(*self.words[word].steps)

    def named(self, word: str) -> dict[str, Place]:
        names = cast(Mapping[str, object], self.words[word].value) if word in self.words else ()
        return {name: self.keyword(word).child(name) for name in names}

    def listed(self, word: str) -> tuple[Place, ...]:
        items = cast(list[object], self.words[word].value) if word in self.words else ()
        return tuple(self.keyword(word).child(number) for number in range(len(items)))

    def meaning(self, *words: str) -> str:
        """Answer what some keywords mean, without the others."""
        own = {word: self.place.keywords[word] for word in words if word in self.place.keywords}
        return meaning(replace(self.place, node=own), self.library)


def _parts(place: Place, library: Library, above: frozenset[object], *, may_be_null: bool) -> Iterator[_Part]:
    """Yield the schemas that hold for the same value, the outermost first."""
    if place.key in above or not isinstance(place.node, dict):
        return
    above |= {place.key}
    words = modern(place)
    part = _Part(place, words, library, may_be_null, ())
    inner = [library.target(place, str(words["$ref"].value))] if "$ref" in words else []
    inner += part.listed("allOf")
    branches = [(word, form) for word in _BRANCHES for form in part.listed(word)]
    forms = [form for _, form in branches if form.keywords.get("type") != "null"]
    is_nullable = len(forms) == 1 and len(branches) > 1 and "null" not in _allowed(forms[0], library)
    yield replace(part, branches=() if is_nullable else tuple(form for _, form in branches))
    for each in inner:
        yield from _parts(each, library, above, may_be_null=may_be_null)
    if is_nullable:
        yield from _parts(forms[0], library, above, may_be_null=True)


def _met(found: Node, part: _Part) -> Node:
    """Answer a node for whose values one schema more holds."""
    words = part.words
    values, branches, types = _listed(part)
    if part.may_be_null:
        types |= {"null"}
        values = None if values is None else {**values, "null": values.get("null", "")}
    properties = part.named("properties")
    conditions = [*_conditions(part)]
    again = [(name, properties[name]) for name in found.properties.keys() & properties.keys()]
    if "items" in words and found.items is not None:
        again.append(("*", part.keyword("items")))
    conditions += [
        Condition("allOf", meaning(place, part.library), place) for _, place in sorted(again, key=str)
    ]
    if branches and found.branches:
        said = text(sorted(meaning(each, part.library) for each in branches))
        conditions.append(Condition("allOf", said, branches[0]))
    conditions += [
        Condition("allOf", part.meaning(word), part.keyword(word))
        for word in sorted(LIMITS & words.keys() & found.said.keys())
        if text(words[word].value) != text(found.value(word))
    ]
    return replace(
        found,
        types=found.types & types,
        values=_common(found.values, values),
        properties={**properties, **found.properties},
        patterns={**part.named("patternProperties"), **found.patterns},
        required=found.required
        | frozenset(cast(list[str], words["required"].value) if "required" in words else ()),
        rest=_rest(part) if found.rest is True else found.rest,
        items=found.items or (part.keyword("items") if "items" in words else None),
        prefix=found.prefix or part.listed("prefixItems"),
        branches=found.branches or branches,
        conditions=(*found.conditions, *conditions),
        said={word: part.keyword(word) for word in words if word not in ("$ref", "allOf", "$defs")}
        | {**found.said},
    )


def _listed(part: _Part) -> tuple[Mapping[str, str] | None, tuple[Place, ...], frozenset[str]]:
    """Answer the values that are listed, the branches if they are no values, and the types of both."""
    types = _types(part, {word: part.place.keywords[word] for word in ("type",) if word in part.words})
    branches = part.branches
    lists: list[Mapping[str, str]] = []
    if branches and all("const" in modern(each) for each in branches):
        lists.append({text(each.keywords["const"]): _about(each) for each in branches})
        types &= _types(part, {"enum": [each.keywords["const"] for each in branches]})
        branches = ()
    for word in ("const", "enum"):
        if word in part.words:
            listed = part.words[word].value
            allowed = [listed] if word == "const" else cast(list[object], listed)
            lists.append(dict.fromkeys(map(text, allowed), ""))
            types &= _types(part, {"enum": allowed})
    values: Mapping[str, str] | None = None
    for each in lists:
        values = _common(values, each)
    return values, branches, types


def _types(part: _Part, own: Mapping[str, object]) -> frozenset[str]:
    return _allowed(replace(part.place, node=own), part.library)


def _allowed(place: Place, library: Library) -> frozenset[str]:
    return joined(alternatives(place, library)).types


def _common(one: Mapping[str, str] | None, other: Mapping[str, str] | None) -> Mapping[str, str] | None:
    if one is None or other is None:
        return other if one is None else one
    return {value: one[value] or other[value] for value in one if value in other}


def _about(place: Place) -> str:
    notes = {word: value for word, value in place.keywords.items() if word != "const"}
    return text(notes) if notes else ""


def _rest(part: _Part) -> Place | bool:
    has_own = "additionalProperties" in part.words
    word = "additionalProperties" if has_own else "unevaluatedProperties"
    value = part.words[word].value if word in part.words else True
    if isinstance(value, bool):
        return value
    return True if value == {} else part.keyword(word)


def _conditions(part: _Part) -> Iterator[Condition]:
    """Yield what must hold besides; each name of a map of conditions is one by itself."""
    for first, others in _GROUPS:
        if first in part.words:
            said = part.meaning(first, *(() if first == "if" else others))
            inner = tuple(
                part.keyword(each) if each in part.words else anything(part.place)
                for each in others
                if first == "if"
            )
            yield Condition(first, said, part.keyword(first), inner)
    for word in _MAPS:
        for name, place in part.named(word).items():
            value = sorted(place.node) if isinstance(place.node, list) else meaning(place, part.library)
            yield Condition(word, text([name, value]), place)
    for word in _SINGLE:
        if word in part.words:
            yield Condition(word, meaning(part.keyword(word), part.library), part.keyword(word))
    for word in _WHOLE:
        if word in part.words and part.words[word].value not in (True, {}) and not _is_closing(part, word):
            yield Condition(word, meaning(part.place, part.library), part.keyword(word))


def _is_closing(part: _Part, word: str) -> bool:
    return word == "unevaluatedProperties" and part.words[word].value is False
