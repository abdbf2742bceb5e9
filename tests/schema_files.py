"""Reads the schema files for tests: their objects, fields, examples and annotations."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs

__all__ = [
    "CATALOGUE_FILES",
    "EVENT_FILE",
    "column_schema",
    "fields",
    "is_leaf",
    "load",
    "objects",
    "sample",
    "validator",
]

SCHEMA = Path(__file__).parent.parent / "schema"
EVENT_FILE = SCHEMA / "semantic_event.schema.json"
CATALOGUE_FILES = sorted((SCHEMA / "events").glob("*.schema.json"))

INTEGER_COLUMN = re.compile(r"(U?)Int(\d+)")
SCALAR_COLUMNS: dict[str, dict[str, object]] = {
    "String": {"type": "string"},
    "UUID": {"type": "string", "format": "uuid"},
    "DateTime64": {"type": "string", "format": "date-time"},
    "Date": {"type": "string", "format": "date"},
    "Date32": {"type": "string", "format": "date"},
    "IPv4": {"type": "string", "format": "ipv4"},
    "IPv6": {"type": "string", "format": "ipv6"},
    "Bool": {"type": "boolean"},
    "Float32": {"type": "number"},
    "Float64": {"type": "number"},
    "Point": {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2},
}


def load(path: Path) -> dict[str, Any]:
    """Return the schema in a file."""
    loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return loaded


def objects(schema: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the root and the definitions of a schema by name."""
    return {schema["title"]: schema, **schema.get("$defs", {})}


def fields(schema: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield (object, field, property schema) for every property of every object."""
    for name, definition in objects(schema).items():
        for field, prop in definition["properties"].items():
            yield name, field, prop


def is_leaf(prop: dict[str, Any]) -> bool:
    """Tell a property with a column of its own from an object or a list of objects."""
    return "$ref" not in prop and "$ref" not in prop.get("items", {})


def column_schema(column: str) -> dict[str, object]:
    """Return the part of a JSON Schema that a ClickHouse column type stands for."""
    inner = re.sub(r"^(?:Nullable|LowCardinality)\((.*)\)$", r"\1", column)
    if entries := re.fullmatch(r"Map\(LowCardinality\(String\), ?(.*)\)", inner):
        return {"type": "object", "additionalProperties": column_schema(entries[1])}
    if names := re.fullmatch(r"Enum8\((.*)\)", inner):
        return {"type": "string", "enum": re.findall(r"'([^']*)'", names[1])}
    if integer := INTEGER_COLUMN.fullmatch(inner):
        bits = int(integer[2])
        low, high = (0, 2**bits - 1) if integer[1] else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)
        return {"type": "integer", "minimum": low, "maximum": high}
    return SCALAR_COLUMNS[inner]


def validator(schema: dict[str, Any], definition: dict[str, Any]) -> jsonschema_rs.Validator:
    """Return a validator of one object or property of a schema, formats checked."""
    rooted = {"$schema": schema["$schema"], **definition, "$defs": schema.get("$defs", {})}
    return jsonschema_rs.validator_for(rooted, validate_formats=True)


def sample(schema: dict[str, Any], definition: dict[str, Any]) -> Any:
    """Return a whole document of a definition, each leaf its first example."""
    if "$ref" in definition:
        return sample(schema, schema["$defs"][definition["$ref"].removeprefix("#/$defs/")])
    if "examples" in definition:
        return definition["examples"][0]
    if definition["type"] == "array":
        return [sample(schema, definition["items"])]
    return {field: sample(schema, prop) for field, prop in definition["properties"].items()}
