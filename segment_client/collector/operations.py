"""The parts of an OpenAPI document: operations, parameters and schemas."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

__all__ = ["Json", "array_of", "integer", "object_of", "operation", "parameter", "text"]

Json = dict[str, Any]

_JSON = "application/json"


def text(format_: str | None = None) -> Json:
    """Return the schema of text."""
    return {"type": "string"} | ({"format": format_} if format_ else {})


def integer(least: int = 0, most: int | None = None) -> Json:
    """Return the schema of a whole number."""
    return {"type": "integer", "minimum": least} | ({"maximum": most} if most is not None else {})


def array_of(item: Json) -> Json:
    """Return the schema of an array."""
    return {"type": "array", "items": item}


def object_of(**properties: Json) -> Json:
    """Return the schema of an object that has each of these properties."""
    return {"type": "object", "properties": properties, "required": list(properties)}


def parameter(name: str, description: str, schema: Json | None = None, place: str = "query") -> Json:
    """Return a parameter; one that is part of the path is required."""
    found = {"name": name, "in": place, "required": place == "path", "description": description}
    return {**found, "schema": schema or text()}


def operation(
    summary: str,
    answer: Json,
    parameters: Sequence[Json] = (),
    *,
    media_type: str = _JSON,
    body: Json | None = None,
) -> Json:
    """Return an operation that answers 200; `body` is the schema of what is posted."""
    answers = {"200": {"description": summary, "content": {media_type: {"schema": answer}}}}
    refused = {"description": "What is wrong", "content": {_JSON: {"schema": _PROBLEM}}}
    taken = {"requestBody": {"required": True, "content": {_JSON: {"schema": body}}}} if body else {}
    return {
        "summary": summary,
        "parameters": list(parameters),
        **taken,
        "responses": answers | {"4XX": refused},
    }


_PROBLEM = object_of(code=text(), message=text())
