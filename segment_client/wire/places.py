"""Where each field of a SemanticEvent has its place in Segment's format, read from the generated wire table.

`places(call_type)` gives the encoder one place for each field, `tree(call_type)` gives the decoder the same
turned round. Both are derived from the schema's `x-segment` annotations; no field is named here but the
containers that the annotations themselves speak of: `context`, its `cxs`, and the open objects.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from semantic_events.projection import RESERVED_CONTEXT_KEYS
from semantic_events.wire import MIRRORED, OPEN_OBJECTS, SEGMENT_PATHS

__all__ = [
    "CXS",
    "EXTRAS",
    "ORIGINALS",
    "Leaf",
    "Node",
    "Object",
    "Path",
    "mirror",
    "mirrored_keys",
    "places",
    "tree",
]

Path = tuple[str, ...]

CXS: Path = ("context", "cxs")
EXTRAS: Path = ("context", "extras")
ORIGINALS = "segment"
"""The key of `context.extras` that holds the originals of a foreign call; the encoder unpacks it."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A field that moves whole to one path, item by item to several, or key by key (spread)."""

    paths: tuple[Path, ...]
    spread: bool = False


@dataclass(frozen=True, slots=True)
class Object:
    """A field whose inner fields have places of their own; `root` is where the object stands, if it does."""

    children: Mapping[str, Leaf]
    root: Path | None


@dataclass(slots=True)
class Node:
    """A key of a Segment call, seen from the decoder."""

    target: Path | None = None
    """The field that takes the value, or the object that the value's keys belong to."""
    parts: tuple[str, ...] = ()
    """The keys that together are the target's items, where it is a tuple."""
    children: dict[str, Node] = field(default_factory=dict)
    rest: Path | None = None
    """The open object that takes the keys which are no children."""
    reserved: frozenset[str] = frozenset()
    """The keys that `rest` does not take."""

    def at(self, path: Path) -> Node:
        """Return the node at a path below this one, made where it is missing."""
        node = self
        for key in path:
            node = node.children.setdefault(key, Node())
        return node


def _resolve(annotation: str | tuple[str, ...] | Mapping[str, str], call_type: str) -> Leaf:
    if isinstance(annotation, Mapping):
        annotation = annotation.get(call_type) or annotation["*"]
    texts = (annotation,) if isinstance(annotation, str) else annotation
    paths = tuple(tuple(text.split(".")) for text in texts)
    if paths[0][-1] == "*":
        return Leaf((paths[0][:-1],), spread=True)
    return Leaf(paths)


@cache
def places(call_type: str) -> Mapping[str, Leaf | Object]:
    """Return the place of each top-level field for a call type."""
    leaves = {name: _resolve(annotation, call_type) for name, annotation in SEGMENT_PATHS.items()}
    found: dict[str, Leaf | Object] = {}
    for name, leaf in leaves.items():
        if "." in name:
            continue
        prefix = f"{name}."
        children = {inner.removeprefix(prefix): leaves[inner] for inner in leaves if inner.startswith(prefix)}
        if children:
            root = None if leaf.paths[0] == ("context",) or leaf.paths[0][:2] == CXS else leaf.paths[0]
            found[name] = Object(children, root)
        else:
            found[name] = leaf
    return found


@cache
def tree(call_type: str) -> Node:
    """Return the decoder's tree for a call type: `places` turned round."""
    top = Node()
    for name, place in places(call_type).items():
        if isinstance(place, Leaf):
            top.at(place.paths[0]).target = (name,)
            continue
        for inner, leaf in place.children.items():
            _plant(top, name, inner, leaf)
        if place.root is not None:
            root = top.at(place.root)
            root.target = (name,)
            if name in OPEN_OBJECTS:
                root.rest = (name,)
                clashing = top.at((*CXS, name))
                clashing.target = clashing.rest = (name,)
    return top


def _plant(top: Node, name: str, inner: str, leaf: Leaf) -> None:
    if leaf.spread:
        everywhere = top.at(leaf.paths[0])
        everywhere.rest, everywhere.reserved = (name, inner), RESERVED_CONTEXT_KEYS
        top.at((*CXS, inner)).rest = (name, inner)
    elif len(leaf.paths) > 1:
        whole = top.at(leaf.paths[0][:-1])
        whole.target, whole.parts = (name, inner), tuple(path[-1] for path in leaf.paths)
    else:
        top.at(leaf.paths[0]).target = (name, inner)


def mirror(call_type: str) -> tuple[str, str] | None:
    """Return (object, map) where a call of this type shows the object's fields in the map too, or None."""
    return MIRRORED.get(call_type)


@cache
def mirrored_keys(call_type: str) -> frozenset[str]:
    """Return the fields that `mirror` copies: those that stand in the object itself."""
    route = mirror(call_type)
    place = places(call_type)[route[0]] if route else None
    if not isinstance(place, Object) or place.root is None:
        return frozenset()
    return frozenset(key for key, leaf in place.children.items() if leaf.paths[0][:-1] == place.root)
