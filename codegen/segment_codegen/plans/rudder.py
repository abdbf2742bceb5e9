"""Reads the plans of RudderStack: `events[]` with `eventType` and `rules`, the schema of the whole call.

Version 1 has the events under `rules`; version 2 has them at the root, and says by `identitySection` where in
the call the traits stand. Which call is made, and where it carries them, does not depend on that.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from ..errors import Diagnostic
from ..ir import SECTIONS, CallType
from ..load import Document
from ..places import Place
from .entries import Entry, call_type, collect, common, read_entry, text
from .model import Plan, Rule

__all__ = ["SOUGHT", "matches", "read"]

SOUGHT = 'a plan of RudderStack ("events": [{"eventType", "name", "rules"}], at the root or under "rules")'

_SECTIONS = {
    "": (),
    "properties": ("properties",),
    "traits": ("traits",),
    "context.traits": ("context", "traits"),
}


def matches(document: Document) -> bool:
    """Tell whether the document has this format."""
    events = _home(document).keywords.get("events")
    return isinstance(events, list) and any(isinstance(each, dict) and "eventType" in each for each in events)


def read(document: Document) -> Plan:
    """Read the plan; raises SchemaError with every event that cannot be read."""
    root = document.root
    rules, notes = collect(_found(_home(document)))
    version = root.get("version")
    return Plan(
        id=text(root.get("id")) or text(root.get("name")).rpartition("/")[2] * ("display_name" in root),
        name=text(root.get("display_name")) or text(root.get("name")),
        version="" if version is None else str(version),
        rules=rules,
        notes=notes,
    )


def _home(document: Document) -> Place:
    root = Place(document, document.root)
    return root.child("rules") if isinstance(document.root.get("rules"), dict) else root


def _found(home: Place) -> Iterator[Rule | Diagnostic]:
    for number in range(len(cast(list[object], home.keywords["events"]))):
        yield from _event(home.child("events", number))
    if home.keywords.get("global"):
        yield from common(home, home.keywords["global"], "global")


def _event(place: Place) -> Iterator[Rule | Diagnostic]:
    words = place.keywords
    kind = call_type(words.get("eventType"))
    if kind is None:
        hint = f"the types are {', '.join(SECTIONS)}"
        message = f"an event of the type {words.get('eventType')!r} makes no call"
        yield place.problem("rule-type", message, hint, *(("eventType",) if "eventType" in words else ()))
        return
    path = _path(words.get("identitySection", ""), kind)
    if path is None:
        hint = f"{kind} has {SECTIONS[kind]}; identify and group may have them in context.traits too"
        message = f"{words['identitySection']!r} is no part of {kind}"
        yield place.problem("identity-section", message, hint, "identitySection")
        return
    yield from read_entry(Entry(place, kind, name="name", schema="rules", path=path))


def _path(section: object, kind: CallType) -> tuple[str, ...] | None:
    path = _SECTIONS.get(section) if isinstance(section, str) else None
    if path == ():
        return (SECTIONS[kind],)
    fits = path is not None and (
        path == (SECTIONS[kind],) or (SECTIONS[kind] == "traits" and path[-1] == "traits")
    )
    return path if fits else None
