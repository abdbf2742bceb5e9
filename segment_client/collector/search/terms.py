"""A search as data: terms that must all hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = [
    "FIELDS",
    "MARKS",
    "Condition",
    "Field",
    "FieldName",
    "Mark",
    "MarkName",
    "Search",
    "Term",
    "Text",
    "Time",
]

FieldName = Literal["type", "event", "user", "user_id", "anonymous_id", "message_id", "test_id"]
MarkName = Literal["error", "warning", "repeat"]

FIELDS: tuple[FieldName, ...] = (
    "type", "event", "user", "user_id", "anonymous_id", "message_id", "test_id",
)  # fmt: skip
"""What a call can be found by; `user` is its user id or its anonymous id."""

MARKS: tuple[MarkName, ...] = ("error", "warning", "repeat")
"""What became of a call: it was rejected, accepted with warnings, or sent more than once."""


@dataclass(frozen=True, slots=True)
class Text:
    """Text anywhere in the call as it came, in the event's name, its message id, or its errors."""

    text: str


@dataclass(frozen=True, slots=True)
class Field:
    """A field's value: exactly this text, or with `pattern` one where each `*` stands for any text."""

    name: FieldName
    value: str
    pattern: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """What became of the call."""

    name: MarkName


@dataclass(frozen=True, slots=True)
class Time:
    """Received at or after, or before, a time in microseconds since 1970 (UTC)."""

    side: Literal["after", "before"]
    microseconds: int


Condition = Text | Field | Mark | Time


@dataclass(frozen=True, slots=True)
class Term:
    """A condition that must hold, or with `denied` must not."""

    condition: Condition
    denied: bool = False


@dataclass(frozen=True, slots=True)
class Search:
    """Terms that must all hold; none is a search for everything."""

    terms: tuple[Term, ...] = ()
