"""Compares the keys of two schemas: which there are, which must be there, and what others are allowed."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..places import Place
from .found import Found, Keys, spot
from .nodes import Node

__all__ = ["RENAMED", "Walk", "compare_keys"]

RENAMED = "x-renamed-from"
"""The word of a property, or an event, that says which name it had."""

Walk = Callable[[Place, Place, Keys], Iterator[Found]]
"""Compares two schemas, of the property that a path leads to."""


def compare_keys(old: Node, new: Node, path: Keys, walk: Walk) -> Iterator[Found]:
    """Yield how the keys of objects differ, and what is said of each."""
    renamed = _renamed(old, new)
    for name, place in new.properties.items():
        if name in renamed:
            yield from _rename(old, new, renamed[name], name, path, walk)
        elif name in old.properties:
            yield from walk(old.properties[name], place, (*path, name))
            yield from _required(old, new, name, path)
        else:
            yield from _added(old, new, name, path, walk)
    for name in old.properties.keys() - new.properties.keys() - set(renamed.values()):
        yield from _removed(old, new, name, path, walk)
    for name in (old.required | new.required) - old.properties.keys() - new.properties.keys():
        yield from _required(old, new, name, path)
    yield from _others(old, new, path, walk)


def _renamed(old: Node, new: Node) -> dict[str, str]:
    """Answer the former name of each property that was renamed; one whose old name is still there was not."""
    gone = old.properties.keys() - new.properties.keys()
    found: dict[str, str] = {}
    for name in new.properties.keys() - old.properties.keys():
        former = new.properties[name].keywords.get(RENAMED)
        if isinstance(former, str) and former in gone and former not in found.values():
            found[name] = former
    return found


def _rename(old: Node, new: Node, former: str, name: str, path: Keys, walk: Walk) -> Iterator[Found]:
    here = (*path, name)
    before, after = old.properties[former], new.properties[name]
    yield Found(here, "property-renamed", f"{former!r} became {name!r}", spot(before), spot(after))
    yield from walk(before, after, here)
    if name in new.required and former not in old.required:
        message = f"{name!r} is required, which {former!r} was not"
        yield Found(here, "property-required", message, spot(old.at("required")), spot(new.at("required")))


def _required(old: Node, new: Node, name: str, path: Keys) -> Iterator[Found]:
    if (name in old.required) == (name in new.required):
        return
    spots = spot(old.at("required")), spot(new.at("required"))
    if name in new.required:
        yield Found((*path, name), "property-required", f"{name!r} is required", *spots)
        return
    place = old.properties.get(name)
    rule = "property-optional-nullable" if place is not None and _is_nullable(place) else "property-optional"
    yield Found((*path, name), rule, f"{name!r} is optional", *spots)


def _is_nullable(place: Place) -> bool:
    column, types = place.keywords.get("x-clickhouse"), place.keywords.get("type")
    return str(column).startswith("Nullable(") or (isinstance(types, list) and "null" in types)


def _added(old: Node, new: Node, name: str, path: Keys, walk: Walk) -> Iterator[Found]:
    here, place, before = (*path, name), new.properties[name], old.other(name)
    spots = spot(old.at("properties")), spot(place)
    if name in new.required and name not in old.required:
        yield Found(here, "required-property-added", f"{name!r} is new, and required", *spots)
    elif before is True and place.node not in (True, {}):
        yield Found(here, "property-added-open", f"{name!r} is new, where any value was allowed", *spots)
    else:
        yield Found(here, "property-added", f"{name!r} is new", *spots)
        yield from _required(old, new, name, path)
    if isinstance(before, Place):
        yield from walk(before, place, here)


def _removed(old: Node, new: Node, name: str, path: Keys, walk: Walk) -> Iterator[Found]:
    here, place, after = (*path, name), old.properties[name], new.other(name)
    spots = spot(place), spot(new.at("properties"))
    if after is False:
        yield Found(here, "property-removed", f"{name!r} is gone, and refused", *spots)
        return
    yield Found(here, "property-removed-open", f"{name!r} is no longer described", *spots)
    if isinstance(after, Place):
        yield from walk(place, after, here)
    yield from _required(old, new, name, path)


def _others(old: Node, new: Node, path: Keys, walk: Walk) -> Iterator[Found]:
    """Yield how keys that are not listed differ: those that match a pattern, and all others."""
    for pattern in old.patterns.keys() | new.patterns.keys():
        before, after = (each.patterns.get(pattern, each.rest) for each in (old, new))
        yield from _rest(old, new, before, after, path, f"keys that match {pattern!r}", walk)
    yield from _rest(old, new, old.rest, new.rest, path, "keys that are not listed", walk)


def _rest(
    old: Node, new: Node, before: Place | bool, after: Place | bool, path: Keys, what: str, walk: Walk
) -> Iterator[Found]:
    word = "patternProperties" if "match" in what else "additionalProperties"
    spots = spot(old.at(word)), spot(new.at(word))
    if before == after and isinstance(before, bool):
        return
    if isinstance(before, Place) and isinstance(after, Place):
        yield from walk(before, after, (*path, "*"))
    elif before is False or after is True:
        yield Found(path, "object-opened", f"{what} are allowed", *spots)
    else:
        yield Found(path, "object-closed", f"{what} are {'limited' if after else 'refused'}", *spots)
