"""Says in words what a property may hold."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from ..ir import Choice, Kind, ListOf, MapOf, Nullable, Reference, Scalar, Type, Union
from .pages import Limit

__all__ = ["as_json", "limit_words", "type_words"]

_KINDS: Mapping[Kind, str] = {
    "string": "text",
    "integer": "integer",
    "number": "number",
    "boolean": "true or false",
    "uuid": "UUID",
    "date-time": "date and time",
    "date": "date",
    "ipv4": "IPv4 address",
    "ipv6": "IPv6 address",
    "json": "any value",
    "value": "any value but null",
}
_BOUNDS = {
    "minimum": "at least",
    "exclusiveMinimum": "more than",
    "maximum": "at most",
    "exclusiveMaximum": "less than",
}
_SIZES = {
    ("minLength", "maxLength"): ("character", "characters"),
    ("minItems", "maxItems"): ("item", "items"),
    ("minProperties", "maxProperties"): ("key", "keys"),
}


def type_words(each: Type) -> str:
    """Answer a type as people say it: `list of text or null`."""
    match each:
        case Scalar(kind):
            return _KINDS[kind]
        case Choice(values):
            return "text" if all(isinstance(one, str) for one in values) else "one of the values"
        case ListOf(items):
            return f"list of {_grouped(items)}"
        case MapOf(values):
            return f"object, each key with {_grouped(values)}"
        case Reference():
            return "object"
        case Nullable(of):
            return f"{type_words(of)} or null"
        case Union(of):
            return " or ".join(dict.fromkeys(map(type_words, of)))


def limit_words(keywords: Mapping[str, object]) -> Iterator[Limit]:
    """Yield what the keywords of a schema demand of a value, beside its type."""
    bounds = [f"{words} {as_json(keywords[word])}" for word, words in _BOUNDS.items() if word in keywords]
    if bounds:
        yield Limit(", ".join(bounds))
    for (least, most), (one, many) in _SIZES.items():
        if least in keywords or most in keywords:
            yield Limit(_size(keywords.get(least), keywords.get(most), one, many))
    if "multipleOf" in keywords:
        yield Limit(f"a multiple of {as_json(keywords['multipleOf'])}")
    if "format" in keywords and keywords["format"] not in _KINDS:
        yield Limit("in the format", str(keywords["format"]))
    if "pattern" in keywords:
        yield Limit("matches", str(keywords["pattern"]))
    if keywords.get("uniqueItems") is True:
        yield Limit("no item twice")


def as_json(value: object) -> str:
    """Answer a value as JSON on one line."""
    return json.dumps(value, ensure_ascii=False)


def _size(least: object, most: object, one: str, many: str) -> str:
    if most is None:
        return f"{least} {one if least == 1 else many} or more"
    if not least:
        return f"at most {most} {one if most == 1 else many}"
    span = str(least) if least == most else f"{least} to {most}"
    return f"{span} {one if most == 1 else many}"


def _grouped(each: Type) -> str:
    words = type_words(each)
    return f"({words})" if isinstance(each, Nullable | Union) else words
