"""Where a schema stands in the user's text: the way there, its neighbours, and what its references mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import cast

from .errors import Diagnostic, pointer
from .load import Document

__all__ = ["Place", "Step"]

Step = str | int


@dataclass(frozen=True, eq=False)
class Place:
    """A node of a document and the steps to it; `base` are those to the schema that `#` means there."""

    document: Document
    node: object
    steps: tuple[Step, ...] = ()
    base: tuple[Step, ...] = ()

    @property
    def key(self) -> tuple[str, tuple[Step, ...]]:
        """What tells this place from every other."""
        return self.document.file, self.steps

    @property
    def keywords(self) -> Mapping[str, object]:
        """The node as the object that it is; a boolean schema has no keywords."""
        return cast(Mapping[str, object], self.node) if isinstance(self.node, dict) else {}

    @property
    def root(self) -> Place:
        """The schema that `#` means here."""
        return Place(self.document, _found(self.document.root, self.base), self.base, self.base)

    def steps_from(self, section: Place) -> tuple[Step, ...]:
        """Answer the steps from a section, or for a place outside of it those from what `#` means.

        They are the same wherever a plan's format puts an event.
        """
        is_within = self.document == section.document and self.steps[: len(section.steps)] == section.steps
        return self.steps[len(section.steps if is_within else self.base) :]

    def child(self, *steps: Step) -> Place:
        """Answer the place some steps further down; a step that leads nowhere is a KeyError."""
        return Place(self.document, _found(self.node, steps), (*self.steps, *steps), self.base)

    def as_root(self) -> Place:
        """Answer this place as the root of a schema, from which its references count."""
        return Place(self.document, self.node, self.steps, self.steps)

    def problem(self, rule: str, message: str, hint: str, *steps: Step) -> Diagnostic:
        """Answer the diagnostic of a problem here, or some steps further down."""
        return Diagnostic(self.document.file, pointer(*self.steps, *steps), message, hint, rule)

    def note(self, rule: str, message: str, hint: str, *steps: Step) -> Diagnostic:
        """Answer the diagnostic of what need not stop the work, here or some steps further down."""
        return replace(self.problem(rule, message, hint, *steps), severity="note")


def _found(node: object, steps: tuple[Step, ...]) -> object:
    for step in steps:
        if isinstance(node, dict) and step in node:
            node = node[cast(str, step)]
        elif isinstance(node, list) and isinstance(step, int) and step < len(node):
            node = node[step]
        else:
            raise KeyError(step)
    return node
