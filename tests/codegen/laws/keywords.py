"""A schema or more for each keyword, as that of an event's properties: alone, and beside others."""

from typing import Any

__all__ = ["BY_KEYWORD"]

Node = dict[str, Any]


def _of(schema: object) -> Node:
    return {"type": "object", "properties": {"a": schema}}


BY_KEYWORD: dict[str, tuple[Node, ...]] = {
    "type": tuple(
        _of({"type": each})
        for each in (
            *("null", "boolean", "integer", "number", "string", "array", "object"),
            *(["string", "null"], ["integer", "array", "object"]),
        )
    ),
    "enum": (
        _of({"enum": ["a", "", None]}),
        _of({"enum": [1, True, "a", [1], {"a": 1}]}),
        _of({"enum": [1.5]}),
    ),
    "const": (_of({"const": "a"}), _of({"const": {"b": [1]}}), _of({"const": False})),
    "minimum": (_of({"type": "number", "minimum": 0.5}), _of({"type": "integer", "minimum": 0.5})),
    "maximum": (_of({"type": "integer", "maximum": 1}), _of({"maximum": 1})),
    "exclusiveMinimum": (_of({"type": "number", "exclusiveMinimum": 0}),),
    "exclusiveMaximum": (_of({"type": ["number", "null"], "exclusiveMaximum": 1}),),
    "multipleOf": (_of({"type": "number", "multipleOf": 0.5}), _of({"type": "integer", "multipleOf": 2})),
    "minLength": (_of({"type": "string", "minLength": 2}), _of({"minLength": 2})),
    "maxLength": (_of({"type": "string", "maxLength": 1}), _of({"enum": ["a", "ab"], "maxLength": 1})),
    "pattern": (_of({"type": "string", "pattern": "^a"}), _of({"type": "string", "pattern": r"^\w\S?$"})),
    "format": tuple(
        _of({"type": "string", "format": each}) for each in ("date", "ipv4", "email", "uuid", "none")
    ),
    "items": (_of({"type": "array", "items": {"type": "string"}}), _of({"items": {"minimum": 1}})),
    "prefixItems": (_of({"prefixItems": [{"type": "string"}, True], "items": False}),),
    "minItems": (_of({"type": "array", "minItems": 1}),),
    "maxItems": (_of({"type": "array", "maxItems": 1}),),
    "uniqueItems": (_of({"type": "array", "uniqueItems": True}),),
    "contains": (_of({"type": "array", "contains": {"type": "string"}}),),
    "minContains": (_of({"contains": {"type": "null"}, "minContains": 2}),),
    "maxContains": (_of({"contains": {"type": "null"}, "maxContains": 1}),),
    "properties": (_of({"type": "object", "properties": {"a": {"type": "string"}, "b": False}}),),
    "required": (_of({"type": "object", "required": ["b"]}), {"type": "object", "required": ["a", "zz"]}),
    "additionalProperties": (
        {"type": "object", "properties": {"a": True}, "additionalProperties": False},
        {"type": "object", "properties": {"a": True}, "additionalProperties": {"type": "string"}},
        _of({"type": "object", "additionalProperties": {"type": ["string", "null"]}}),
        {"type": "object", "required": ["b"], "additionalProperties": False},
    ),
    "patternProperties": (
        {"type": "object", "patternProperties": {"^a": {"type": "string"}}},
        {"type": "object", "patternProperties": {"b$": {"type": "string"}}, "additionalProperties": False},
    ),
    "propertyNames": ({"type": "object", "propertyNames": {"maxLength": 1}},),
    "minProperties": ({"type": "object", "minProperties": 2},),
    "maxProperties": (_of({"type": "object", "maxProperties": 1}),),
    "dependentRequired": ({"type": "object", "dependentRequired": {"a": ["b"]}},),
    "dependentSchemas": ({"type": "object", "dependentSchemas": {"a": {"required": ["b"]}}},),
    "allOf": (_of({"allOf": [{"type": "string"}, {"minLength": 2}]}),),
    "anyOf": (
        _of({"anyOf": [{"type": "string", "maxLength": 1}, {"type": "null"}]}),
        _of({"anyOf": [{"type": "object", "required": ["a"]}, {"type": "object", "required": ["b"]}]}),
    ),
    "oneOf": (
        _of({"type": "string", "oneOf": [{"const": "a"}, {"const": "ab"}]}),
        {"type": "object", "oneOf": [{"required": ["a"]}, {"required": ["b"]}]},
    ),
    "not": (_of({"not": {"type": "string"}}),),
    "if": (
        {
            "type": "object",
            "properties": {"a": {"enum": ["a", "ab"]}},
            "if": {"properties": {"a": {"const": "a"}}, "required": ["a"]},
            "then": {"properties": {"b": {"type": "integer"}}, "required": ["b"]},
            "else": {"properties": {"c": {"type": "string"}}},
        },
    ),
    "unevaluatedProperties": (
        {"type": "object", "properties": {"a": True}, "unevaluatedProperties": False},
        {
            "type": "object",
            "patternProperties": {"^a": {"type": "string"}},
            "unevaluatedProperties": {"type": ["integer", "null"]},
        },
        {
            "type": "object",
            "properties": {"a": True},
            "allOf": [{"if": {"required": ["a"]}, "then": {"properties": {"b": {"type": "string"}}}}],
            "unevaluatedProperties": False,
        },
    ),
    "unevaluatedItems": (_of({"prefixItems": [True], "unevaluatedItems": {"type": "string"}}),),
    "$ref": (
        {
            **_of({"$ref": "#/$defs/tree"}),
            "$defs": {"tree": {"type": "array", "items": {"$ref": "#/$defs/tree"}}},
        },
        {
            **_of({"$ref": "#/$defs/tree"}),
            "$defs": {
                "tree": {
                    "type": "object",
                    "properties": {"a": {"$ref": "#/$defs/tree"}, "b": {"enum": [1, "a"]}},
                    "additionalProperties": False,
                }
            },
        },
    ),
}
"""By each keyword, schemas in which it decides."""
