"""What a model may take for certain of a schema: a view says no more than holds for every valid value.

Views are met (both hold) and joined (one of them holds); what is lost thereby is left to the checks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import reduce
from itertools import chain
from typing import TypeVar, cast

from .drafts import Words, modern
from .ir import Limits
from .library import Library
from .places import Place

__all__ = ["EVERY_TYPE", "Places", "View", "alternatives", "joined", "met", "own_view"]

Places = tuple[Place, ...]
"""Schemas of which one holds; with none, any value is allowed."""

EVERY_TYPE = frozenset({"null", "boolean", "integer", "number", "string", "array", "object"})
"""JSON's types; a number that may have a fraction is an integer or a number."""

_LIMITS = {
    "string": frozenset({"minLength", "maxLength", "pattern"}),
    "integer": frozenset({"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"}),
    "array": frozenset({"minItems", "maxItems"}),
}
_T = TypeVar("_T")


@dataclass(frozen=True, eq=False)
class View:
    """Types, and what holds for values of each.

    `texts` and `integers` list those that are allowed, if not all are. `rest` is for the keys that
    `properties` does not list: None allows no such. `mentioned` are the schemas of each key that is described
    anywhere, and `is_wild` says that keys are described by patterns too, or all of them.
    """

    types: frozenset[str] = EVERY_TYPE
    texts: tuple[str, ...] | None = None
    integers: tuple[int, ...] | None = None
    format: str | None = None
    limits: Limits = field(default_factory=dict)
    items: Places = ()
    properties: Mapping[str, Places] = field(default_factory=dict)
    required: frozenset[str] = frozenset()
    rest: Places | None = ()
    mentioned: Mapping[str, Places] = field(default_factory=dict)
    is_wild: bool = False

    @property
    def has_keys(self) -> bool:
        """Whether it says anything about single keys of objects."""
        return "object" in self.types and bool(self.properties or self.required or self.rest is None)


def alternatives(place: Place, library: Library) -> tuple[View, ...]:
    """Answer views of which one holds for each valid value: one, or one for each kind of object."""
    if not isinstance(place.node, dict):
        return (View(),) if place.node is True else (View(types=frozenset()),)
    words = modern(place)
    found: tuple[View, ...] = (own_view(place, words),)
    for conjunct in _conjuncts(place, words, library):
        few = conjunct if len(found) == 1 else (joined(conjunct),)
        found = tuple(met(one, other) for one in found for other in few)
    if "unevaluatedProperties" in words and words["unevaluatedProperties"].value is False:
        found = tuple(map(_closed, found))
    return _concise(found)


def _conjuncts(place: Place, words: Words, library: Library) -> Iterable[tuple[View, ...]]:
    def views(*steps: str | int) -> tuple[View, ...]:
        return alternatives(place.child(*steps), library)

    if "$ref" in words:
        yield alternatives(library.target(place, str(words["$ref"].value)), library)
    for word in ("allOf", "anyOf", "oneOf"):
        if word in words:
            branches = [views(word, number) for number in range(len(cast(list[object], words[word].value)))]
            yield from branches if word == "allOf" else [tuple(chain.from_iterable(branches))]
    if "if" in words:
        then = joined(views("then")) if "then" in words else View()
        otherwise = joined(views("else")) if "else" in words else View()
        yield (joined((met(joined(views("if")), then), otherwise)),)
    if "dependentSchemas" in words:
        for name in cast(Mapping[str, object], words["dependentSchemas"].value):
            yield (joined((*views(*words["dependentSchemas"].steps, name), View())),)


def met(one: View, other: View) -> View:
    """Answer the view of values for which both hold."""
    rest = None if one.rest is None or other.rest is None else one.rest or other.rest
    keys = sorted(one.properties.keys() | other.properties.keys())
    return View(
        types=one.types & other.types,
        texts=_common(one.texts, other.texts),
        integers=_common(one.integers, other.integers),
        format=one.format or other.format,
        limits={**other.limits, **one.limits},
        items=one.items or other.items,
        properties={key: one.properties.get(key) or other.properties.get(key, ()) for key in keys},
        required=one.required | other.required,
        rest=rest,
        mentioned=_mentioned(one, other),
        is_wild=one.is_wild or other.is_wild,
    )


def joined(views: Iterable[View]) -> View:
    """Answer the view of values for which one of these holds."""
    possible = [each for each in views if each.types]
    return reduce(_join, possible) if possible else View(types=frozenset())


def _join(one: View, other: View) -> View:
    def either(kind: str, mine: _T, others: _T, both: _T) -> _T:
        """Answer what holds for values of a type: where just one allows it, what that one says."""
        if kind not in other.types:
            return mine
        return others if kind not in one.types else both

    keys = sorted(one.properties.keys() | other.properties.keys())
    both = {key: _either_key(one, other, key) for key in keys}
    rest = one.rest if other.rest is None else other.rest if one.rest is None else _or(one.rest, other.rest)
    return View(
        types=one.types | other.types,
        texts=either("string", one.texts, other.texts, _any_of(one.texts, other.texts)),
        integers=either("integer", one.integers, other.integers, _any_of(one.integers, other.integers)),
        format=either("string", one.format, other.format, one.format if one.format == other.format else None),
        limits={
            word: value
            for kind, words in _LIMITS.items()
            for word, value in either(kind, *_limits(one, other, words)).items()
        },
        items=either("array", one.items, other.items, _or(one.items, other.items)),
        properties=either("object", one.properties, other.properties, both),
        required=either("object", one.required, other.required, one.required & other.required),
        rest=either("object", one.rest, other.rest, rest),
        mentioned=_mentioned(one, other),
        is_wild=one.is_wild or other.is_wild,
    )


