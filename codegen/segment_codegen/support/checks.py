"""What a schema demands of one value beyond what a model holds.

Each check is one keyword of JSON Schema over plain JSON values, and says nothing about values of other types
than its own. Equality is JSON's: 1 is 1.0, and true is not 1. No message holds a value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeGuard

from .texts import FORMATS

__all__ = [
    "Check",
    "Enum",
    "Format",
    "Length",
    "Multiple",
    "Never",
    "Pattern",
    "Problem",
    "Range",
    "Required",
    "Step",
    "Type",
    "Unique",
]

Step = str | int


@dataclass(frozen=True)
class Problem:
    """What is wrong, where (the steps to it), and the value there, if there is one."""

    steps: tuple[Step, ...]
    message: str
    value: object = field(repr=False)
    is_missing: bool = False


class Check:
    """Something that a value fulfils or not."""

    def find(self, value: object, at: tuple[Step, ...] = ()) -> Iterator[Problem]:
        """Yield each problem of a value, which is `at` these steps."""
        if message := self.wrong(value):
            yield Problem(at, message, value)

    def holds(self, value: object) -> bool:
        """Tell whether the value has no problem."""
        return next(self.find(value), None) is None

    def wrong(self, value: object) -> str:  # noqa: ARG002 - for the subclasses that find one problem at most
        """Answer what is wrong with the value as a whole; empty where nothing is."""
        return ""

    def seen(self, value: object) -> set[Step]:  # noqa: ARG002 - most checks look at no member
        """Answer the keys, or the places, of the members that the check looked at and found good."""
        return set()


@dataclass(frozen=True)
class Never(Check):
    """Nothing is allowed."""

    def find(self, value: object, at: tuple[Step, ...] = ()) -> Iterator[Problem]:
        """Yield that it is not allowed."""
        yield Problem(at, "is not allowed here", value)


@dataclass(frozen=True, init=False)
class Type(Check):
    """One of JSON's types; 1.0 is an integer."""

    names: tuple[str, ...]

    def __init__(self, *names: str) -> None:
        object.__setattr__(self, "names", names)

    def wrong(self, value: object) -> str:
        """Answer which types are allowed."""
        return (
            "" if any(_TYPES[each](value) for each in self.names) else f"should be {' or '.join(self.names)}"
        )


@dataclass(frozen=True, init=False)
class Enum(Check):
    """One of these values."""

    keys: frozenset[Hashable]

    def __init__(self, *values: object) -> None:
        object.__setattr__(self, "keys", frozenset(map(_key, values)))

    def wrong(self, value: object) -> str:
        """Answer that the value is none of them."""
        return "" if _key(value) in self.keys else "is none of the listed values"


@dataclass(frozen=True, kw_only=True)
class Range(Check):
    """Limits of a number."""

    ge: float | None = None
    gt: float | None = None
    le: float | None = None
    lt: float | None = None

    def wrong(self, value: object) -> str:
        """Answer the limit that is passed."""
        if not _is_number(value):
            return ""
        if self.ge is not None and value < self.ge:
            return f"should be at least {self.ge}"
        if self.gt is not None and value <= self.gt:
            return f"should be greater than {self.gt}"
        if self.le is not None and value > self.le:
            return f"should be at most {self.le}"
        return f"should be less than {self.lt}" if self.lt is not None and value >= self.lt else ""


@dataclass(frozen=True)
class Multiple(Check):
    """A multiple of a number, as both are written in decimals."""

    of: float

    def wrong(self, value: object) -> str:
        """Answer what it should be a multiple of."""
        if not _is_number(value) or Fraction(str(value)) % Fraction(str(self.of)) == 0:
            return ""
        return f"should be a multiple of {self.of}"


@dataclass(frozen=True)
class Length(Check):
    """How many characters, items or keys a value of a type has."""

    type: str
    least: int = 0
    most: int | None = None

    def wrong(self, value: object) -> str:
        """Answer the limit that is passed."""
        if not isinstance(value, str | list | dict) or not _TYPES[self.type](value):
            return ""
        if len(value) < self.least:
            return f"should have at least {self.least} {_PARTS[self.type]}"
        if self.most is not None and len(value) > self.most:
            return f"should have at most {self.most} {_PARTS[self.type]}"
        return ""


@dataclass(frozen=True)
class Pattern(Check):
    """Text in which a regular expression, in Python's notation, is found."""

    pattern: str

    def wrong(self, value: object) -> str:
        """Answer that it is not found."""
        if not isinstance(value, str) or re.search(self.pattern, value, re.ASCII):
            return ""
        return "does not have the form that the schema demands"


@dataclass(frozen=True)
class Format(Check):
    """Text of a named format."""

    name: str

    def wrong(self, value: object) -> str:
        """Answer the name of the format."""
        return "" if not isinstance(value, str) or FORMATS[self.name](value) else f"is no {self.name}"


@dataclass(frozen=True)
class Unique(Check):
    """A list of which no two items are equal."""

    def wrong(self, value: object) -> str:
        """Answer that two are."""
        if not isinstance(value, list):
            return ""
        return "" if len(set(map(_key, value))) == len(value) else "holds an item twice"


@dataclass(frozen=True, init=False)
class Required(Check):
    """Keys that an object has."""

    names: tuple[str, ...]

    def __init__(self, *names: str) -> None:
        object.__setattr__(self, "names", names)

    def find(self, value: object, at: tuple[Step, ...] = ()) -> Iterator[Problem]:
        """Yield each key that is missing."""
        given = value if isinstance(value, dict) else dict.fromkeys(self.names)
        for name in self.names:
            if name not in given:
                yield Problem((*at, name), "is required", value, is_missing=True)


def _is_number(value: object) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


_TYPES: Mapping[str, Callable[[object], bool]] = {
    "null": lambda value: value is None,
    "boolean": lambda value: isinstance(value, bool),
    "integer": lambda value: _is_number(value) and (isinstance(value, int) or value.is_integer()),
    "number": _is_number,
    "string": lambda value: isinstance(value, str),
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
}
_PARTS = {"string": "characters", "array": "items", "object": "keys"}


def _key(value: object) -> Hashable:
    """Answer what is equal for equal JSON values, and for no others."""
    if isinstance(value, dict):
        return "object", frozenset((key, _key(item)) for key, item in value.items())
    if isinstance(value, list):
        return "array", tuple(map(_key, value))
    return isinstance(value, bool), value
