"""Each model beside the schema that it was made from, and a document's canonical form under that schema."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from ipaddress import ip_address
from typing import Any

import jsonschema_rs
from pydantic import BaseModel, ValidationError
from segment_codegen.naming import class_name
from semantic_events import event_models, models

from tests.codegen.differences import known
from tests.codegen.values import VALUES
from tests.schema_files import CATALOGUE_FILES, EVENT_FILE, load, objects, sample, validator

__all__ = ["SUBJECTS", "Subject"]

Node = Mapping[str, Any]


@dataclass(frozen=True)
class Subject:
    """One object of a schema file and its model; in the catalogue `is_event`, where null is a value."""

    name: str
    schema: dict[str, Any]
    definition: dict[str, Any]
    model: type[BaseModel]
    is_event: bool

    @cached_property
    def validator(self) -> jsonschema_rs.Validator:
        """What the schema says, formats checked."""
        return validator(self.schema, self.definition)

    @cached_property
    def _tried(self) -> dict[int, tuple[list[object], list[object]]]:
        return {}

    @property
    def minimal(self) -> dict[str, Any]:
        """A document of the required fields alone."""
        fields = self.definition["properties"]
        return {name: sample(self.schema, fields[name]) for name in self.definition.get("required", [])}

    def schema_accepts(self, document: object) -> bool | None:
        """Tell what the schema says; None where the document cannot even be handed over as UTF-8."""
        try:
            return self.validator.is_valid(document)
        except UnicodeEncodeError:
            return None

    def model_accepts(self, document: object) -> bool:
        """Tell what the model says."""
        try:
            self.model.model_validate(document)
        except ValidationError:
            return False
        return True

    def dumped(self, document: object) -> str:
        """Answer the JSON of the model of a document."""
        return self.model.model_validate(document).model_dump_json(
            by_alias=True, exclude_none=not self.is_event
        )

    def resolved(self, node: Node) -> Node:
        """Follow a reference."""
        return self.schema["$defs"][node["$ref"].removeprefix("#/$defs/")] if "$ref" in node else node

    def kind(self, node: Node) -> str:
        """Answer the format of a node, or else its type without null."""
        node = self.resolved(node)
        types = node.get("type", "string")
        return str(node.get("format") or (types if isinstance(types, str) else types[0]))

    def canonical(self, node: Node, value: Any) -> object:
        """Answer a form that is the same for documents that mean the same.

        Numbers are binary64, times instants to the microsecond, UUIDs and addresses without their notation;
        free JSON is kept exactly, 1 and 1.0 and True apart.
        """
        node = self.resolved(node)
        if isinstance(value, dict) and node.get("type") == "object":
            rest = node.get("additionalProperties")
            known_nodes = node.get("properties", {})
            return {
                key: self.canonical(known_nodes.get(key) or _node(rest), item) for key, item in value.items()
            }
        if isinstance(value, list) and node.get("type") == "array":
            return [self.canonical(node["items"], item) for item in value]
        if isinstance(value, str):
            return _text(node.get("format"), value)
        if node.get("type") == "number" and not isinstance(value, bool):
            return float(value)
        return value, repr(value)

    def document(self, chance: random.Random) -> dict[str, Any]:
        """Make a document of any of the fields, most of them good."""
        made: dict[str, Any] = self._make(self.definition, chance)
        return made

    def _make(self, node: Node, chance: random.Random) -> Any:
        node = self.resolved(node)
        if "properties" in node:
            required = node.get("required", [])
            odds = chance.random()
            kept = {
                name: self._make(each, chance)
                for name, each in node["properties"].items()
                if chance.random() < (0.999 if name in required else odds)
            }
            return {**kept, "unlisted": chance.choice(VALUES)} if chance.random() < 0.02 else kept
        if "$ref" in node.get("items", {}):
            return [self._make(node["items"], chance) for _ in range(chance.randrange(3))]
        good, others = self._values(node)
        return chance.choice(others if chance.random() < 0.004 else good)

    def _values(self, node: Node) -> tuple[list[object], list[object]]:
        """Answer the values that a leaf takes, and all that it can be tried with."""
        if id(node) not in self._tried:
            others = [each for each in VALUES if not known(self.kind(node), each)]
            good = [*node["examples"], *filter(validator(self.schema, dict(node)).is_valid, others)]
            self._tried[id(node)] = good, others
        return self._tried[id(node)]


def _node(rest: object) -> Node:
    return rest if isinstance(rest, dict) else {}


def _text(text_format: str | None, text: str) -> object:
    if text_format == "uuid":
        return text.lower()
    if text_format in {"ipv4", "ipv6"}:
        return ip_address(text)
    return _instant(text.upper()) if text_format == "date-time" else text


def _instant(text: str) -> float | str:
    """Answer the microseconds of an RFC 3339 time, further digits cut off."""
    start, _, rest = text.partition(".")
    digits = rest.rstrip("Z").partition("+")[0].partition("-")[0]
    time = datetime.fromisoformat(f"{start}.{digits[:6]:0<6}{rest[len(digits) :]}" if rest else text)
    since = time.replace(tzinfo=UTC) - datetime.min.replace(tzinfo=UTC)
    offset = time.utcoffset()
    assert offset is not None
    return (since - offset).total_seconds()


def _subjects() -> Iterator[Subject]:
    root = load(EVENT_FILE)
    for name, definition in objects(root).items():
        yield Subject(name, root, definition, getattr(models, name), is_event=False)
    for event in map(load, CATALOGUE_FILES):
        own = class_name(event["x-event"])
        yield Subject(own, event, event, getattr(event_models, own), is_event=True)
        for name, definition in event.get("$defs", {}).items():
            scoped = class_name(event["x-event"], name)
            yield Subject(scoped, event, definition, getattr(event_models, scoped), is_event=True)


SUBJECTS = {each.name: each for each in _subjects()}
