"""The originals of a foreign call: what has no typed place in an event, by JSON pointer (RFC 6901).

`compare` finds what a re-encoded event would lose or add; the result is kept in `context.extras.segment` as
`{pointer: value}`, with the pointers that the call did not have under "-". `unpack` applies it when the event
is encoded again and returns what it replaced, so that `restore` can undo it: no round trip loses a thing.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Any, cast

from segment_client.wire.amend import amend
from segment_client.wire.places import ORIGINALS
from segment_client.wire.text import Json

if TYPE_CHECKING:
    from semantic_events import SemanticEvent

__all__ = ["ABSENT", "compare", "is_applicable", "keep", "restore", "unpack"]

ABSENT = "-"
"""The key of the pointers that the original call did not have; no pointer can be equal to it."""

_IGNORED = frozenset({"/context/cxs", "/writeKey"})


def compare(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> dict[str, Json]:
    """Return what must be set ({pointer: value}) and left out ("-") to turn `ours` into `theirs`."""
    found: dict[str, Json] = {}
    absent: list[str] = []
    # a call without a context is one with an empty context: ours always stands there, to carry our fields
    _compare(ours, {"context": {}, **theirs}, "", found, absent)
    if absent:
        found[ABSENT] = cast(Json, sorted(absent))
    return found


def _compare(
    ours: Mapping[str, Any],
    theirs: Mapping[str, Any],
    pointer: str,
    found: dict[str, Json],
    absent: list[str],
) -> None:
    shared = 0
    for key, value in theirs.items():
        own = ours.get(key, _NONE)
        if own is not _NONE:
            shared += 1
            # most values are the same text: no pointer is made for those
            if own is value or (type(own) is type(value) is str and own == value):
                continue
        inner = f"{pointer}/{_escape(key)}"
        if inner in _IGNORED:
            continue
        if isinstance(own, dict) and isinstance(value, dict):
            _compare(own, value, inner, found, absent)
        elif own is _NONE or not _equal(own, value):
            found[inner] = value
    if shared != len(ours):
        missing = (f"{pointer}/{_escape(key)}" for key in ours if key not in theirs)
        absent.extend(inner for inner in missing if inner not in _IGNORED)


_NONE = object()


def _equal(left: object, right: object) -> bool:
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(_equal, left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(_equal(left[key], right[key]) for key in left)
    return left == right


def keep(event: SemanticEvent, originals: Mapping[str, Any]) -> SemanticEvent:
    """Put these originals into an event that is nobody else's yet, and return it."""
    from semantic_events import Context

    if originals:
        context = event.context or Context()
        amend(context, "extras", {**(context.extras or {}), ORIGINALS: dict(originals)})
        amend(event, "context", context)
    return event


def is_applicable(originals: object, call: Mapping[str, Any]) -> bool:
    """Say whether a value of `context.extras.segment` is of our making and fits this call."""
    if not isinstance(originals, Mapping):
        return False
    absent = originals.get(ABSENT, [])
    if not isinstance(absent, list) or not all(isinstance(pointer, str) for pointer in absent):
        return False
    if absent != sorted(set(absent)) or (not absent and ABSENT in originals) or not originals:
        return False
    pointers = [*(key for key in originals if key != ABSENT), *absent]
    if not all(pointer.startswith("/") and _is_free(pointer, originals) for pointer in pointers):
        return False
    pointers.sort(key=_split)
    nested = any(_split(right)[: len(_split(left))] == _split(left) for left, right in pairwise(pointers))
    return (
        not nested
        and all(_parent(call, pointer) is not None for pointer in pointers)
        and all(_split(pointer)[-1] in cast(Mapping[str, Any], _parent(call, pointer)) for pointer in absent)
    )


def unpack(originals: Mapping[str, Any], call: dict[str, Any]) -> dict[str, Any]:
    """Apply originals to an encoded call in place; return what `restore` needs to undo it."""
    replaced: dict[str, Any] = {}
    added: list[str] = []
    for pointer in [*(key for key in originals if key != ABSENT), *originals.get(ABSENT, [])]:
        parent, key = _parent(call, pointer), _split(pointer)[-1]
        if parent is None:  # is_applicable has looked: every parent is there
            continue
        if key in parent:
            replaced[pointer] = parent.pop(key)
        else:
            added.append(pointer)
        if pointer in originals:
            parent[key] = originals[pointer]
    return {"replaced": replaced, "added": added}


def restore(undo: object, call: dict[str, Any]) -> dict[str, Any] | None:
    """Undo `unpack` in place; return the originals that it had applied, or None where there were none."""
    if not isinstance(undo, Mapping):
        return None
    replaced, added = undo.get("replaced"), undo.get("added")
    if not isinstance(replaced, Mapping) or not isinstance(added, list):
        return None
    originals: dict[str, Any] = {}
    absent: list[str] = []
    for pointer in [*replaced, *added]:
        parent = _parent(call, pointer) if isinstance(pointer, str) else None
        if parent is None:
            continue
        key = _split(pointer)[-1]
        if key in parent:
            originals[pointer] = parent.pop(key)
        else:
            absent.append(pointer)
        if pointer in replaced:
            parent[key] = replaced[pointer]
    if absent:
        originals[ABSENT] = sorted(absent)
    return originals


def _parent(call: Mapping[str, Any], pointer: str) -> dict[str, Any] | None:
    node: object = call
    for key in _split(pointer)[:-1]:
        node = node.get(key) if isinstance(node, Mapping) else None
    return node if isinstance(node, dict) else None


def _is_free(pointer: str, originals: Mapping[str, Any]) -> bool:
    """The place of our own fields may not be touched, unless the call had no context to carry it (null)."""
    if pointer == "/context":
        return originals.get(pointer, "") is None
    return _split(pointer)[:2] != ["context", "cxs"]


def _split(pointer: str) -> list[str]:
    return [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]


def _escape(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")
