"""Walks two schemas side by side and says property by property what changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..library import Library
from ..places import Place
from .branches import OVERLAP, compare_forms
from .conditions import compare_conditions
from .cover import Prover
from .found import Found, Keys, spot
from .meaning import meaning
from .nodes import Node, anything, node
from .notes import compare_notes
from .objects import compare_keys
from .scalars import compare_limits, compare_types, compare_values
from .verdicts import RULES

__all__ = ["changes"]


def changes(
    old: Place, old_library: Library, new: Place, new_library: Library, prover: Prover
) -> tuple[Found, ...]:
    """Answer each change from one schema to another, sorted, each once.

    What is written otherwise, though no rule finds a difference, is a change too.
    """
    return tuple(sorted(set(_Walk(old_library, new_library, prover).compare(old, new, ()))))


class _Walk:
    def __init__(self, old_library: Library, new_library: Library, prover: Prover) -> None:
        self._old = old_library
        self._new = new_library
        self._prover = prover
        self._above: set[tuple[object, object]] = set()
        self._same: set[tuple[object, object]] = set()

    def compare(self, old: Place, new: Place, path: Keys) -> Iterator[Found]:
        """Yield what changed from one schema to another; what is within itself is looked into once."""
        pair = _end(old, self._old), _end(new, self._new)
        if pair in self._above or pair in self._same:
            return
        if meaning(old, self._old, noted=True) == meaning(new, self._new, noted=True):
            self._same.add(pair)
            return
        self._above.add(pair)
        found = [*self._differences(old, new, path)]
        self._above.remove(pair)
        if not found and meaning(old, self._old) != meaning(new, self._new):
            message = "the same is said in other words"
            found.append(Found(path, "rewritten-unproved", message, spot(old), spot(new)))
        is_harmful = any(RULES[each.rule].producers != "fine" and not each.is_proved for each in found)
        if is_harmful and self._prover.covers(new, old) == "yes":
            found = [_proved(each) for each in found if each.rule != OVERLAP]
        yield from found

    def _differences(self, old: Place, new: Place, path: Keys) -> Iterator[Found]:
        before, after = node(old, self._old), node(new, self._new)
        yield from compare_notes(before, after, path)
        if before.branches or after.branches:
            yield from self._forms(before, after, path)
            if self._are_forms(before, after):
                return
        yield from compare_types(before, after, path)
        if not before.types & after.types:
            return
        yield from compare_values(before, after, path)
        yield from compare_limits(before, after, path)
        if "object" in before.types & after.types:
            yield from compare_keys(before, after, path, self.compare)
        if "array" in before.types & after.types:
            yield from self._items(before, after, path)
        yield from compare_conditions(before, after, path, self.compare)

    @staticmethod
    def _are_forms(old: Node, new: Node) -> bool:
        """Tell whether one says nothing but its forms, where the other has none and is a form itself."""
        forms, other = (old, new) if old.branches else (new, old)
        return forms.is_bare and not other.branches and not other.is_bare

    def _forms(self, old: Node, new: Node, path: Keys) -> Iterator[Found]:
        if self._are_forms(old, new) or (old.branches and new.branches):
            forms = old.branches or (old.place,), new.branches or (new.place,)
            noted = compare_forms(*forms, (old, new), path, self.compare, (self._old, self._new))
            is_itself = not (old.branches and new.branches)
            yield from (
                each
                for each in noted
                if not (is_itself and each.path == path and each.rule == "note-changed")
            )
        elif new.branches:
            message = f"one of {len(new.branches)} forms must hold"
            yield Found(path, "condition-added", message, spot(old.place), spot(new.branches[0]))
        else:
            message = f"none of {len(old.branches)} forms need hold any more"
            yield Found(path, "condition-removed", message, spot(old.branches[0]), spot(new.place))

    def _items(self, old: Node, new: Node, path: Keys) -> Iterator[Found]:
        """Yield how items differ: those at the first places, and all others."""
        rest = [each.items or anything(each.place) for each in (old, new)]
        for number in range(max(len(old.prefix), len(new.prefix))):
            before, after = (
                each.prefix[number] if number < len(each.prefix) else other
                for each, other in zip((old, new), rest, strict=True)
            )
            yield from self.compare(before, after, (*path, str(number)))
        yield from self.compare(rest[0], rest[1], (*path, "*"))


def _end(place: Place, library: Library) -> object:
    """Answer what tells a schema from others: of a reference alone, where it leads."""
    while place.keywords.keys() == {"$ref"}:
        place = library.target(place, str(place.keywords["$ref"]))
    return place.key


def _proved(found: Found) -> Found:
    rule = "rewritten" if found.rule == "rewritten-unproved" else found.rule
    return replace(found, rule=rule, is_proved=True)
