"""The events of a catalogue described for people, as its page shows them."""

from __future__ import annotations

import ast
import inspect
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from segment_client.collector.catalogue.catalogue import Catalogue

__all__ = ["Entry", "Property", "describe", "read_entries"]

_DEEPEST = 4
_TYPES = {"string": "text", "boolean": "true or false", "null": "null", "object": "object"}
_LIMITS = {
    "minLength": "{} or more characters", "maxLength": "up to {} characters", "pattern": "matching {}",
    "minimum": "at least {}", "maximum": "at most {}", "exclusiveMinimum": "over {}",
    "exclusiveMaximum": "under {}", "multipleOf": "a multiple of {}",
    "minItems": "{} or more items", "maxItems": "up to {} items",
}  # fmt: skip


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
    return list(_properties(schema, schema.get("$defs", {}), told, "", 0))


def _properties(
    schema: Mapping[str, Any],
    definitions: Mapping[str, Any],
    told: Mapping[tuple[str, str], str],
    prefix: str,
    depth: int,
) -> Iterator[Property]:
    required = schema.get("required", ())
    for name, wanted in schema.get("properties", {}).items():
        forms = _forms(wanted, definitions)
        if "default" in wanted and wanted["default"] is None:  # absent, and never null on the wire
            forms = [form for form in forms if form.get("type") != "null"]
        words = " or ".join(dict.fromkeys(_words(form, definitions) for form in forms))
        description = wanted.get("description") or told.get((schema.get("title", ""), name), "")
        yield Property(prefix + name, words, name in required, description)
        for form in forms:
            items = form.get("items")
            inner = _forms(items, definitions) if isinstance(items, Mapping) else [form]
            mark = "[]." if isinstance(items, Mapping) else "."
            for part in inner if depth < _DEEPEST else ():
                yield from _properties(part, definitions, told, f"{prefix}{name}{mark}", depth + 1)


def _forms(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return what a value may be, with references followed."""
    if "$ref" in schema:
        return _forms(definitions.get(schema["$ref"].rpartition("/")[2], {}), definitions)
    if isinstance(schema.get("type"), list):
        return [{**schema, "type": kind} for kind in schema["type"]]
    parts = schema.get("anyOf") or schema.get("oneOf")
    return [form for part in parts for form in _forms(part, definitions)] if parts else [schema]


def _words(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> str:
    if "const" in schema:
        return json.dumps(schema["const"], ensure_ascii=False)
    if "enum" in schema:
        return "one of " + ", ".join(json.dumps(value, ensure_ascii=False) for value in schema["enum"])
    kind = schema.get("type", "any JSON")
    if kind == "array":
        word = f"list of {_inner(schema.get('items'), definitions)}"
    elif kind == "object" and isinstance(schema.get("additionalProperties"), Mapping):
        word = f"map of {_inner(schema['additionalProperties'], definitions)}"
    else:
        word = schema.get("format") or _TYPES.get(kind, kind)
    return ", ".join([word, *_limits(schema)])


def _inner(schema: Mapping[str, Any] | None, definitions: Mapping[str, Any]) -> str:
    if not schema:
        return "any JSON"
    return " or ".join(dict.fromkeys(_words(form, definitions) for form in _forms(schema, definitions)))


def _limits(schema: Mapping[str, Any]) -> Iterable[str]:
    return (text.format(_number(schema[name])) for name, text in _LIMITS.items() if name in schema)


def _number(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


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
