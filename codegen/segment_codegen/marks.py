"""What annotations say of properties: which are personal data, and which no new code should send."""

from __future__ import annotations

from collections.abc import Iterator

from .places import Place

__all__ = ["is_deprecated", "is_personal"]

_PERSONAL = ("x-pii", "pii", "x-personal")
_ONE = ("additionalProperties", "contains", "else", "if", "items", "not", "then", "unevaluatedProperties")
_MANY = ("allOf", "anyOf", "oneOf", "prefixItems")
_NAMED = ("properties", "patternProperties")


def is_deprecated(place: Place) -> bool:
    """Tell whether a property is deprecated, by its own place or by what that refers to."""
    return any(each.keywords.get("deprecated") is True for each in _chain(place))


def is_personal(place: Place) -> bool:
    """Tell whether a property is personal data as a whole, by its own place or what that refers to or joins.

    A mark inside of an object that is described in place is that of the object's own property.
    """
    return _is_marked(place, frozenset())


def _chain(place: Place) -> Iterator[Place]:
    seen: set[object] = set()
    while place.key not in seen:
        yield place
        seen.add(place.key)
        reference = place.keywords.get("$ref")
        if not isinstance(reference, str):
            return
        try:
            place = place.target(reference)
        except KeyError:  # it is reported where types are read
            return


def _is_marked(place: Place, seen: frozenset[object]) -> bool:
    for each in _chain(place):
        if each.key in seen:
            return False
        seen |= {each.key}
        if any(each.keywords.get(word) for word in _PERSONAL):
            return True
        is_object = isinstance(each.keywords.get("properties"), dict)
        if any(_is_marked(inner, seen) for inner in _inside(each, () if is_object else _NAMED)):
            return True
    return False


def _inside(place: Place, named: tuple[str, ...]) -> Iterator[Place]:
    for word, value in place.keywords.items():
        if word in _ONE and isinstance(value, dict):
            yield place.child(word)
        elif word in _MANY and isinstance(value, list):
            yield from (place.child(word, number) for number in range(len(value)))
        elif word in named and isinstance(value, dict):
            yield from (place.child(word, name) for name in value)
