"""What a schema expects at a place, in a few words."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

__all__ = ["expected", "forms", "words"]

_Schema = Mapping[str, Any]

_LIMITS = {
    "minimum": "at least {}",
    "exclusiveMinimum": "more than {}",
    "maximum": "at most {}",
    "exclusiveMaximum": "less than {}",
    "minLength": "{} or more characters",
    "maxLength": "up to {} characters",
    "minItems": "{} or more items",
    "maxItems": "up to {} items",
    "pattern": "like {}",
}
_FREE = {"minLength": 0}
_MOST_VALUES = 12
_UNIONS = ("anyOf", "oneOf")


def expected(schema: _Schema, steps: Sequence[str | int]) -> str:
    """Return what a JSON Schema expects at the steps to a place: "" where it says nothing of it."""
    found = [schema]
    for step in steps:
        found = [below for each in found for form in forms(schema, each) for below in _below(form, step)]
    return " or ".join(dict.fromkeys(words(form) for each in found for form in forms(schema, each)) or [""])


def forms(root: _Schema, schema: _Schema) -> Iterator[_Schema]:
    """Yield what a schema may stand for: references followed, unions taken apart."""
    if "$ref" in schema:
        yield from forms(root, root["$defs"][schema["$ref"].rpartition("/")[2]])
    elif unions := [each for name in _UNIONS for each in schema.get(name, ())]:
        for each in unions:
            yield from forms(root, each)
    else:
        yield schema


def _below(schema: _Schema, step: str | int) -> Iterator[_Schema]:
    if isinstance(step, int):
        found = schema.get("items")
    else:
        found = schema.get("properties", {}).get(step) or schema.get("additionalProperties")
    if isinstance(found, Mapping):
        yield found


def words(schema: _Schema) -> str:
    """Return what one form of a value may be, in a few words."""
    if "const" in schema or "enum" in schema:
        values = schema.get("enum", [schema.get("const")])
        shown = ", ".join(json.dumps(value, ensure_ascii=False) for value in values[:_MOST_VALUES])
        return f"{shown}, ..." if len(values) > _MOST_VALUES else shown
    kind = schema.get("format") or schema.get("type", "")
    limits = [text.format(_plain(schema[name])) for name, text in _LIMITS.items() if _counts(schema, name)]
    return ", ".join(filter(None, (str(kind), *limits)))


def _counts(schema: _Schema, name: str) -> bool:
    return name in schema and schema[name] != _FREE.get(name)


def _plain(limit: object) -> object:
    return int(limit) if isinstance(limit, float) and limit.is_integer() else limit
