"""Reads JSON Schemas, one a file: each is a track event, and its properties those of the schema."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePath

from ..errors import Diagnostic, SchemaError
from ..load import Document
from ..places import Place
from .model import Plan, Rule

__all__ = ["matches", "read"]

_SUFFIXES = (".json", ".schema")
_WORDS = frozenset({"properties", "additionalProperties", "patternProperties", "$ref", "allOf"})


def matches(document: Document) -> bool:
    """Tell whether the document is the schema of an object."""
    return bool(_WORDS & set(document.root)) or document.root.get("type") == "object"


def read(documents: Sequence[Document]) -> Plan:
    """Read the schemas as one plan; raises SchemaError with every file that is none or repeats an event."""
    problems: list[Diagnostic] = []
    rules: dict[tuple[str, str], Rule] = {}
    for document in documents:
        problems += (found := list(_problems(document)))
        if found:
            continue
        rule = _rule(document)
        if (rule.name, rule.version) in rules:
            other = rules[rule.name, rule.version].schema.document.file
            message = f"{rule.name!r} is described in {other} too"
            hint = "name the event, or its version, otherwise"
            problems.append(rule.schema.problem("repeated-event", message, hint))
        rules[rule.name, rule.version] = rule
    if problems:
        raise SchemaError(problems)
    return Plan(id="", name="", version="", rules=tuple(rules.values()))


def _problems(document: Document) -> Iterator[Diagnostic]:
    place = Place(document, document.root)
    if not matches(document):
        hint = 'a schema of an event has "type": "object" and "properties"'
        yield place.problem("no-schema", "the file is no JSON Schema of an object", hint)
    if "x-event" in document.root and not isinstance(document.root["x-event"], str):
        yield place.problem("event-name", "the event's name is no text", "write it as text", "x-event")


def _rule(document: Document) -> Rule:
    root = document.root
    described = root.get("self")
    own = described if isinstance(described, dict) else {}
    return Rule(
        type="track",
        name=str(root.get("x-event") or own.get("name") or root.get("title") or _stem(document.file)),
        version=str(root.get("x-version") or own.get("version") or ""),
        doc=str(root.get("description", "")),
        schema=Place(document, root),
        deprecated=root.get("deprecated") is True,
    )


def _stem(file: str) -> str:
    name = PurePath(file).name
    for suffix in _SUFFIXES:
        name = name.removesuffix(suffix)
    return name
