"""The events of a catalogue described for people, as its page shows them."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from segment_client.collector.catalogue.catalogue import Catalogue
from segment_client.collector.expected import forms, words

__all__ = ["Entry", "Property", "describe", "read_entries"]

_DEEPEST = 4


@dataclass(frozen=True, slots=True)
class Property:
    """A property by its path on the wire (`products[].price`), its type in words, and what it means."""

    path: str
    type: str
    required: bool
    description: str


@dataclass(frozen=True, slots=True)
class Entry:
    """An event: its call type and name ("" where the call has none), its version and its properties."""

    type: str
    event: str
    version: str
    description: str
    properties: list[Property]


def read_entries(catalogue: Catalogue) -> list[Entry]:
    """Return the events of a catalogue in the order of their names, the newest version of each first.

    All its models are imported.
    """
    entries = [
        Entry(kind, name, version.name, inspect.cleandoc(model.__doc__ or ""), describe(model))
        for (kind, name), versions in catalogue.events.items()
        for version in versions
        for model in [version.described().model]
    ]
    return sorted(entries, key=lambda entry: (entry.event.lower(), entry.type))


def describe(model: type[BaseModel]) -> list[Property]:
    """Return a model's properties, with those of the objects in them below each."""
    schema = model.model_json_schema()
    told = _descriptions(model)
    return list(_properties(schema, schema, told, "", 0))


def _properties(
    root: Mapping[str, Any],
    schema: Mapping[str, Any],
    told: Mapping[tuple[str, str], str],
    prefix: str,
    depth: int,
) -> Iterator[Property]:
    required = schema.get("required", ())
    for name, wanted in schema.get("properties", {}).items():
        found = list(forms(root, wanted))
        if "default" in wanted and wanted["default"] is None:  # absent, and never null on the wire
            found = [form for form in found if form.get("type") != "null"]
        description = wanted.get("description") or told.get((schema.get("title", ""), name), "")
        yield Property(prefix + name, _words(root, found), name in required, description)
        for form in found if depth < _DEEPEST else ():
            items = form.get("items")
            inner, mark = (forms(root, items), "[].") if isinstance(items, Mapping) else ((form,), ".")
            for part in inner:
                yield from _properties(root, part, told, f"{prefix}{name}{mark}", depth + 1)


def _words(root: Mapping[str, Any], found: Iterable[Mapping[str, Any]]) -> str:
    """Return what a value may be, with what lists and maps hold."""
    return " or ".join(dict.fromkeys(_with_inner(root, form) for form in found)) or "anything"


def _with_inner(root: Mapping[str, Any], form: Mapping[str, Any]) -> str:
    name, word = ("items", "list") if form.get("type") == "array" else ("additionalProperties", "map")
    inner = form.get(name)
    if not isinstance(inner, Mapping) or "properties" in form:
        return words(form) or "anything"
    return words({**form, "type": f"{word} of {_words(root, forms(root, inner))}"})


def _descriptions(model: type[BaseModel]) -> dict[tuple[str, str], str]:
    """Return what is said below the fields of a generated model's module, by class and name on the wire."""
    module = inspect.getmodule(model)
    found: dict[tuple[str, str], str] = {}
    for node in ast.parse(inspect.getsource(module)).body if module else ():
        if isinstance(node, ast.ClassDef):
            fields = getattr(getattr(module, node.name), "model_fields", {})
            for field, below in zip(node.body, node.body[1:], strict=False):
                if isinstance(field, ast.AnnAssign) and isinstance(below, ast.Expr):
                    name = getattr(field.target, "id", "")
                    text = below.value.value if isinstance(below.value, ast.Constant) else ""
                    alias = fields[name].alias if name in fields else None
                    found[node.name, alias or name] = " ".join(str(text).split())
    return found
