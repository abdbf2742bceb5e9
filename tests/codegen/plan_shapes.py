"""The same events in each format of a tracking plan."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

__all__ = ["SHAPES", "Said", "cached", "config", "public", "rudder_v1", "rudder_v2", "schema_file"]

Node = dict[str, Any]

DRAFT = {"$schema": "http://json-schema.org/draft-07/schema#"}
ID, NAME, TIME = "rs_1", "Shop", "2024-05-06T07:08:09.000Z"


@dataclass(frozen=True)
class Said:
    """What a plan says of an event: `schema` is that of its properties or traits."""

    name: str
    schema: Node
    type: str = "track"
    doc: str = ""
    version: int | None = 1
    definitions: Node = field(default_factory=dict)

    @property
    def section(self) -> str:
        """The part of the call that the schema is of."""
        return "traits" if self.type in {"identify", "group"} else "properties"

    @property
    def envelope(self) -> Node:
        """The schema of the whole call."""
        parts = {
            "context": {"type": "object"},
            "traits": {"type": "object"},
            "properties": {"type": "object"},
        }
        return {**DRAFT, **self.defined, "type": "object", "properties": {**parts, self.section: self.schema}}

    @property
    def defined(self) -> Node:
        """The definitions, if there are any."""
        return {"definitions": self.definitions} if self.definitions else {}


def public(events: Sequence[Said]) -> Node:
    """Answer the plan as Segment's Public API has it."""
    rules = [
        {
            "createdAt": "2020-01-01T00:00:00.000Z",
            "deprecatedAt": "0001-01-01T00:00:00.000Z",
            "jsonSchema": {**each.envelope, "description": each.doc, "labels": {"area": "shop"}},
            "key": each.name or None,
            "type": each.type.upper(),
            "version": each.version,
        }
        for each in events
    ]
    return {"id": "tp_1", "resourceSchemaId": ID, "name": NAME, "updatedAt": TIME, "rules": rules}


def cached(events: Sequence[Said]) -> Node:
    """Answer Typewriter's copy: the event's own schema, numbered by `id`, and keys without a `#`."""
    plan = public(events)
    for rule, each in zip(plan["rules"], events, strict=True):
        rule["key"] = each.name.replace("#", "", 1)
        rule["jsonSchema"] = {
            **DRAFT,
            **each.defined,
            "description": each.doc,
            "eventMetadata": {"name": each.name, "type": each.type.upper()},
            **each.schema,
            "properties": {
                wire: {"id": f"/properties/{wire}", **node}
                for wire, node in each.schema["properties"].items()
            },
        }
    return plan


def config(events: Sequence[Said]) -> Node:
    """Answer the plan as Segment's Config API has it."""
    rules: Node = {"events": [], "identify_traits": [], "group_traits": []}
    for each in events:
        if each.type == "track":
            said = {"name": each.name, "description": each.doc, "rules": each.envelope}
            rules["events"].append(said | ({} if each.version is None else {"version": each.version}))
        else:
            rules[each.type] = {**each.envelope, "description": each.doc}
    name = f"workspaces/shop/tracking-plans/{ID}"
    return {"name": name, "display_name": NAME, "update_time": TIME, "rules": rules}


def rudder_v1(events: Sequence[Said]) -> Node:
    """Answer the plan as RudderStack's first version has it."""
    rules = [
        {"name": each.name, "description": each.doc, "eventType": each.type, "rules": each.envelope}
        | ({} if each.version is None else {"version": each.version})
        for each in events
    ]
    return {"id": ID, "name": NAME, "version": TIME, "rules": {"events": rules}}


def rudder_v2(events: Sequence[Said]) -> Node:
    """Answer the plan as RudderStack's second version has it."""
    plan = rudder_v1(events)
    plan["events"] = plan.pop("rules")["events"]
    for rule, each in zip(plan["events"], events, strict=True):
        rule["identitySection"] = each.section
    return plan


def schema_file(events: Sequence[Said]) -> Node:
    """Answer the first event alone, as the one file of a JSON Schema."""
    first = events[0]
    named = {
        "x-event": first.name,
        "x-type": first.type,
        "x-version": "1",
        "self": {"name": "a", "version": "1"},
    }
    return {**DRAFT, **named, **first.defined, **first.schema}


SHAPES = {each.__name__: each for each in (public, cached, config, rudder_v1, rudder_v2)}
