"""Every definition is referred to, by what an event says or by a definition that is."""

from __future__ import annotations

from collections.abc import Iterator

from ..load import Document
from ..places import Place, Step
from .model import PlanRule, Remark, Subjects, remark

__all__ = ["UNUSED_DEFINITION"]

_WORDS = frozenset({"$defs", "definitions"})
_MAPS = frozenset({"dependentSchemas", "patternProperties", "properties"})
"""Keywords whose values have names of the plan's own as keys."""
_DATA = frozenset({"const", "default", "enum", "examples"})
"""Keywords whose values are no schemas."""
_Key = tuple[str, tuple[Step, ...]]


def _check(subjects: Subjects) -> Iterator[Remark]:
    documents = {each.schema.document.file: each.schema.document for each in subjects.plan.rules}
    documents |= {each.file: each for each in subjects.plan.documents}
    definitions: dict[_Key, Place] = {}
    references: list[tuple[_Key | None, _Key]] = []
    for document in documents.values():
        for place, owner in _walk(Place(document, document.root), None, _bases(document, subjects)):
            if owner is not None and place.key == owner:
                definitions[owner] = place
            reference = place.keywords.get("$ref")
            if isinstance(reference, str):
                try:
                    references.append((owner, subjects.library.target(place, reference).key))
                except (KeyError, ValueError):
                    continue  # one that leads nowhere is reported with the event that needs it
    used = _used(definitions, references)
    for key, place in definitions.items():
        if key not in used:
            message = f"the definition {str(place.steps[-1])!r} is referred to by nothing"
            hint = "leave it out, or refer to it"
            yield remark(UNUSED_DEFINITION.name, place, _subject(place, subjects), message, hint)


def _used(definitions: dict[_Key, Place], references: list[tuple[_Key | None, _Key]]) -> set[_Key]:
    """Answer the definitions to which a reference leads that is not itself in an unused one."""
    used: set[_Key] = set()
    while True:
        reached = {
            key
            for owner, (file, steps) in references
            if owner is None or owner in used
            for end in range(len(steps) + 1)
            for key in [(file, steps[:end])]
            if key in definitions
        }
        if reached <= used:
            return used
        used |= reached


def _walk(
    place: Place, owner: _Key | None, bases: frozenset[tuple[Step, ...]]
) -> Iterator[tuple[Place, _Key | None]]:
    """Yield each node with the innermost definition that it is in."""
    here = place.as_root() if place.steps in bases else place
    yield here, owner
    if isinstance(here.node, list):
        for number in range(len(here.node)):
            yield from _walk(here.child(number), owner, bases)
    for word, value in here.keywords.items():
        if word in _WORDS | _MAPS and isinstance(value, dict):
            for name in value:
                child = here.child(word, name)
                yield from _walk(child, child.key if word in _WORDS else owner, bases)
        elif isinstance(value, dict | list) and word not in _DATA:
            yield from _walk(here.child(word), owner, bases)


def _bases(document: Document, subjects: Subjects) -> frozenset[tuple[Step, ...]]:
    rules = subjects.plan.rules
    return frozenset(each.schema.base for each in rules if each.schema.document.file == document.file)


def _subject(place: Place, subjects: Subjects) -> str:
    """Answer the event in whose schema a definition stands; the file, where it is no event's."""
    for rule in subjects.plan.rules:
        base = rule.schema.base
        if rule.schema.document.file == place.document.file and place.steps[: len(base)] == base:
            return rule.identity
    return place.document.file


UNUSED_DEFINITION = PlanRule("unused-definition", "every definition is referred to", _check)
