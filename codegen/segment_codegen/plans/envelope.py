"""Takes the schema of a whole call apart: the event's properties or traits, and what is said of the rest.

The methods of a package check what the event itself carries. What a plan demands of the context, of another
part of the call or of the call as a whole is a note, as only the client knows the call when it is whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import cast

from ..errors import Diagnostic
from ..places import Place, Step

__all__ = ["says_nothing", "section"]

_NOTES = frozenset(
    (
        "$comment",
        "$defs",
        "$id",
        "$schema",
        "definitions",
        "description",
        "eventMetadata",
        "examples",
        "id",
        "key",
        "labels",
        "title",
    )
)
_GIVEN = frozenset({"type", "event", "messageId", "timestamp"})
"""What every call has."""

_HINT = "write what the methods should check into the schema of the event's own properties or traits"


def section(envelope: Place, path: tuple[str, ...]) -> tuple[Place, tuple[Diagnostic, ...]]:
    """Answer the place of what a call carries under the path, and what there is to say of the envelope.

    An envelope that says nothing about it allows everything: the place is then the envelope's, without its
    keywords. Where what stands there is no schema, an error is among the diagnostics.
    """
    notes = (*_others(envelope, path[0]),)
    here = envelope
    for number, step in enumerate(path):
        listed = here.keywords.get("properties", {})
        if not isinstance(listed, dict):
            message, hint = f"no schema of {'.'.join(path)} is here", "list the parts of the call by name"
            return envelope, (*notes, here.problem("envelope", message, hint, "properties"))
        if step not in listed:
            return replace(envelope, node={}), notes
        here = here.child("properties", step)
        if number + 1 < len(path):
            notes = (*notes, *_others(here, path[number + 1]))
    if here.node is True:
        here = replace(here, node={})
    if not isinstance(here.node, dict):
        hint = 'write an object: {"type": "object", "properties": {...}}'
        message = f"{here.node!r} stands where the schema of {'.'.join(path)} should"
        return here, (*notes, here.problem("no-schema", message, hint))
    return here, notes


def says_nothing(node: object) -> bool:
    """Tell whether a schema of a call, or of an object that is a part of each, limits nothing."""
    if not isinstance(node, dict):
        return node is True
    rest = {word: value for word, value in node.items() if not _is_note(word)}
    listed = rest.pop("properties", {})
    return (
        rest.pop("type", "object") in ("object", ["object"])
        and not rest.pop("required", [])
        and rest.pop("additionalProperties", True) in (True, {})
        and not rest
        and isinstance(listed, dict)
        and all(map(says_nothing, listed.values()))
    )


def _others(place: Place, kept: str) -> Iterator[Diagnostic]:
    """Yield a note on each demand that is not on the kept part."""
    words = place.keywords
    for word in sorted(words.keys() - {"properties", "required", "type"}):
        if not _is_note(word) and not (word == "additionalProperties" and words[word] is True):
            yield _note(place, f"{word!r} limits the call as a whole", word)
    listed = words.get("properties")
    for name, node in sorted(cast(Mapping[str, object], listed).items()) if isinstance(listed, dict) else ():
        if name != kept and not says_nothing(node):
            yield _note(place, f"{name!r} is limited", "properties", name)
    required = words.get("required")
    further = {str(each) for each in required} - {*_GIVEN, kept} if isinstance(required, list) else set()
    if further:
        yield _note(place, f"the call must have {', '.join(map(repr, sorted(further)))}", "required")


def _note(place: Place, what: str, *steps: Step) -> Diagnostic:
    return place.note("call-rule", f"{what}, and the method does not check it", _HINT, *steps)


def _is_note(word: str) -> bool:
    return word in _NOTES or word.startswith("x-")
