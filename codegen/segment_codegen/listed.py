"""Lists the properties of an event at every depth, wherever in its schema they are described."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from .drafts import modern, subschemas
from .library import Library
from .places import Place

__all__ = ["Listed", "listed"]

_Path = tuple[str, ...]
_ANY = "*"
_IN_PLACE = frozenset({"allOf", "anyOf", "oneOf", "then", "else", "dependentSchemas"})
"""Keywords whose schemas describe the same object; `if`, `not` and `contains` only ask about it."""
_INSIDE = frozenset({"items", "prefixItems", "additionalProperties", "patternProperties"})


@dataclass(frozen=True, eq=False)
class Listed:
    """A property by the keys that lead to it (`*` is any item or key), and each place that describes it."""

    path: _Path
    places: tuple[Place, ...]

    @property
    def name(self) -> str:
        """Its name on the wire."""
        return self.path[-1]

    @property
    def shown(self) -> str:
        """The way to it as waivers write it: `products.*.price`."""
        return ".".join(self.path)

    @property
    def described(self) -> Place:
        """The place that describes it first."""
        return self.places[0]


def listed(schema: Place, library: Library) -> tuple[Listed, ...]:
    """Answer the properties in the order in which they are met; an object within itself is met once."""
    found: dict[_Path, list[Place]] = {}
    for path, place in _properties((), schema, library, frozenset()):
        found.setdefault(path, []).append(place)
    return tuple(Listed(path, tuple(places)) for path, places in found.items())


def _properties(
    path: _Path, place: Place, library: Library, above: frozenset[object]
) -> Iterator[tuple[_Path, Place]]:
    if place.key in above or not isinstance(place.node, dict):
        return
    above |= {place.key}
    words = modern(place)
    if "$ref" in words:
        yield from _properties(path, library.target(place, str(words["$ref"].value)), library, above)
    if "properties" in words:
        steps = words["properties"].steps
        for name in cast(Mapping[str, object], words["properties"].value):
            child = place.child(*steps, name)
            yield (*path, name), child
            yield from _properties((*path, name), child, library, above)
    for word, child in subschemas(place, words):
        if word in _IN_PLACE:
            yield from _properties(path, child, library, above)
        elif word in _INSIDE:
            yield from _properties((*path, _ANY), child, library, above)
