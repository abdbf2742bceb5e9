"""What a schema says, with its references resolved and its notation gone: the one input of all output."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from .naming import ClassName, Code, FieldName, MethodName, ParameterName

__all__ = [
    "CALL_TYPES",
    "SECTIONS",
    "UNWANTED",
    "CallType",
    "Choice",
    "Contract",
    "Event",
    "Kind",
    "Limits",
    "ListOf",
    "MapOf",
    "Nullable",
    "ObjectType",
    "Property",
    "Reference",
    "Scalar",
    "Section",
    "Type",
    "Union",
]

CallType = Literal["identify", "track", "page", "group", "screen", "alias"]
CALL_TYPES: tuple[CallType, ...] = ("identify", "track", "page", "group", "screen", "alias")

UNWANTED = "its tracking plan wants no new code to send it"
"""What is said of what is deprecated, where the plan says no more."""

Section = Literal["properties", "traits"]
SECTIONS: Mapping[CallType, Section] = {
    "identify": "traits",
    "track": "properties",
    "page": "properties",
    "group": "traits",
    "screen": "properties",
}
"""The keyword under which a call carries what an event's schema describes; alias carries nothing."""

Kind = Literal[
    "string", "integer", "number", "boolean", "uuid", "date-time", "date", "ipv4", "ipv6", "json", "value"
]
"""A scalar's type: JSON's own, a text format, or free JSON (`json` with null, `value` without)."""

Limits = Mapping[str, object]
"""Validation keywords of JSON Schema and their values, such as `{"minLength": 1}`."""


@dataclass(frozen=True)
class Scalar:
    """A value with nothing inside that the schema describes."""

    kind: Kind
    limits: Limits = field(default_factory=dict)


@dataclass(frozen=True)
class Choice:
    """One of these values (`enum`, `const`)."""

    values: tuple[str | int | bool, ...]


@dataclass(frozen=True)
class ListOf:
    """An array whose items are all of one type."""

    items: Type
    limits: Limits = field(default_factory=dict)


@dataclass(frozen=True)
class MapOf:
    """An object with free keys whose values are all of one type."""

    values: Type


@dataclass(frozen=True)
class Reference:
    """One of the contract's or the event's objects."""

    name: ClassName


@dataclass(frozen=True)
class Nullable:
    """The type, or null."""

    of: Type


@dataclass(frozen=True)
class Union:
    """A value of any of these types, which a value of Python tells apart."""

    of: tuple[Type, ...]


Type = Scalar | Choice | ListOf | MapOf | Reference | Nullable | Union


@dataclass(frozen=True)
class Property:
    """A property: its name on the wire and in Python, its type, and its annotations (`x-...`) as written.

    `personal` is data about a person; `deprecated` is not to be sent by new code.
    """

    wire: str
    name: FieldName
    type: Type
    required: bool
    doc: str
    read_only: bool = False
    annotations: Mapping[str, object] = field(default_factory=dict)
    personal: bool = False
    deprecated: bool = False

    @property
    def note(self) -> str:
        """The description, and before it that the property is deprecated."""
        return f"Deprecated. {self.doc}".rstrip() if self.deprecated else self.doc

    @property
    def advice(self) -> str:
        """What the mark of a deprecated property says; empty for any other."""
        return (self.doc or UNWANTED) if self.deprecated else ""


@dataclass(frozen=True)
class ObjectType:
    """An object with listed properties; where it has `extras`, it takes custom keys too, with such values.

    `at` is the JSON pointer of an event's object from the schema of the event, which has "" itself.
    """

    name: ClassName
    doc: str
    properties: tuple[Property, ...]
    extras: Literal["json", "value"] | None = None
    at: str = ""

    @property
    def is_open(self) -> bool:
        """Whether it takes custom keys."""
        return self.extras is not None


@dataclass(frozen=True)
class Event:
    """An event of the catalogue: `name` is its name on the wire, "" where the call has none.

    Its properties, or traits, are the last of `objects`; `keywords` are those of its method by wire name.
    `check` is the expression of what the models do not hold of its schema, and `definitions` are those that
    it names. One that is not `is_current` is an older version, or a deprecated one, of another event.
    `digest` is of what the plan says of it, whatever names it gets in Python.
    """

    type: CallType
    name: str
    version: str
    method: MethodName
    doc: str
    objects: tuple[ObjectType, ...]
    deprecated: bool = False
    is_current: bool = field(default=True, repr=False)
    keywords: Mapping[str, ParameterName] = field(default_factory=dict)
    check: Code | None = None
    definitions: Mapping[str, Code] = field(default_factory=dict)
    digest: str = field(default="", repr=False)

    @property
    def properties(self) -> ObjectType:
        """The object of the event's own properties."""
        return self.objects[-1]

    @property
    def current(self) -> str:
        """The identity of the event's current version: `track/Order Completed`."""
        return f"{self.type}/{self.name}"

    @property
    def identity(self) -> str:
        """What tells the event from every other of the plan: a version that is not current says so."""
        return self.current if self.is_current else f"{self.current}@{self.version}"


@dataclass(frozen=True)
class Contract:
    """What the SemanticEvent is, the last of `objects`; `annotations` are those of the schema itself."""

    version: str
    objects: tuple[ObjectType, ...]
    annotations: Mapping[str, object] = field(default_factory=dict)

    @property
    def root(self) -> ObjectType:
        """The SemanticEvent."""
        return self.objects[-1]

    def object(self, name: ClassName) -> ObjectType:
        """Answer the object of this name."""
        return next(each for each in self.objects if each.name == name)
