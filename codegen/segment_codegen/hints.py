"""Annotations for what callers pass: wider than the models, which hold what was parsed."""

from __future__ import annotations

from collections.abc import Collection

from .ir import Choice, Kind, ListOf, MapOf, Nullable, Property, Reference, Scalar, Type, Union
from .naming import ClassName, Code, literal, plain

__all__ = ["DICT_SUFFIX", "input_hint", "property_hint"]

DICT_SUFFIX = "Dict"
"""A model's TypedDict has the model's name and this."""

_SCALARS: dict[Kind, str] = {
    "string": "str",
    "integer": "int",
    "number": "float",
    "boolean": "bool",
    "uuid": "UUID | str",
    "date-time": "dt.datetime | str",
    "date": "dt.date | str",
    "ipv4": "IPv4Address | str",
    "ipv6": "IPv6Address | str",
    "json": "object",
    "value": "object",
}


def property_hint(each: Property, is_open: Collection[ClassName] = ()) -> Code:
    """Answer the annotation of a property, with a mark where it is deprecated."""
    hint = input_hint(each.type, is_open)
    return Code(f"Annotated[{hint}, _deprecated({literal(plain(each.advice))})]") if each.deprecated else hint


def input_hint(each: Type, is_open: Collection[ClassName] = ()) -> Code:
    """Answer the annotation of a parameter or TypedDict key; objects among `is_open` take any mapping too."""
    match each:
        case Scalar(kind):
            return Code(_SCALARS[kind])
        case Choice(values):
            return Code(f"Literal[{', '.join(map(literal, values))}]")
        case ListOf(items):
            return Code(f"Sequence[{input_hint(items, is_open)}]")
        case MapOf(values):
            return Code(f"Mapping[str, {input_hint(values, is_open)}]")
        case Reference(name):
            free = " | Mapping[str, object]" if name in is_open else ""
            return Code(f"{name} | {name}{DICT_SUFFIX}{free}")
        case Nullable(of):
            return Code(f"{input_hint(of, is_open)} | None")
        case Union(of):
            return Code(" | ".join(dict.fromkeys(input_hint(one, is_open) for one in of)))
