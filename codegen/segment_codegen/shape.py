"""Gives each event of a plan its shape: the objects, types and names of which models and methods are made.

A keyword is either held by the type, or an annotation, or a problem that is reported where the plan has it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import cast

from .drafts import Keyword, modern
from .errors import Diagnostic, settle
from .ir import Event, ObjectType, Property, Reference
from .names import Want, assign, digest, fields, method_for
from .naming import ClassName, FieldName, MethodName, class_name
from .places import Place
from .plans.model import Plan, Rule
from .values import ValueReader, types_of

__all__ = ["Catalogue", "shape"]

_OBJECT_WORDS = frozenset({"type", "properties", "required", "additionalProperties"})


@dataclass(frozen=True)
class Catalogue:
    """The events of a plan, sorted by method, and the notes to print of what was read and made of it."""

    plan: Plan
    events: tuple[Event, ...]
    notes: tuple[Diagnostic, ...] = ()


def shape(plan: Plan) -> Catalogue:
    """Answer the plan's events; raises SchemaError with everything that no model could hold."""
    methods = _methods(plan.rules)
    classes = assign((Want(each, class_name(name)) for each, name in methods.items()), class_name)
    problems: list[Diagnostic] = [*plan.notes]
    taken = set(classes.values())
    events: list[Event] = []
    for rule in plan.rules:
        key = _identity(rule)
        reader = _ObjectReader(classes[key], taken, problems)
        doc = rule.doc or str(rule.schema.keywords.get("description", ""))
        objects = reader.read(rule.schema, doc)
        events.append(Event(rule.type, rule.name, rule.version, methods[key], doc, objects, rule.deprecated))
    notes = settle(problems)
    return Catalogue(plan, tuple(sorted(events, key=lambda each: each.method)), notes)


def _identity(rule: Rule) -> str:
    return rule.identity if rule.is_current else f"{rule.identity}@{rule.version}"


def _methods(rules: Iterable[Rule]) -> dict[str, MethodName]:
    wants = []
    for rule in rules:
        name = method_for(rule.type, rule.name, None if rule.is_current else rule.version)
        rank = 2 if not rule.name else 1 if name == rule.name else 0
        wants.append(Want(_identity(rule), name, rank))
    return assign(wants, MethodName)


class _ObjectReader:
    """Reads the objects of one event; no two objects of a plan have one name (`taken`)."""

    def __init__(self, owner: ClassName, taken: set[ClassName], problems: list[Diagnostic]) -> None:
        self._owner = owner
        self._section: Place
        self._taken = taken
        self._problems = problems
        self._names: dict[object, ClassName] = {}
        self._objects: dict[ClassName, ObjectType] = {}
        self._values = ValueReader(owner, self._refer, problems)

    def read(self, place: Place, doc: str) -> tuple[ObjectType, ...]:
        """Answer the event's objects, that of its properties last, which says what the event is."""
        self._section = place
        words = modern(place)
        if types_of(words) not in (frozenset(), frozenset({"object"})):
            message = "what a call carries is an object"
            self._problems.append(place.problem("no-object", message, 'say "type": "object"', "type"))
        self._values.refuse(place, words, _OBJECT_WORDS)
        root = self._object(place, words, self._owner)
        return (*self._objects.values(), replace(root, doc=doc))

    def _refer(self, place: Place, wanted: ClassName) -> Reference:
        """Answer the reference to the object of a place, which is read when it is first met."""
        if place.key not in self._names:
            name = wanted if wanted not in self._taken else class_name(wanted, digest(self._way(place)))
            self._taken.add(name)
            self._names[place.key] = name
            self._objects[name] = self._object(place, modern(place), name)
        return Reference(self._names[place.key])

    def _way(self, place: Place) -> str:
        """Answer what tells a place from all others of the plan, wherever a format puts the event."""
        within = self._section.steps
        is_within = place.steps[: len(within)] == within
        steps = place.steps[len(within) :] if is_within else ("#", *place.steps[len(place.base) :])
        return repr((str(self._owner), steps))

    def _object(self, place: Place, words: Mapping[str, Keyword], name: ClassName) -> ObjectType:
        listed = cast(Mapping[str, object], words["properties"].value) if "properties" in words else {}
        required = frozenset(cast(list[str], words["required"].value) if "required" in words else ())
        for missing in sorted(required - listed.keys()):
            message, hint = f"{missing!r} is required but not described", 'add it under "properties"'
            self._problems.append(place.problem("undescribed-property", message, hint, "required"))
        rest = words["additionalProperties"].value if "additionalProperties" in words else True
        if not isinstance(rest, bool):
            message, hint = "the values of other keys are limited", "use true or false, or list the keys"
            self._problems.append(place.problem("unsupported-keyword", message, hint, "additionalProperties"))
        names = fields(listed)
        return ObjectType(
            name=name,
            doc=str(place.keywords.get("description", "")),
            properties=tuple(
                self._property(place.child("properties", wire), name, names[wire], wire in required)
                for wire in sorted(listed, key=lambda wire: (wire not in required, wire))
            ),
            extras=None if rest is False else "json",
        )

    def _property(self, place: Place, owner: ClassName, name: FieldName, required: bool) -> Property:
        wire = str(place.steps[-1])
        return Property(
            wire=wire,
            name=name,
            type=self._values.type(place, class_name(owner, wire)),
            required=required,
            doc=str(place.keywords.get("description", "")),
            annotations={
                word: each for word, each in sorted(place.keywords.items()) if word.startswith("x-")
            },
        )
