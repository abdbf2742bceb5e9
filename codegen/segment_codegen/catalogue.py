"""Plans the catalogue: one method for each event, and the index of the events for tools and documentation."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from .errors import Diagnostic, SchemaError, pointer
from .hints import input_hint
from .ir import Contract, Event, Property
from .naming import ClassName, Code, DocText, MethodName, ParameterName, literal, parameter_name

__all__ = ["EventMethod", "EventParameter", "catalogue_index", "plan_events"]

_OWN_NAMES = frozenset({"self", "call", "event_name", "properties"})


@dataclass(frozen=True)
class EventParameter:
    """A keyword of a catalogue method; one that is not required defaults to MISSING."""

    name: ParameterName
    key: Code
    hint: Code
    required: bool
    doc: DocText

    @property
    def signature(self) -> Code:
        """The keyword as a signature has it."""
        return Code(
            f"{self.name}: {self.hint}" if self.required else f"{self.name}: {self.hint} | MISSING = MISSING"
        )


@dataclass(frozen=True)
class EventMethod:
    """A method of the catalogue: the event's exact name, the model of its properties, and its keywords."""

    name: MethodName
    event: Code
    model: ClassName
    doc: DocText
    parameters: tuple[EventParameter, ...]


def plan_events(contract: Contract, call_keywords: Iterable[str]) -> tuple[EventMethod, ...]:
    """Answer the catalogue's methods; a property named like a keyword of the call gets `_property`."""
    taken = _OWN_NAMES | set(call_keywords)
    return tuple(_method(event, taken) for event in contract.events)


def catalogue_index(contract: Contract, methods: Iterable[EventMethod]) -> str:
    """Answer `catalogue.json`: each event's type, name, version, method, and the keyword of each property."""
    index = [
        {
            "type": event.type,
            "event": event.name,
            "version": event.version,
            "method": method.name,
            "properties": _keywords(event, method),
        }
        for event, method in zip(contract.events, methods, strict=True)
    ]
    return json.dumps(index, indent=2, ensure_ascii=False) + "\n"


def _keywords(event: Event, method: EventMethod) -> dict[str, str]:
    by_key = {each.key: each.name for each in method.parameters}
    return {each.wire: by_key[literal(each.wire)] for each in event.properties.properties}


def _method(event: Event, taken: Collection[str]) -> EventMethod:
    parameters = sorted(
        (_parameter(each, taken) for each in event.properties.properties), key=lambda each: not each.required
    )
    names = [each.name for each in parameters]
    if twice := {name for name in names if names.count(name) > 1}:
        message = f"two properties would both be the keyword {min(twice)!r}"
        where = pointer("properties")
        raise SchemaError([Diagnostic(event.name, where, message, "rename one of the two properties")])
    return EventMethod(
        event.method, literal(event.name), event.properties.name, DocText(event.doc), tuple(parameters)
    )


def _parameter(each: Property, taken: Collection[str]) -> EventParameter:
    return EventParameter(
        name=parameter_name(each.wire, taken),
        key=literal(each.wire),
        hint=input_hint(each.type),
        required=each.required,
        doc=DocText(each.doc),
    )
