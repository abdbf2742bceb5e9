"""Holds an event's fields against the schema, and gives them as plain dicts: models of them would cost more.

The schema is that of the model itself, with each object of it made a dict. What is refused here is asked of
the model, which says what is wrong.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from pydantic_core import SchemaValidator, ValidationError, to_json

if TYPE_CHECKING:
    from pydantic import BaseModel
    from pydantic_core import CoreSchema
    from semantic_events import SemanticEvent

__all__ = ["event_of", "event_schema", "fields_of", "prepare", "valid_fields"]


@cache
def prepare() -> None:
    """Load the models and make what validates, so that no call does it beside a fork or within a signal.

    What pydantic makes when it is first used it makes behind locks, which a child that is forked just then
    finds held for ever: an event is validated, written and refused here before there can be one.
    """
    gid = UUID(int=0)
    gids = dict.fromkeys(("entity_gid", "event_gid", "root_event_gid"), gid)
    event = {**gids, "type": "track", "event": "E", "message_id": "m", "partition": "p", "user_id": "u"}
    to_json(valid_fields({**event, "timestamp": datetime.now(UTC)}))
    with suppress(ValidationError):
        valid_fields(event)


def valid_fields(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a valid event, converted and copied: objects as dicts, nothing that is absent.

    Raises pydantic.ValidationError for a value that does not fit the schema.
    """
    try:
        return cast(dict[str, Any], _validator().validate_python(fields))
    except ValidationError:
        return fields_of(event_of(fields))


def event_of(fields: Mapping[str, Any]) -> SemanticEvent:
    """Return the event with these fields; raises pydantic.ValidationError as `valid_fields` does."""
    return _model().model_validate(fields)


def fields_of(model: BaseModel) -> dict[str, Any]:
    """Return the fields of an event, or of an object of one, without what is absent."""
    return model.model_dump(exclude_none=True)


@cache
def event_schema() -> Any:
    """Return what pydantic-core holds an event against, as a dict.

    The schema of an object in it is a union, whose first choice is the object as a dict.
    """
    return _typed_dict(_model().__pydantic_core_schema__)


@cache
def _model() -> type[SemanticEvent]:
    from semantic_events import SemanticEvent

    return SemanticEvent


@cache
def _validator() -> SchemaValidator:
    return SchemaValidator(event_schema())


def _as_dicts(schema: Any) -> Any:
    """Return a schema whose objects are dicts in place of models; an explicit None is refused.

    No iterator is read, which the model, asked after it, would find empty.
    """
    if isinstance(schema, list):
        return [_as_dicts(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    from pydantic_core import core_schema

    if schema.get("type") == "model" and schema["schema"]["type"] == "model-fields":
        model = [core_schema.is_instance_schema(schema["cls"]), cast("CoreSchema", schema)]
        given_as_model = core_schema.no_info_after_validator_function(
            fields_of, core_schema.chain_schema(model)
        )
        return core_schema.union_schema([_typed_dict(schema), given_as_model], mode="left_to_right")
    if "plain" in schema.get("metadata", {}):
        return schema["metadata"]["plain"]
    same = {key: value if key in _KEPT else _as_dicts(value) for key, value in schema.items()}
    return {**same, "strict": True} if same.get("type") == "list" else same


_KEPT = frozenset({"metadata", "serialization"})


def _typed_dict(model: Mapping[str, Any]) -> CoreSchema:
    inner, config = model["schema"], model.get("config", {})
    described: dict[str, Any] = {
        "type": "typed-dict",
        "fields": {name: _field(field) for name, field in inner["fields"].items()},
        "config": config,
        "extra_behavior": config.get("extra_fields_behavior", "ignore"),
    }
    if "extras_schema" in inner:
        described["extras_schema"] = _as_dicts(inner["extras_schema"])
    return cast("CoreSchema", described)


def _field(field: Mapping[str, Any]) -> dict[str, Any]:
    """Return the field of a dict: one that may be None in the model is absent there."""
    schema = field["schema"]
    if schema["type"] == "default" and schema.get("default", ...) is None:
        inner = schema["schema"]
        present = inner["schema"] if inner["type"] == "nullable" else inner
        return {"type": "typed-dict-field", "schema": _as_dicts(present), "required": False}
    return {"type": "typed-dict-field", "schema": _as_dicts(schema), "required": schema["type"] != "default"}
