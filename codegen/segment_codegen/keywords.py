"""The keywords of JSON Schema that the models can keep, on which types, and what to write for the others."""

from __future__ import annotations

__all__ = ["ANNOTATIONS", "ANY_VALUE", "APPLIES_TO", "FORMATS", "LOST", "ROOT_ONLY", "STRUCTURE", "TYPES"]

TYPES = frozenset({"string", "integer", "number", "boolean", "array", "object"})

ANY_VALUE = frozenset({"string", "number", "boolean", "array", "object"})
"""The list of types that stands for any JSON value but null."""

FORMATS = frozenset({"uuid", "date-time", "date", "ipv4", "ipv6"})

ROOT_ONLY = frozenset({"$schema", "$defs", "title"})

ANNOTATIONS = frozenset({"description", "examples", "title", "readOnly", "$comment"})
"""Keywords that say nothing about validity; they and `x-` annotations may stand beside `$ref`."""

STRUCTURE = frozenset({"$ref", "type", "enum", "const"})

APPLIES_TO: dict[str, frozenset[str]] = {
    "format": frozenset({"string"}),
    "minLength": frozenset({"string"}),
    "maxLength": frozenset({"string"}),
    "pattern": frozenset({"string"}),
    "minimum": frozenset({"integer", "number"}),
    "maximum": frozenset({"integer", "number"}),
    "exclusiveMinimum": frozenset({"integer", "number"}),
    "exclusiveMaximum": frozenset({"integer", "number"}),
    "multipleOf": frozenset({"integer"}),
    "items": frozenset({"array"}),
    "minItems": frozenset({"array"}),
    "maxItems": frozenset({"array"}),
    "properties": frozenset({"object"}),
    "required": frozenset({"object"}),
    "additionalProperties": frozenset({"object"}),
}
"""The types that a keyword says something about; beside others it would be lost."""

_SPLIT = "describe each alternative as a property or an event of its own"
_CHECKED_BY_HAND = "say it in the description: a model of one object cannot check it"
_CLOSED = 'list the keys under "properties" and set "additionalProperties": false'

LOST: dict[str, str] = {
    "oneOf": _SPLIT,
    "anyOf": _SPLIT,
    "allOf": "write all keywords into one schema object",
    "not": "say what is allowed instead",
    "if": _CHECKED_BY_HAND,
    "then": _CHECKED_BY_HAND,
    "else": _CHECKED_BY_HAND,
    "dependentRequired": _CHECKED_BY_HAND,
    "dependentSchemas": _CHECKED_BY_HAND,
    "dependencies": _CHECKED_BY_HAND,
    "contains": _CHECKED_BY_HAND,
    "minContains": _CHECKED_BY_HAND,
    "maxContains": _CHECKED_BY_HAND,
    "uniqueItems": _CHECKED_BY_HAND,
    "prefixItems": 'describe all items by "items", or make the positions properties of an object',
    "unevaluatedItems": 'describe all items by "items"',
    "patternProperties": _CLOSED,
    "propertyNames": _CLOSED,
    "minProperties": 'list what must be there under "required"',
    "maxProperties": _CLOSED,
    "unevaluatedProperties": 'use "additionalProperties"',
    "default": "say it in the description: what was not given stays absent",
    "contentEncoding": "say it in the description",
    "contentMediaType": "say it in the description",
    "contentSchema": "describe the content as an object",
    "$dynamicRef": 'refer to a definition of this file: "#/$defs/Name"',
    "$id": "leave it out: references stay within the file",
    "$anchor": 'refer to definitions as "#/$defs/Name"',
}
"""Keywords that the models would lose, and what to write instead."""
