"""What the rules are given, and what they answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from ..library import Library
from ..listed import Listed, listed
from ..places import Place, Step
from ..plans.model import Plan, Rule

__all__ = ["EventProperties", "PlanRule", "Remark", "Subjects", "remark"]


@dataclass(frozen=True, order=True)
class Remark:
    """Something to better: the file and JSON pointer, the rule's name, what it is about, and what to do.

    `subject` is the event's identity, and after a `#` the way to the property: `track/Order Completed#total`.
    """

    file: str
    pointer: str
    rule: str
    subject: str
    message: str
    hint: str

    @property
    def place(self) -> str:
        """The file, and after a `#` the pointer."""
        return f"{self.file}#{self.pointer}"


@dataclass(frozen=True)
class EventProperties:
    """An event and all properties that its schema describes, at any depth."""

    rule: Rule
    properties: tuple[Listed, ...]


class Subjects:
    """A plan as the rules look at it: what of it is in use now. Old versions of an event are history."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.library = Library(plan.documents)

    @cached_property
    def events(self) -> tuple[EventProperties, ...]:
        """The current version of each event."""
        return tuple(
            EventProperties(each, listed(each.schema, self.library))
            for each in self.plan.rules
            if each.is_current
        )


@dataclass(frozen=True)
class PlanRule:
    """A rule: its name, what it wants in a few words, and the function that looks for what does not hold."""

    name: str
    wants: str
    check: Callable[[Subjects], Iterator[Remark]]


def remark(
    rule: str, place: Place, subject: str, message: str, hint: str, *steps: Step, path: str = ""
) -> Remark:
    """Answer a remark on a place, or some steps further down; `path` is the way to the property."""
    problem = place.problem(rule, message, hint, *steps)
    return Remark(
        problem.file, problem.pointer, rule, f"{subject}#{path}" if path else subject, message, hint
    )
