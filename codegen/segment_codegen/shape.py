"""Gives each event of a plan its shape: the objects, types and names of which models and methods are made.

What the types hold of a schema and what the checks do is together all of it; what neither can is reported
where the plan has it, before anything is made.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .checks import CheckCompiler
from .errors import Diagnostic, settle
from .ir import Event
from .library import Library
from .names import Want, assign, method_for
from .naming import MethodName, class_name
from .plans.model import Plan, Rule
from .structures import ObjectReader
from .survey import survey

__all__ = ["Catalogue", "shape"]


@dataclass(frozen=True)
class Catalogue:
    """The events of a plan, sorted by method, and the notes to print of what was read and made of it."""

    plan: Plan
    events: tuple[Event, ...]
    notes: tuple[Diagnostic, ...] = ()


def shape(plan: Plan) -> Catalogue:
    """Answer the plan's events; raises SchemaError with everything that no package could keep."""
    library = Library(plan.documents)
    found = [*plan.notes, *(each for rule in plan.rules for each in survey(rule.schema, library))]
    settle(found)
    methods = _methods(plan.rules)
    classes = assign((Want(each, class_name(name)) for each, name in methods.items()), class_name)
    taken = set(classes.values())
    events: list[Event] = []
    for rule in plan.rules:
        key = _identity(rule)
        event = _event(rule, methods[key], ObjectReader(classes[key], taken, library), library)
        events.append(event)
        if not event.objects:
            message, hint = (
                "what a call carries is an object, and the schema allows none",
                'say "type": "object"',
            )
            found.append(rule.schema.problem("no-object", message, hint))
    notes = settle(found)
    return Catalogue(plan, tuple(sorted(events, key=lambda each: each.method)), notes)


def _event(rule: Rule, method: MethodName, reader: ObjectReader, library: Library) -> Event:
    doc = rule.doc or str(rule.schema.keywords.get("description", ""))
    compiler = CheckCompiler(rule.schema, library)
    return Event(
        type=rule.type,
        name=rule.name,
        version=rule.version,
        method=method,
        doc=doc,
        objects=reader.read(rule.schema, doc),
        deprecated=rule.deprecated,
        is_current=rule.is_current,
        check=compiler.leftover(rule.schema, is_root=True),
        definitions=compiler.definitions,
    )


def _identity(rule: Rule) -> str:
    return rule.identity if rule.is_current else f"{rule.identity}@{rule.version}"


def _methods(rules: Iterable[Rule]) -> dict[str, MethodName]:
    wants = []
    for rule in rules:
        name = method_for(rule.type, rule.name, None if rule.is_current else rule.version)
        rank = 2 if not rule.name else 1 if name == rule.name else 0
        wants.append(Want(_identity(rule), name, rank))
    return assign(wants, MethodName)
