"""What annotations say of properties: which are personal data, and which no new code should send."""

from __future__ import annotations

from collections.abc import Iterator

from .library import Library
from .places import Place

__all__ = ["is_deprecated", "is_personal"]

_PERSONAL = ("x-pii", "pii", "x-personal")
_HELD = ("additionalProperties", "items")
_BRANCH = ("contains", "else", "if", "not", "then", "unevaluatedProperties")
_BRANCHES = ("allOf", "anyOf", "items", "oneOf", "prefixItems")
_NAMED = ("properties", "patternProperties")


def is_deprecated(place: Place, library: Library) -> bool:
    """Tell whether a property is deprecated, by its own place or by what that refers to."""
    return any(each.keywords.get("deprecated") is True for each in _chain(place, library))


def is_personal(place: Place, library: Library) -> bool:
    """Tell whether a property is personal data as a whole, by its own place or what that refers to or joins.

    A mark on a property of an object that has a model is that property's own; one in a branch counts for all.
    """
    return _is_marked(place, library, frozenset())


def _chain(place: Place, library: Library) -> Iterator[Place]:
    seen: set[object] = set()
    while place.key not in seen:
        yield place
        seen.add(place.key)
        reference = place.keywords.get("$ref")
        if not isinstance(reference, str):
            return
        try:
            place = library.target(place, reference)
        except KeyError:  # it is reported where types are read
            return


def _is_marked(place: Place, library: Library, seen: frozenset[object], *, is_branch: bool = False) -> bool:
    for each in _chain(place, library):
        if each.key in seen:
            return False
        seen |= {each.key}
        if any(each.keywords.get(word) for word in _PERSONAL):
            return True
        has_model = isinstance(each.keywords.get("properties"), dict) and not is_branch
        named = () if has_model else _NAMED
        if any(_is_marked(inner, library, seen, is_branch=flag) for inner, flag in _inside(each, named)):
            return True
    return False


def _inside(place: Place, named: tuple[str, ...]) -> Iterator[tuple[Place, bool]]:
    """Yield the schemas below a place, and whether each is a branch, of which models need not keep all."""
    for word, value in place.keywords.items():
        if word in _HELD and isinstance(value, dict):
            yield place.child(word), False
        elif word in _BRANCH and isinstance(value, dict):
            yield place.child(word), True
        elif word in _BRANCHES and isinstance(value, list):
            yield from ((place.child(word, number), True) for number in range(len(value)))
        elif word in named and isinstance(value, dict):
            yield from ((place.child(word, name), True) for name in value)
