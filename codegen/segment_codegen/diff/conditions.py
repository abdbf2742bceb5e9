"""Compares what must hold besides: `if`, `not`, `dependentRequired`, `contains` and what `allOf` adds."""

from __future__ import annotations

from collections.abc import Iterator

from .found import Found, Keys, spot
from .nodes import Condition, Node
from .objects import Walk

__all__ = ["compare_conditions"]


def compare_conditions(old: Node, new: Node, path: Keys, walk: Walk) -> Iterator[Found]:
    """Yield which conditions are new, gone or others; after the same `if` the rest is compared."""
    left = [*new.conditions]
    alone: list[Condition] = []
    for before in old.conditions:
        same = next((each for each in left if _is_same(before, each)), None)
        if same is None:
            alone.append(before)
            continue
        left.remove(same)
        for part, other in zip(before.parts, same.parts, strict=True):
            yield from walk(part, other, path)
    for before in alone:
        after = next((each for each in left if each.word == before.word), None)
        if after is None:
            message = f"{before.word!r} need not hold any more"
            yield Found(path, "condition-removed", message, spot(before.place), spot(new.place))
        else:
            left.remove(after)
            message = f"{before.word!r} says something else"
            yield Found(path, "condition-changed", message, spot(before.place), spot(after.place))
    for after in left:
        yield Found(path, "condition-added", f"{after.word!r} must hold", spot(old.place), spot(after.place))


def _is_same(one: Condition, other: Condition) -> bool:
    return (one.word, one.meaning) == (other.word, other.meaning)
