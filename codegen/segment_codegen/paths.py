"""The ways to the properties of an event that are marked: personal data, and what no new code should send."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain

from .ir import Event, ListOf, MapOf, Nullable, Property, Reference, Type, Union
from .naming import ClassName

__all__ = ["Path", "deprecated_paths", "personal_paths", "references"]

Path = tuple[str | None, ...]
"""The wire names to a property from the event's own; None is any key or item."""


def personal_paths(event: Event) -> tuple[Path, ...]:
    """Answer the paths of personal data; what holds itself is taken whole where it would begin again."""
    return tuple(sorted(set(_paths(event, lambda each: each.personal, is_cut=False)), key=_order))


def deprecated_paths(event: Event) -> tuple[Path, ...]:
    """Answer the paths of deprecated properties, down to where an object would begin again."""
    return tuple(sorted(set(_paths(event, lambda each: each.deprecated, is_cut=True)), key=_order))


def _order(path: Path) -> tuple[str, ...]:
    return tuple(step or "" for step in path)


def _paths(event: Event, wanted: Callable[[Property], bool], *, is_cut: bool) -> Iterator[Path]:
    objects = {each.name: each for each in event.objects}
    is_any = any(wanted(one) for each in event.objects for one in each.properties)

    def walk(name: ClassName, path: Path, above: frozenset[ClassName]) -> Iterator[Path]:
        if name in above:
            if is_any and not is_cut:
                yield path
            return
        for one in objects[name].properties:
            here = (*path, one.wire)
            if wanted(one):
                yield here
                continue
            for steps, inner in references(one.type):
                yield from walk(inner, (*here, *steps), above | {name})

    return walk(event.properties.name, (), frozenset())


def references(each: Type) -> Iterator[tuple[Path, ClassName]]:
    """Answer the objects that a value may be or hold, and the steps to each."""
    match each:
        case Reference(name):
            yield (), name
        case ListOf(of) | MapOf(of):
            yield from (((None, *steps), name) for steps, name in references(of))
        case Nullable(of):
            yield from references(of)
        case Union(of):
            yield from chain.from_iterable(map(references, of))
