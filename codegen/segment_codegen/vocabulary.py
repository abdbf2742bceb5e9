"""The keywords of JSON Schema by what becomes of them."""

from __future__ import annotations

from collections.abc import Mapping

from .drafts import ANNOTATIONS

__all__ = ["FORMATS", "IN_PLACE", "KEYWORDS", "UNSUPPORTED", "is_note"]

KEYWORDS = frozenset(
    (
        "$ref",
        "additionalProperties",
        "allOf",
        "anyOf",
        "const",
        "contains",
        "dependentRequired",
        "dependentSchemas",
        "else",
        "enum",
        "exclusiveMaximum",
        "exclusiveMinimum",
        "format",
        "if",
        "items",
        "maxContains",
        "maxItems",
        "maxLength",
        "maxProperties",
        "maximum",
        "minContains",
        "minItems",
        "minLength",
        "minProperties",
        "minimum",
        "multipleOf",
        "not",
        "oneOf",
        "pattern",
        "patternProperties",
        "prefixItems",
        "properties",
        "propertyNames",
        "required",
        "then",
        "type",
        "unevaluatedItems",
        "unevaluatedProperties",
        "uniqueItems",
    )
)
"""What models and checks hold."""

IN_PLACE = frozenset({"allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas"})
"""Keywords whose schemas hold for the same value as the schema that they stand in."""

UNSUPPORTED: Mapping[str, str] = {
    "$dynamicRef": 'refer with "$ref"',
    "$recursiveRef": 'refer with "$ref"',
    "$vocabulary": "leave it out: the vocabularies of the draft count",
}
"""Keywords that would change what is valid and are not held, with what to do."""

FORMATS = frozenset({"date", "date-time", "email", "hostname", "ipv4", "ipv6", "time", "uri", "uuid"})
"""The formats that are checked."""

_VENDOR = frozenset({"key", "labels", "eventMetadata", "self", "id", "$recursiveAnchor", "$dynamicAnchor"})
"""Words that say nothing about validity: the plan formats' own, and names of schemas."""


def is_note(word: str) -> bool:
    """Tell whether a keyword says nothing about which values are valid."""
    return word in ANNOTATIONS or word in _VENDOR or word.startswith("x-")
