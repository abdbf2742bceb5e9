"""Gives each event of a plan its shape: the objects, types and names of which models and methods are made.

What the types hold of a schema and what the checks do is together all of it; what neither can is reported
where the plan has it, before anything is made.
"""

from __future__ import annotations

from dataclasses import dataclass

from .checks import CheckCompiler
from .errors import Diagnostic, settle
from .ir import Event
from .library import Library
from .names import method_for
from .naming import class_name
from .plans.model import Plan, Rule
from .structures import ObjectReader
from .survey import survey

__all__ = ["Catalogue", "shape"]


@dataclass(frozen=True)
class Catalogue:
    """The events of a plan, and the notes to print of what was read and made of it."""

    plan: Plan
    events: tuple[Event, ...]
    notes: tuple[Diagnostic, ...] = ()


def shape(plan: Plan) -> Catalogue:
    """Answer the plan's events; raises SchemaError with everything that no package could keep.

    The names are those that each event would have alone.
    """
    library = Library(plan.documents)
    found = [*plan.notes, *(each for rule in plan.rules for each in survey(rule.schema, library))]
    settle(found)
    events = tuple(_event(rule, library) for rule in plan.rules)
    for rule, event in zip(plan.rules, events, strict=True):
        if not event.objects:
            message = "what a call carries is an object, and the schema allows none"
            found.append(rule.schema.problem("no-object", message, 'say "type": "object"'))
    return Catalogue(plan, events, settle(found))


def _event(rule: Rule, library: Library) -> Event:
    method = method_for(rule.type, rule.name)
    doc = rule.doc or str(rule.schema.keywords.get("description", ""))
    compiler = CheckCompiler(rule.schema, library)
    return Event(
        type=rule.type,
        name=rule.name,
        version=rule.version,
        method=method,
        doc=doc,
        objects=ObjectReader(class_name(method), library).read(rule.schema, doc),
        deprecated=rule.deprecated,
        is_current=rule.is_current,
        check=compiler.leftover(rule.schema, is_root=True),
        definitions=compiler.definitions,
    )
