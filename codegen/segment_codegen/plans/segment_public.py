"""Reads the plans of Segment's Public API: `rules[]` with `key`, `type`, `version` and `jsonSchema`.

A rule's schema is of the whole call, with the properties under `properties.properties`; Typewriter's copies
of such plans have the schema of the properties alone, and say so by `eventMetadata`, which has the event's
exact name too: a `#` is missing from their keys.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from ..errors import Diagnostic
from ..ir import SECTIONS
from ..load import Document
from ..places import Place
from .entries import Entry, call_type, collect, common, read_entry, text
from .model import Plan, Rule

__all__ = ["SOUGHT", "matches", "read"]

SOUGHT = 'a plan of Segment\'s Public API, or Typewriter\'s copy ("rules": [{"key", "type", "jsonSchema"}])'

_NEVER = "0001-01-01T00:00:00"
"""How Segment begins the time of what has not happened."""


def matches(document: Document) -> bool:
    """Tell whether the document has this format, bare or as the API answers it, under `data`."""
    rules = _answer(document).keywords.get("rules")
    return isinstance(rules, list) and any(isinstance(each, dict) and "jsonSchema" in each for each in rules)


def read(document: Document) -> Plan:
    """Read the plan; raises SchemaError with every rule that cannot be read."""
    answer = _answer(document)
    rules, notes = collect(_found(answer))
    words = answer.keywords
    return Plan(
        id=text(words.get("resourceSchemaId")) or text(words.get("id")),
        name=text(words.get("name")),
        version=text(words.get("updatedAt")),
        rules=rules,
        notes=notes,
    )


def _answer(document: Document) -> Place:
    root = Place(document, document.root)
    return root.child("data") if isinstance(document.root.get("data"), dict) else root


def _found(answer: Place) -> Iterator[Rule | Diagnostic]:
    pages = answer.keywords.get("pagination")
    if isinstance(pages, dict) and pages.get("next"):
        hint = "join the rules of all pages in one file, without the pagination"
        yield answer.problem(
            "more-pages", "the file has one page of the plan, and it goes on", hint, "pagination"
        )
    for number in range(len(cast(list[object], answer.keywords["rules"]))):
        yield from _rule(answer.child("rules", number))


def _rule(place: Place) -> Iterator[Rule | Diagnostic]:
    words = place.keywords
    if words.get("type") == "COMMON":
        yield from common(place, words.get("jsonSchema", {}), "type")
        return
    kind = call_type(words.get("type"))
    if kind is None:
        hint = "the types are TRACK, IDENTIFY, GROUP, PAGE, SCREEN and COMMON"
        message = f"a rule of the type {words.get('type')!r} makes no call"
        yield place.problem("rule-type", message, hint, *(("type",) if "type" in words else ()))
        return
    schema = words.get("jsonSchema")
    copied = schema.get("eventMetadata") if isinstance(schema, dict) else None
    name = copied.get("name") if isinstance(copied, dict) else None
    yield from read_entry(
        Entry(
            place,
            kind,
            name="key",
            schema="jsonSchema",
            path=() if copied is not None else (SECTIONS[kind],),
            named=name if isinstance(name, str) and name else None,
            deprecated=not text(words.get("deprecatedAt") or _NEVER).startswith(_NEVER),
        )
    )
