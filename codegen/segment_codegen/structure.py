"""The rules for a whole schema file: references that lead somewhere, and names that Python can carry."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import cast

from .errors import Finding
from .naming import ClassName, Identifier, field_name
from .walk import walk

__all__ = ["check_names", "check_references"]

_Node = Mapping[str, object]

_DEFINITION = "#/$defs/"
_CALL_NAMES = frozenset({"self", "event_name", "name", "group_id"})
"""Keywords of the calls that are no fields of the SemanticEvent."""


def check_references(root: _Node) -> Iterator[Finding]:
    """Yield each reference that leads out of the file, nowhere, or back to where it stands."""
    definitions = cast(Mapping[str, _Node], root.get("$defs", {}))
    for place, reference in _references(root):
        name = reference.removeprefix(_DEFINITION)
        if not reference.startswith(_DEFINITION):
            hint = f'copy the definition into "$defs" and refer to it as "{_DEFINITION}Name"'
            yield Finding((*place, "$ref"), f"{reference!r} leads out of the file's definitions", hint)
        elif name not in definitions:
            yield Finding(
                (*place, "$ref"), f"{name!r} is not defined", f'define it in "$defs": {sorted(definitions)}'
            )
    for name in definitions:
        if name in _reached(name, definitions):
            hint = "end the chain at a property of text, such as an identifier"
            yield Finding(("$defs", name), f"{name!r} contains itself", hint)


def check_names(root: _Node) -> Iterator[Finding]:
    """Yield each name of the SemanticEvent that Python cannot carry as it is."""
    for name in cast(_Node, root.get("$defs", {})):
        yield from _unnamable(("$defs", name), name, ClassName, "name a definition in CapitalWords")
    for site in walk(root):
        if isinstance(site.node, dict):
            yield from _property_names(site.steps, site.node)
    for name in cast(_Node, root.get("properties", {})):
        if name in _CALL_NAMES:
            yield Finding(("properties", name), f"{name!r} is a keyword of the calls", "choose another name")


def _property_names(steps: tuple[str, ...], node: _Node) -> Iterator[Finding]:
    hint = "use lower-case letters, digits and _, and no name that Python or pydantic uses"
    for wire in cast(_Node, node.get("properties", {})):
        place = (*steps, "properties", wire)
        problems = list(_unnamable(place, wire, field_name, hint))
        yield from problems
        if not problems and field_name(wire) != wire:
            yield Finding(place, f"a field of the SemanticEvent cannot be called {wire!r}", hint)


def _unnamable(
    steps: tuple[str, ...], text: str, make: Callable[[str], Identifier], hint: str
) -> Iterator[Finding]:
    try:
        make(text)
    except ValueError as error:
        yield Finding(steps, str(error), hint)


def _references(root: _Node) -> Iterator[tuple[tuple[str, ...], str]]:
    for site in walk(root):
        if isinstance(site.node, dict) and "$ref" in site.node:
            yield site.steps, str(site.node["$ref"])


def _reached(name: str, definitions: Mapping[str, _Node]) -> set[str]:
    """Answer the definitions to which one leads, itself only if a chain leads back."""
    reached: set[str] = set()
    waiting = [name]
    while waiting:
        for _, reference in _references(definitions.get(waiting.pop(), {})):
            target = reference.removeprefix(_DEFINITION)
            if target not in reached:
                reached.add(target)
                waiting.append(target)
    return reached
