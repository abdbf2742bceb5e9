"""Plans what the method of an event sends by: its call, its exact name, and what its schema says of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .ir import SECTIONS, UNWANTED, Event
from .naming import ClassName, Code, literal
from .paths import deprecated_paths, personal_paths

__all__ = ["DescribedEvent", "deprecation", "describe", "fixed_keywords"]

_NAMED = frozenset({"page", "screen"})


@dataclass(frozen=True)
class DescribedEvent:
    """The arguments of a `CatalogueEvent`; those that are empty are left out."""

    call: Code
    fixed: Code
    section: Code
    model: ClassName
    version: Code
    digest: Code
    personal: Code
    deprecated: Code
    is_deprecated: bool
    check: Code
    definitions: Code


def describe(event: Event) -> DescribedEvent:
    """Answer what the event's method sends by."""
    personal, deprecated = personal_paths(event), deprecated_paths(event)
    return DescribedEvent(
        call=literal(event.type),
        fixed=literal(fixed_keywords(event)),
        section=literal(SECTIONS[event.type]),
        model=event.properties.name,
        version=literal(event.version),
        digest=literal(event.digest),
        personal=literal(personal) if personal else Code(""),
        deprecated=literal(deprecated) if deprecated else Code(""),
        is_deprecated=event.deprecated,
        check=event.check or Code(""),
        definitions=_table(event.definitions),
    )


def fixed_keywords(event: Event) -> dict[str, str]:
    """Answer the keyword by which the call takes the event's exact name, if it takes one."""
    if event.type == "track":
        return {"event_name": event.name}
    return {"name": event.name} if event.type in _NAMED and event.name else {}


def deprecation(event: Event) -> Code:
    """Answer the literal of what is said where a deprecated event is sent; empty for any other."""
    if not event.deprecated:
        return Code("")
    name = repr(event.name) if event.name else f"the {event.type} call"
    return literal(f"{name} is deprecated: {UNWANTED}")


def _table(definitions: Mapping[str, Code]) -> Code:
    items = ", ".join(f"{literal(name)}: {code}" for name, code in sorted(definitions.items()))
    return Code(f"{{{items}}}" if items else "")
