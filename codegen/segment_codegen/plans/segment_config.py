"""Reads the plans of Segment's Config API v1: `rules` with `events[]`, `identify`, `group` and `global`.

All events are track events, and each event's `rules` is the schema of the whole call.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..errors import Diagnostic
from ..ir import SECTIONS, CallType
from ..load import Document
from ..places import Place
from .entries import Entry, collect, common, read_entry, text
from .model import Plan, Rule

__all__ = ["SOUGHT", "matches", "read"]

SOUGHT = 'a plan of Segment\'s Config API v1 ("rules": {"events": [{"name", "rules"}]})'

_IDENTITIES: tuple[CallType, ...] = ("identify", "group")


def matches(document: Document) -> bool:
    """Tell whether the document has this format."""
    rules = document.root.get("rules")
    return isinstance(rules, dict) and isinstance(rules.get("events"), list)


def read(document: Document) -> Plan:
    """Read the plan; raises SchemaError with every rule that cannot be read."""
    root = document.root
    rules, notes = collect(_found(Place(document, root).child("rules")))
    return Plan(
        id=text(root.get("name")).rpartition("/")[2],
        name=text(root.get("display_name")),
        version=text(root.get("update_time")),
        rules=rules,
        notes=notes,
    )


def _found(rules: Place) -> Iterator[Rule | Diagnostic]:
    words = rules.keywords
    events = words["events"]
    for number in range(len(events) if isinstance(events, list) else 0):
        each = rules.child("events", number)
        yield from read_entry(Entry(each, "track", name="name", schema="rules", path=(SECTIONS["track"],)))
    if words.get("global"):
        yield from common(rules, _schema(rules.child("global")).node, "global")
    for kind in _IDENTITIES:
        if words.get(kind):
            yield from _identity(rules.child(kind), kind)
        traits = f"{kind}_traits"
        if isinstance(words.get(traits), dict) and words[traits]:
            yield from _identity(rules.child(traits), kind)
        elif words.get(traits):
            hint = f'write the traits as a schema: "{kind}": {{"properties": {{"traits": {{...}}}}}}'
            yield rules.problem("unread-traits", "the list of traits has no form that is known", hint, traits)


def _identity(place: Place, kind: CallType) -> Iterator[Rule | Diagnostic]:
    """Yield the rule of a call that has no name."""
    schema = "rules" if "rules" in place.keywords else ""
    yield from read_entry(Entry(place, kind, name="", schema=schema, path=(SECTIONS[kind],), named=""))


def _schema(place: Place) -> Place:
    return place.child("rules") if "rules" in place.keywords else place
