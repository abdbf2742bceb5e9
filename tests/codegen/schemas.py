"""A small schema folder for tests, and the command run on it."""

import copy
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.sources import ROOT

__all__ = ["Node", "event", "purchase", "run", "write_schema"]

Node = dict[str, object]

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_EVENT: Node = {
    "$schema": DIALECT,
    "title": "SemanticEvent",
    "description": "Something that happened.",
    "x-version": "1.0.0",
    "type": "object",
    "properties": {
        "type": {
            "type": "string",
            "enum": ["track", "page"],
            "description": "The call.",
            "x-segment": "type",
        },
        "event": {"type": "string", "minLength": 1, "description": "The name.", "x-segment": "event"},
        "root_event_gid": {"type": "string", "format": "uuid", "description": "The first event."},
        "user_id": {"type": "string", "description": "The user.", "x-segment": "userId", "x-pii": True},
        "properties": {
            "type": "object",
            "additionalProperties": {"type": "string"},
            "description": "The rest.",
        },
        "sent_at": {"type": "string", "format": "date-time", "description": "When it was sent."},
        "received_at": {
            "type": "string",
            "format": "date-time",
            "readOnly": True,
            "description": "When it came.",
        },
        "context": {"$ref": "#/$defs/Context", "description": "The circumstances.", "x-segment": "context"},
    },
    "required": ["type", "event"],
    "additionalProperties": False,
    "$defs": {
        "Context": {
            "type": "object",
            "description": "The circumstances.",
            "properties": {"ip": {"type": "string", "format": "ipv4", "description": "The address."}},
            "additionalProperties": False,
        }
    },
}

_PURCHASE: Node = {
    "$schema": DIALECT,
    "title": "Item Purchased",
    "description": "A customer bought an item.",
    "x-event": "Item Purchased",
    "x-type": "track",
    "x-version": "1.0.0",
    "type": "object",
    "properties": {
        "item_id": {"type": "string", "description": "The item."},
        "price": {"type": "number", "minimum": 0, "description": "The price."},
        "coupon": {"type": ["string", "null"], "description": "The coupon, or null for none."},
        "user_id": {"type": "integer", "description": "A property that is named like a keyword."},
        "class": {"type": "string", "description": "A property that is named like a keyword of Python."},
        "gift to": {
            "type": "object",
            "description": "Who gets it.",
            "properties": {
                "first name": {"type": "string"},
                "str": {"type": "string"},
                "day": {"type": "string"},
            },
            "required": ["first name"],
            "additionalProperties": False,
        },
    },
    "required": ["item_id", "price"],
    "additionalProperties": False,
}


def event(**changes: object) -> Node:
    """Answer a small SemanticEvent; `changes` are further properties of it."""
    made = copy.deepcopy(_EVENT)
    properties = made["properties"]
    assert isinstance(properties, dict)
    properties.update(changes)
    return made


def purchase(**changes: object) -> Node:
    """Answer an event of the catalogue; `changes` are further properties of it."""
    made = copy.deepcopy(_PURCHASE)
    properties = made["properties"]
    assert isinstance(properties, dict)
    properties.update(changes)
    return made


def write_schema(folder: Path, root: Node | None = None, *catalogue: Node) -> Path:
    """Write a schema folder, by default the small event with its one catalogue event; answers its path."""
    schema = folder / "schema"
    (schema / "events").mkdir(parents=True, exist_ok=True)
    (schema / "semantic_event.schema.json").write_text(json.dumps(root or event()))
    for number, each in enumerate(catalogue or (() if root else (purchase(),))):
        (schema / "events" / f"{number}.schema.json").write_text(json.dumps(each))
    return schema


def run(
    *arguments: str | Path, cwd: Path, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run Python in a process of its own in the folder `cwd`, with the generator on its path."""
    path = os.pathsep.join(map(str, (ROOT / "codegen", cwd / "generated")))
    return subprocess.run(
        [sys.executable, "-W", "error", *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": path, **(environment or {})},
        capture_output=True,
        text=True,
        check=False,
    )
