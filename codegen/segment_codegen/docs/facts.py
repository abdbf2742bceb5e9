"""Gathers what a property's schemas say that its type does not: limits, values, examples."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..drafts import modern, subschemas
from ..library import Library
from ..places import Place
from .pages import Limit, Value
from .words import as_json, limit_words

__all__ = ["Facts", "gather", "is_conditional"]

_EXAMPLES = 3
_CONDITIONS = frozenset(
    (
        "allOf",
        "anyOf",
        "contains",
        "dependentRequired",
        "dependentSchemas",
        "if",
        "not",
        "oneOf",
        "patternProperties",
        "prefixItems",
        "propertyNames",
        "unevaluatedItems",
        "unevaluatedProperties",
    )
)
"""Keywords of which a table of properties cannot say all."""


@dataclass(frozen=True)
class Facts:
    """Limits that hold for every value, values that are listed, and examples as JSON."""

    limits: tuple[Limit, ...] = ()
    values: tuple[Value, ...] = ()
    examples: tuple[str, ...] = ()


def gather(places: Iterable[Place], library: Library) -> Facts:
    """Answer what is said at the places that describe one property.

    Where they are several, as in branches, only a limit that each of them has holds for sure.
    """
    said = [_merged(each, library) for each in places]
    limits = [tuple(limit_words(each)) for each in said]
    limited = [each for each in limits if each]
    common = limited[0] if limited else ()
    values: dict[str, Value] = {}
    for each in said:
        for value in _values(each):
            values.setdefault(value.json, value)
    examples = dict.fromkeys(as_json(one) for each in said for one in _list(each.get("examples")))
    return Facts(
        tuple(each for each in common if all(each in other for other in limited)),
        tuple(values.values()),
        tuple(examples)[:_EXAMPLES],
    )


def is_conditional(schema: Place, library: Library) -> bool:
    """Tell whether a schema, or any that it holds or refers to, has keywords that make conditions."""
    waiting, met = [schema], set[object]()
    while waiting:
        place = waiting.pop()
        if place.key in met or not isinstance(place.node, dict):
            continue
        met.add(place.key)
        words = modern(place)
        listed = {"anyOf", "oneOf"} if any(_values(place.keywords)) else set()
        if words.keys() & _CONDITIONS - listed:
            return True
        waiting += [each for _, each in subschemas(place, words)]
        if "$ref" in words:
            waiting.append(library.target(place, str(words["$ref"].value)))
    return False


def _merged(place: Place, library: Library) -> Mapping[str, object]:
    """Answer the keywords of a place, and of what it refers to, its own before those."""
    merged: dict[str, object] = {}
    seen: set[object] = set()
    while place.key not in seen:
        seen.add(place.key)
        merged = {**place.keywords, **merged}
        reference = place.keywords.get("$ref")
        if not isinstance(reference, str):
            break
        place = library.target(place, reference)
    return merged


def _values(keywords: Mapping[str, object]) -> Iterator[Value]:
    if "const" in keywords:
        yield Value(as_json(keywords["const"]))
    for each in _list(keywords.get("enum")):
        yield Value(as_json(each))
    for word in ("oneOf", "anyOf"):
        branches = _list(keywords.get(word))
        if branches and all(isinstance(each, dict) and "const" in each for each in branches):
            for each in branches:
                if isinstance(each, dict):
                    yield Value(
                        as_json(each["const"]), str(each.get("description") or each.get("title") or "")
                    )


def _list(value: object) -> Sequence[object]:
    return value if isinstance(value, list) else ()