def _common(one: tuple[_T, ...] | None, other: tuple[_T, ...] | None) -> tuple[_T, ...] | None:
    if one is None or other is None:
        return one if other is None else other
    return tuple(each for each in one if each in other)


def _any_of(one: tuple[_T, ...] | None, other: tuple[_T, ...] | None) -> tuple[_T, ...] | None:
    return None if one is None or other is None else tuple(dict.fromkeys((*one, *other)))


def _limits(one: View, other: View, words: frozenset[str]) -> tuple[Limits, Limits, Limits]:
    """Answer the limits among some keywords: those of one view, of the other, and of both."""
    mine, others = ({word: each.limits[word] for word in words & each.limits.keys()} for each in (one, other))
    return mine, others, {word: value for word, value in mine.items() if others.get(word) == value}


def _either_key(one: View, other: View, key: str) -> Places:
    """Answer what is known of a key that one of the views lists."""
    if key in one.properties and key in other.properties:
        return _or(one.properties[key], other.properties[key])
    owner, stranger = (one, other) if key in one.properties else (other, one)
    return owner.properties[key] if stranger.rest is None else ()


def _or(one: Places, other: Places) -> Places:
    return _both(one, other) if one and other else ()


def _both(one: Places, other: Places) -> Places:
    return tuple({each.key: each for each in (*one, *other)}.values())


def _mentioned(one: View, other: View) -> dict[str, Places]:
    keys = one.mentioned.keys() | other.mentioned.keys()
    return {key: _both(one.mentioned.get(key, ()), other.mentioned.get(key, ())) for key in keys}


def _closed(view: View) -> View:
    """Answer the view without the keys that no schema describes."""
    if view.is_wild:
        return view
    properties = {key: view.properties.get(key) or places for key, places in view.mentioned.items()}
    return replace(view, properties=dict(sorted(properties.items())), rest=None)


def _concise(views: tuple[View, ...]) -> tuple[View, ...]:
    """Answer the views, those that list no keys joined to one."""
    kept = [each for each in views if each.has_keys]
    others = [each for each in views if not each.has_keys and each.types]
    return (*kept, *([joined(others)] if others or not kept else []))


def own_view(place: Place, words: Words) -> View:
    """Answer the view of the keywords of one schema, those that hold schemas for the same value aside."""
    types = _types(words)
    texts: tuple[str, ...] | None = None
    integers: tuple[int, ...] | None = None
    for word in ("enum", "const"):
        if word in words:
            listed = [words[word].value] if word == "const" else cast(list[object], words[word].value)
            types &= frozenset().union(*map(_types_of, listed))
            texts = _common(texts, tuple(each for each in listed if isinstance(each, str)))
            numbers = [each for each in listed if "number" in _types_of(each)]
            whole = tuple(each for each in numbers if isinstance(each, int))
            integers = _common(integers, whole if len(whole) == len(numbers) else None)
    keys = cast(Mapping[str, object], words["properties"].value) if "properties" in words else {}
    properties: dict[str, Places] = {key: (place.child("properties", key),) for key in sorted(keys)}
    has_items = "items" in words and "prefixItems" not in words
    rest, is_wild = _rest(place, words)
    return View(
        types=types,
        texts=texts,
        integers=integers,
        format=str(words["format"].value) if "format" in words else None,
        limits={word: words[word].value for limits in _LIMITS.values() for word in limits if word in words},
        items=(place.child(*words["items"].steps),) if has_items else (),
        properties=properties,
        required=frozenset(cast(list[str], words["required"].value) if "required" in words else ()),
        rest=rest,
        mentioned=properties,
        is_wild=is_wild,
    )


def _types(words: Words) -> frozenset[str]:
    if "type" not in words:
        return EVERY_TYPE
    given = words["type"].value
    named = frozenset(cast(list[str], given) if isinstance(given, list) else [str(given)])
    return named | ({"integer"} if "number" in named else frozenset())


def _types_of(value: object) -> frozenset[str]:
    match value:
        case None:
            return frozenset({"null"})
        case bool():
            return frozenset({"boolean"})
        case int() | float():
            return frozenset({"integer", "number"})
        case str():
            return frozenset({"string"})
    return frozenset({"array" if isinstance(value, list) else "object"})


def _rest(place: Place, words: Words) -> tuple[Places | None, bool]:
    """Answer what is known of keys that are not listed, and whether that is another description of keys."""
    listed = words["patternProperties"].value if "patternProperties" in words else {}
    texts = sorted(cast(Mapping[str, object], listed))
    matching = tuple(place.child("patternProperties", text) for text in texts)
    if "additionalProperties" not in words:
        return (), bool(matching)
    value = words["additionalProperties"].value
    if value is False:
        return matching or None, bool(matching)
    if value is True or value == {}:
        return (), True
    return (*matching, place.child(*words["additionalProperties"].steps)), True
