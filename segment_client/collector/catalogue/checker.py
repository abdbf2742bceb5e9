"""An event held against a catalogue: an unknown name, or what its own schema refuses."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from pydantic import BaseModel
from semantic_events import SemanticEvent

from segment_client.collector.catalogue.catalogue import Catalogue, Version
from segment_client.collector.catalogue.lenient import Refusal, refusals
from segment_client.collector.expected import expected
from segment_client.collector.problem import CallError

__all__ = ["Checker"]

_MESSAGES = {
    "missing": "The event lacks it, and its schema requires it.",
    "extra_forbidden": "The event's schema has no such property.",
}


@dataclass(frozen=True, slots=True)
class Checker:
    """Finds what a catalogue has against events.

    With `tells_unknown` a tracked event that the catalogue does not have is told of. With `strict` a call
    that anything is told of is to be rejected.
    """

    catalogue: Catalogue
    tells_unknown: bool
    strict: bool = False

    def __call__(self, event: SemanticEvent, call: Mapping[str, Any]) -> list[CallError]:
        """Return what is wrong with an event by its schema; `call` is the event as it came.

        Of an event with several versions that counts which it names in `context.protocols`, else it may be as
        any of them, and what is told is by the newest.
        """
        versions = self.catalogue.versions(event.type, _name(event))
        if not versions:
            unknown = event.type == "track" and self.tells_unknown
            return [self._unknown(event.event)] if unknown else []
        said = _version(call)
        told: list[CallError] = []
        for version in [each for each in versions if each.name == said] or versions:
            found = _issues(version, call)
            if not found:
                return []
            told = told or found
        return told

    def _unknown(self, name: str) -> CallError:
        nearest = self.catalogue.nearest(name)
        hint = f": did you mean {json.dumps(nearest, ensure_ascii=False)}?" if nearest else "."
        found: CallError = {
            "path": "event",
            "message": f"The catalogue has no event of this name{hint}",
            "type": "unknown_event",
        }
        return found | {"expected": nearest} if nearest else found


def _name(event: SemanticEvent) -> str:
    match event.type:
        case "track":
            return event.event
        case "page":
            return (event.page.name if event.page else None) or ""
        case "screen":
            return (event.screen.name if event.screen else None) or ""
        case _:
            return ""


def _version(call: Mapping[str, Any]) -> object:
    context = _object(call, "context")
    protocols = _object(context, "protocols") or _object(_object(context, "extras"), "protocols")
    return protocols.get("eventVersion")


def _issues(version: Version, call: Mapping[str, Any]) -> list[CallError]:
    event = version.described()
    is_semantic = "message_id" in call
    values = dict(_object(call, event.section))
    mirrored = _object(_object(call, "context"), "cxs").get("mirrored")
    for key in mirrored if isinstance(mirrored, list) else ():
        values.pop(key, None)
    found = refusals(event, values, absent_is_null=is_semantic)
    return [_issue(event.section, event.model, each) for each in found]


def _issue(section: str, model: type[BaseModel], refused: Refusal) -> CallError:
    found: CallError = {
        "path": ".".join(map(str, (section, *refused.steps))),
        "message": _MESSAGES.get(refused.kind, refused.message),
        "type": refused.kind,
    }
    wanted = expected(_schema(model), refused.steps)
    return found | {"expected": wanted} if wanted else found


@cache
def _schema(model: type[BaseModel]) -> dict[str, Any]:
    return model.model_json_schema()


def _object(value: object, name: str) -> Mapping[str, Any]:
    found = value.get(name) if isinstance(value, dict) else None
    return found if isinstance(found, dict) else {}
