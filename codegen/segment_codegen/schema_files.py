"""Writes a plan as JSON Schemas, one file for each version of an event, from which the same code is made.

Each file is the schema of the event's own properties or traits as the plan has it, in the plan's draft, with
the definitions that it refers to and the words that say which event it is.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from copy import deepcopy
from typing import cast
from urllib.parse import quote

from .drafts import modern, subschemas
from .errors import Diagnostic, pointer, settle
from .library import Library
from .names import Want, assign, method_for, of_version
from .naming import Identifier
from .places import Place, Step
from .plans.model import Plan, Rule
from .plans.schemas import MEMO
from .survey import survey

__all__ = ["MEMO_FILE", "SUFFIX", "schema_files"]

SUFFIX = ".schema.json"
"""How the name of each schema's file ends."""

MEMO_FILE = "plan.json"
"""The file that says what the plan is: its id, name and version."""

_BROKEN = frozenset({"malformed", "lost-reference"})
_DEFINITIONS = ("definitions", "$defs")
_SAFE = "/~!$&'()*+,;=:@?"
"""What a pointer may hold in the fragment of a URI as it is, besides letters and digits."""


def schema_files(plan: Plan) -> dict[str, str]:
    """Answer the text of each file by its name; raises SchemaError with each schema that cannot be moved."""
    library = Library(plan.documents)
    surveyed = (each for rule in plan.rules for each in survey(rule.schema, library))
    settle(each for each in surveyed if each.rule in _BROKEN)
    names = assign((_want(each) for each in plan.rules), Identifier)
    files: dict[str, str] = {}
    problems: list[Diagnostic] = []
    for rule in plan.rules:
        moved = _Moved(rule.schema, library)
        problems += moved.problems
        files[f"{names[_identity(rule)]}{SUFFIX}"] = _text(_named(rule, moved.node))
    settle(problems)
    said = {"id": plan.id, "name": plan.name, "version": plan.version}
    if any(said.values()):
        files[MEMO_FILE] = _text({MEMO: said})
    return files


class _Moved:
    """The schema of an event as a file of its own, with the definitions that it refers to."""

    def __init__(self, section: Place, library: Library) -> None:
        self.node = cast(dict[str, object], deepcopy(section.node))
        self.problems: list[Diagnostic] = []
        self._section = section
        self._library = library
        self._visited: set[tuple[Step, ...]] = set()
        self._visit(section)

    def _visit(self, place: Place) -> None:
        if place.steps in self._visited:
            return
        self._visited.add(place.steps)
        words = modern(place)
        if "$ref" in words:
            self._refer(place, str(words["$ref"].value))
        for _, child in subschemas(place, words):
            self._visit(child)

    def _refer(self, place: Place, reference: str) -> None:
        target = self._library.target(place, reference)
        steps, here = self._steps(target), self._steps(place)
        if steps is None or here is None:
            hint = 'write the schema that it leads to under "$defs" of the event\'s schema'
            message = f"{reference!r} leads out of the event's schema"
            self.problems.append(place.problem("unmovable-reference", message, hint, "$ref"))
            return
        if self._section.steps != self._section.base:
            self._found(here)["$ref"] = f"#{quote(pointer(*steps), safe=_SAFE)}"
        self._visit(target)

    def _steps(self, place: Place) -> tuple[Step, ...] | None:
        """Answer the steps to a place in the new file, if it has one; a definition is copied there first."""
        within = self._section.steps
        if place.document != self._section.document:
            return None
        steps = place.steps_from(self._section)
        if place.steps[: len(within)] == within:
            return steps
        if len(steps) < 2 or steps[0] not in _DEFINITIONS:
            return None
        own = cast(Mapping[Step, object], self._section.keywords.get(str(steps[0]), {}))
        if steps[1] in own:
            return None
        definitions = cast(dict[Step, object], self.node.setdefault(str(steps[0]), {}))
        definitions.setdefault(steps[1], deepcopy(self._section.root.child(*steps[:2]).node))
        return steps

    def _found(self, steps: tuple[Step, ...]) -> dict[str, object]:
        node: object = self.node
        for step in steps:
            node = cast(dict[Step, object], node)[step]
        return cast(dict[str, object], node)


def _named(rule: Rule, node: Mapping[str, object]) -> dict[str, object]:
    """Answer the schema after its draft and what says which event it is."""
    doc = rule.doc or node.get("description")
    heading = {
        "$schema": rule.schema.root.keywords.get("$schema"),
        "x-event": rule.name,
        "x-type": rule.type,
        "x-version": rule.version or None,
        "description": doc or None,
        "deprecated": rule.deprecated or None,
    }
    rest = {word: value for word, value in node.items() if word not in heading}
    return {word: value for word, value in heading.items() if value is not None} | rest


def _want(rule: Rule) -> Want:
    name = method_for(rule.type, rule.name)
    return Want(_identity(rule), name if rule.is_current else of_version(name, rule.version))


def _identity(rule: Rule) -> str:
    return f"{rule.identity}@{rule.version}"


def _text(node: Mapping[str, object]) -> str:
    return json.dumps(node, indent=2, ensure_ascii=False) + "\n"
