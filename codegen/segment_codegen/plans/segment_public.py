"""Reads the plans of Segment's Public API: `rules[]` with `key`, `type`, `version` and `jsonSchema`.

A rule's schema is of the whole call, with the properties under `properties.properties`; Typewriter's copies
of such plans have the schema of the properties alone, and say so by `eventMetadata`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from ..errors import Diagnostic, SchemaError
from ..ir import CallType
from ..load import Document
from ..places import Place
from .envelope import section
from .model import Plan, Rule

__all__ = ["matches", "read"]

_TYPES: Mapping[object, CallType] = {
    "TRACK": "track",
    "IDENTIFY": "identify",
    "GROUP": "group",
    "PAGE": "page",
    "SCREEN": "screen",
}
_COMMON = "the rule is for the calls of all events, and the methods do not check it"
_COMMON_HINT = "write what holds for an event's own properties into the rule of the event"
_NEVER = "0001-01-01T00:00:00.000Z"
"""Segment's time for what has not happened."""


def matches(document: Document) -> bool:
    """Tell whether the document has this format."""
    rules = document.root.get("rules")
    return isinstance(rules, list) and all(isinstance(each, dict) and "jsonSchema" in each for each in rules)


def read(document: Document) -> Plan:
    """Read the plan; raises SchemaError with every rule that cannot be read."""
    root = document.root
    rules: list[Rule] = []
    notes: list[Diagnostic] = []
    problems: list[Diagnostic] = []
    place = Place(document, root)
    for number in range(len(cast(list[object], root["rules"]))):
        each = place.child("rules", number)
        if each.keywords.get("type") == "COMMON":
            notes.append(each.note("common-rule", _COMMON, _COMMON_HINT, "type"))
            continue
        problems += (found := list(_problems(each)))
        if found:
            continue
        try:
            rules.append(_rule(each))
        except SchemaError as error:
            problems += error.diagnostics
    if problems:
        raise SchemaError(problems)
    return Plan(
        id=str(root.get("id", "")),
        name=str(root.get("name", "")),
        version=str(root.get("updatedAt", "")),
        rules=tuple(rules),
        notes=tuple(notes),
    )


def _problems(place: Place) -> Iterator[Diagnostic]:
    kind, key, version = (place.keywords.get(word) for word in ("type", "key", "version"))
    if kind not in _TYPES:
        hint = f"this reader knows {', '.join(map(str, _TYPES))}"
        yield place.problem("rule-type", f"a rule of the type {kind!r} makes no call", hint, "type")
    if not isinstance(key, str) or (kind == "TRACK" and not key):
        yield place.problem("event-name", "the rule does not name its event", 'write it under "key"', "key")
    if isinstance(version, bool) or not isinstance(version, int | str | None):
        yield place.problem("event-version", f"{version!r} is no version", "number it 1, 2, ...", "version")
    if not isinstance(place.keywords["jsonSchema"], dict):
        yield place.problem("no-schema", "the rule has no schema", "an empty one is {}", "jsonSchema")


def _rule(place: Place) -> Rule:
    kind = _TYPES[place.keywords["type"]]
    schema = place.child("jsonSchema").as_root()
    return Rule(
        type=kind,
        name=str(place.keywords["key"]),
        version=str(place.keywords.get("version", "")),
        doc=str(schema.keywords.get("description", "")),
        schema=schema if "eventMetadata" in schema.keywords else section(schema, kind),
        deprecated=place.keywords.get("deprecatedAt", _NEVER) not in {_NEVER, None, ""},
    )
