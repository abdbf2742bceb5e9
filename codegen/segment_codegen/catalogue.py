"""Plans the catalogue: one method for each event."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .described import deprecation
from .hints import property_hint
from .ir import Event, Property
from .naming import ClassName, Code, DocText, Identifier, MethodName, ParameterName, literal

__all__ = ["EventMethod", "EventParameter", "plan_events"]

_EXTRA = "Further properties, by their names on the wire; the event's schema allows any."


@dataclass(frozen=True)
class EventParameter:
    """A keyword of a catalogue method; one that is not required defaults to MISSING.

    `doc` is empty where there is no more to say than the name and the annotation do.
    """

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
    """A method of the catalogue: the call it makes and its keywords.

    `sent` says what is sent by what name, `deprecation` is what a warning says.
    """

    name: MethodName
    call: Identifier
    fields: ClassName
    doc: DocText
    sent: DocText
    deprecation: Code
    parameters: tuple[EventParameter, ...]
    is_open: bool

    @property
    def extra(self) -> Code:
        """The further argument that hands on what an open event takes besides."""
        return Code(", extra_properties" if self.is_open else "")

    @property
    def shown(self) -> tuple[EventParameter, ...]:
        """The keywords in the order of the signature."""
        extra = EventParameter(
            ParameterName("extra_properties"),
            literal(""),
            Code("Mapping[str, object]"),
            False,
            DocText(_EXTRA),
        )
        return (*self.parameters, *((extra,) if self.is_open else ()))


def plan_events(events: Sequence[Event]) -> tuple[EventMethod, ...]:
    """Answer the catalogue's methods."""
    return tuple(map(_method, events))


def _method(event: Event) -> EventMethod:
    listed = event.properties.properties
    return EventMethod(
        name=event.method,
        call=Identifier(event.type),
        fields=ClassName(f"{event.type.title()}Fields"),
        doc=DocText(f"{_version(event)}{event.doc or _sent(event)}"),
        sent=DocText(_sent(event) if event.doc else ""),
        deprecation=deprecation(event),
        parameters=tuple(
            sorted(
                (_parameter(each, event.keywords[each.wire]) for each in listed),
                key=lambda each: not each.required,
            )
        ),
        is_open=event.properties.is_open,
    )


def _parameter(each: Property, name: ParameterName) -> EventParameter:
    return EventParameter(
        name=name,
        key=literal(each.wire),
        hint=property_hint(each),
        required=each.required,
        doc=DocText(_described(each, name)),
    )


def _described(each: Property, name: ParameterName) -> str:
    """Answer the description of a keyword, and the property's name on the wire where that is another."""
    if name == each.wire:
        return each.note
    note = each.note.rstrip()
    end = "" if not note or note.endswith((".", "!", "?", ":", ";", ")")) else "."
    return f"{note}{end} Sent as {each.wire!r}.".lstrip()


def _version(event: Event) -> str:
    """Answer what is said first of a version of an event beside which there is a current one."""
    if event.is_current:
        return ""
    which = f"Version {event.version}" if event.version else "The version without a number"
    return f"{which}, which is not the current one. "


def _sent(event: Event) -> str:
    name = f" as {event.name!r}" if event.name else ""
    version = f", version {event.version}" if event.version else ""
    return f"Sent by `{event.type}`{name}{version}."
