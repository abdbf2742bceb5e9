"""Compares the forms of which one must hold: `oneOf` and `anyOf`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..library import Library
from ..places import Place
from .found import Found, Keys, Spot, spot
from .meaning import meaning, text
from .nodes import Node, node
from .objects import Walk

__all__ = ["OVERLAP", "compare_forms"]

OVERLAP = "branch-overlap"
"""The rule of forms that may exclude each other's values, which a proof shows to be no change."""

_KIN = 0.5
"""From which likeness on two forms are taken for one that was edited."""


def compare_forms(
    old: Sequence[Place],
    new: Sequence[Place],
    at: tuple[Node, Node],
    path: Keys,
    walk: Walk,
    libraries: tuple[Library, Library],
) -> Iterator[Found]:
    """Yield how forms differ: which are new, which are gone, and what changed in each of the others.

    A form without an equal is compared with the one that is most like it. `at` are the schemas around.
    """
    left = {place: meaning(place, libraries[1]) for place in new}
    alone: list[Place] = []
    touched: list[Place] = []
    for place in old:
        said = meaning(place, libraries[0])
        same = next((each for each, other in left.items() if other == said), None)
        if same is None:
            alone.append(place)
        else:
            del left[same]
            yield from walk(place, same, path)
    for place in alone:
        before = node(place, libraries[0])
        kin = [(_likeness(before, node(each, libraries[1])), each) for each in left]
        likeness, match = max(kin, key=lambda pair: pair[0], default=(0.0, None))
        if match is None or likeness < _KIN:
            message = f"the form {_called(before)} is not listed any more"
            yield Found(path, "branch-removed", message, spot(place), _spot(at[1]))
        else:
            del left[match]
            touched.append(match)
            yield from walk(place, match, path)
    for place in left:
        message = f"the form {_called(node(place, libraries[1]))} is listed"
        yield Found(path, "branch-added", message, _spot(at[0]), spot(place))
    if "oneOf" in at[1].said and _may_overlap([*touched, *left], new, libraries[1]):
        message = "two forms may allow the same value, which is then refused"
        yield Found(path, OVERLAP, message, _spot(at[0]), _spot(at[1]))


def _may_overlap(touched: Sequence[Place], forms: Sequence[Place], library: Library) -> bool:
    types = {place: node(place, library).types for place in forms}
    return any(types[one] & types[other] for one in touched for other in forms if other is not one)


def _spot(each: Node) -> Spot:
    """Answer where the forms stand, or else the schema."""
    return spot(next((each.said[word] for word in ("oneOf", "anyOf") if word in each.said), each.place))


def _called(each: Node) -> str:
    """Answer a few words for a form: its title, its keys or its types."""
    title = each.value("title")
    if isinstance(title, str):
        return repr(title)
    if each.properties:
        return f"with {', '.join(map(repr, each.properties))}"
    return " or ".join(sorted(each.types - {"integer"} if "number" in each.types else each.types))


def _likeness(one: Node, other: Node) -> float:
    """Answer how like two forms are, from 0 to 1."""
    if not one.types & other.types:
        return 0.0
    if one.value("title") is not None and one.value("title") == other.value("title"):
        return 1.0
    if any(
        _constant(one, name) != _constant(other, name)
        for name in one.properties.keys() & other.properties.keys()
    ):
        return 0.0
    keys = one.properties.keys() | other.properties.keys()
    if keys:
        return len(one.properties.keys() & other.properties.keys()) / len(keys)
    return 1.0 if one.types == other.types else _KIN


def _constant(each: Node, name: str) -> str:
    """Answer the one value that a key may have; "" where there are several."""
    words = each.properties[name].keywords
    if "const" in words:
        return text(words["const"])
    listed = words.get("enum")
    return text(listed[0]) if isinstance(listed, list) and len(listed) == 1 else ""
