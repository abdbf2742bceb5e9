"""Reads JSON Schemas, one a file: each is a version of an event, and its properties those of the schema.

`x-event`, `x-type` and `x-version` say which event it is; without them its name is that which `self` has (as
Iglu's schemas do), or the title, or the file's. A file that is named like a version has its folder's name.
A file of definitions alone is no event: the others refer to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePath

from ..errors import Diagnostic
from ..ir import SECTIONS, CallType
from ..load import Document
from ..places import Place
from .entries import call_type, collect, text
from .model import Plan, Rule

__all__ = ["MEMO", "SOUGHT", "matches", "read"]

SOUGHT = 'a JSON Schema of an object ("type": "object", "properties"), or a folder of such files'

MEMO = "x-plan"
"""The word of a file that is no schema, but says what the plan is that the others in its folder came from."""

_SUFFIXES = (".json", ".schema")
_WORDS = frozenset({"$schema", "properties", "additionalProperties", "patternProperties", "$ref", "allOf"})
_DEFINITIONS = frozenset({"$defs", "definitions"})
_TITLES = frozenset({"$schema", "$id", "id", "$comment", "title", "description"})
_VERSION = re.compile(r"[vV]?([0-9]+([-._][0-9]+)*)")


def matches(document: Document) -> bool:
    """Tell whether the document is the schema of an object."""
    return bool(_WORDS & set(document.root)) or document.root.get("type") == "object"


def read(documents: Sequence[Document]) -> Plan:
    """Read the schemas as one plan; raises SchemaError with every file that is none."""
    memos = [each for each in documents if MEMO in each.root and not matches(each)]
    events = [each for each in documents if each not in memos and not _is_shared(each)]
    rules, notes = collect(found for each in events for found in _found(each))
    memo = memos[0].root[MEMO] if memos else {}
    said: Mapping[str, object] = memo if isinstance(memo, dict) else {}
    return Plan(
        id=text(said.get("id")),
        name=text(said.get("name")),
        version=text(said.get("version")),
        rules=rules,
        notes=notes,
    )


def _is_shared(document: Document) -> bool:
    """Tell whether the document only defines what the schemas of events refer to."""
    return bool(document.root.keys() & _DEFINITIONS) and document.root.keys() <= _DEFINITIONS | _TITLES


def _found(document: Document) -> Iterator[Rule | Diagnostic]:
    place, root = Place(document, document.root), document.root
    if not matches(document):
        hint = f"move the file elsewhere, or make it {SOUGHT}"
        yield place.problem("no-schema", "the file is no JSON Schema of an object", hint)
        return
    kind = call_type(root.get("x-type", "track"))
    if kind is None:
        hint = f"the calls are {', '.join(SECTIONS)}"
        yield place.problem("rule-type", f"{root['x-type']!r} is no call", hint, "x-type")
        return
    problems = [
        place.problem("event-name", f"{word!r} is no text", "write it as text", word)
        for word in ("x-event", "x-version")
        if not isinstance(root.get(word, ""), str)
    ]
    if kind == "track" and root.get("x-event") == "":
        hint = "write the name that is sent"
        problems.append(place.problem("event-name", "a track event has no name", hint, "x-event"))
    yield from problems
    if problems:
        return
    yield _rule(place, kind)


def _rule(place: Place, kind: CallType) -> Rule:
    root = place.keywords
    described = root.get("self")
    own: Mapping[str, object] = described if isinstance(described, dict) else {}
    name, version = _from_path(PurePath(place.document.file))
    return Rule(
        type=kind,
        name=text(root["x-event"])
        if "x-event" in root
        else text(own.get("name")) or text(root.get("title")) or name,
        version=text(root.get("x-version"))
        or text(own.get("version"))
        or ("" if "x-event" in root else version),
        doc=text(root.get("description")),
        schema=place,
        deprecated=root.get("deprecated") is True,
    )


def _from_path(file: PurePath) -> tuple[str, str]:
    """Answer the event's name and version, as far as the path says them."""
    stem = file.name
    for suffix in _SUFFIXES:
        stem = stem.removesuffix(suffix)
    version = _VERSION.fullmatch(stem)
    return (file.parent.name, version[1]) if version and file.parent.name else (stem, "")
