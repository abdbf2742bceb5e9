"""Tells the format of a tracking plan by its shape, and has it read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ..errors import Diagnostic, SchemaError
from ..load import Document, load_path
from . import schemas, segment_public
from .model import Plan

__all__ = ["read_plan"]


@dataclass(frozen=True)
class _Format:
    """A format in which one file is a whole plan."""

    title: str
    matches: Callable[[Document], bool]
    read: Callable[[Document], Plan]


_FORMATS = (
    _Format(
        'a plan of Segment\'s Public API ("rules" with "jsonSchema")',
        segment_public.matches,
        segment_public.read,
    ),
)


def read_plan(path: Path) -> Plan:
    """Read a plan's file, or a folder of JSON Schemas; raises SchemaError where it is neither."""
    plan = _read(load_path(path))
    ordered = sorted(plan.rules, key=lambda each: (each.type, each.name, each.version))
    return replace(plan, rules=tuple(ordered))


def _read(documents: Sequence[Document]) -> Plan:
    if len(documents) > 1:
        return schemas.read(documents)
    document = documents[0]
    for each in _FORMATS:
        if each.matches(document):
            return each.read(document)
    if schemas.matches(document):
        return schemas.read(documents)
    known = "; ".join([*(each.title for each in _FORMATS), 'a JSON Schema of an object ("properties")'])
    hint = f"the formats that are known by their shape: {known}"
    raise SchemaError([Diagnostic(document.file, "", "the file is no tracking plan", hint, "no-plan")])
