"""Events for the warehouse, and the normal form in which they come back, told from the schema alone."""

import math
import struct
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st
from semantic_events import SemanticEvent

from tests.schema_files import EVENT_FILE, load
from tests.strategies import documents

__all__ = ["DOCUMENTS", "SCHEMA", "normal", "storable", "wide"]

SCHEMA = load(EVENT_FILE)
LARGEST = 3.4028234663852886e38
NULLABLE = "Nullable("
EMPTY: dict[str, object] = {
    "uuid": "00000000-0000-0000-0000-000000000000",
    "date": "1900-01-01",
}

Leaf = Callable[[dict[str, Any], Any], Any]


def _target(prop: dict[str, Any]) -> dict[str, Any]:
    target: dict[str, Any] = SCHEMA["$defs"][prop["$ref"].removeprefix("#/$defs/")]
    return target


def _mapped(
    definition: dict[str, Any], document: dict[str, Any], leaf: Leaf, *, drop: bool
) -> dict[str, Any]:
    """Apply `leaf` to each field; with `drop`, leave out what is empty where its column cannot be null."""
    made = {}
    for name, value in document.items():
        prop = definition["properties"].get(name)
        if prop is None:
            made[name] = value
            continue
        if "$ref" in prop:
            changed: Any = _mapped(_target(prop), value, leaf, drop=drop)
        elif "$ref" in prop.get("items", {}):
            changed = [_mapped(_target(prop["items"]), each, leaf, drop=drop) for each in value]
            if drop and not any(changed):
                continue
        else:
            changed = leaf(prop, value)
        nullable = prop.get("x-clickhouse", "").startswith(NULLABLE)
        if drop and not nullable and name not in definition.get("required", ()) and _is_empty(prop, changed):
            continue
        made[name] = changed
    return made


def _is_empty(prop: dict[str, Any], value: object) -> bool:
    return value in ("", 0, {}, [], [0.0, 0.0]) or value == EMPTY.get(prop.get("format", ""))


def _single(prop: dict[str, Any], value: Any) -> Any:
    if "Float32" not in prop["x-clickhouse"]:
        return value
    if isinstance(value, dict):
        return {key: struct.unpack("<f", struct.pack("<f", each))[0] for key, each in value.items()}
    return struct.unpack("<f", struct.pack("<f", value))[0]


def _limited(prop: dict[str, Any], value: Any) -> Any:
    if prop.get("format", "").startswith("date"):  # of any year, to one from 1901 to 2298
        return f"{1901 + int(value[:4]) % 398}{value[4:]}".replace("-02-29", "-02-28")
    if "Float32" not in prop["x-clickhouse"]:
        return value
    if isinstance(value, dict):
        return {key: math.fmod(each, LARGEST) for key, each in value.items()}
    return math.fmod(value, LARGEST)


def storable(document: dict[str, Any]) -> dict[str, Any]:
    """Answer the same event with its times, dates and single floats in the ranges of their columns."""
    return _mapped(SCHEMA, document, _limited, drop=False)


def normal(document: dict[str, Any]) -> SemanticEvent:
    """Answer the event as it comes back from the warehouse."""
    return SemanticEvent.model_validate(_mapped(SCHEMA, document, _single, drop=True))


def wide(names: list[str]) -> st.SearchStrategy[dict[str, Any]]:
    """Return events that have these fields at least, besides the required ones."""
    chosen = {"required": [*SCHEMA["required"], *names]}
    return documents(SCHEMA, {**SCHEMA, **chosen}).map(storable)


DOCUMENTS = st.one_of(
    documents(SCHEMA, SCHEMA),
    st.lists(st.sampled_from(sorted(SCHEMA["properties"])), min_size=8, max_size=20, unique=True).flatmap(
        wide
    ),
).map(storable)
"""Events of the whole schema."""
