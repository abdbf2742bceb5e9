"""What the catalogue says, as Markdown or HTML: raw text of the plan, which each of them makes inert."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

__all__ = ["EventPage", "Limit", "PropertyRow", "Site", "Value"]


@dataclass(frozen=True)
class Limit:
    """What a value has to be beside its type, in words, and after them code; "" where there is none."""

    words: str
    code: str = ""


@dataclass(frozen=True)
class Value:
    """A value that is allowed, as JSON, and what it means; "" where nobody says it."""

    json: str
    meaning: str = ""


@dataclass(frozen=True)
class PropertyRow:
    """A property: the way to it (`products[].price`), and what may be there, in words."""

    path: str
    depth: int
    type: str
    is_required: bool
    is_personal: bool
    is_deprecated: bool
    description: str
    limits: Sequence[Limit] = ()
    values: Sequence[Value] = ()
    examples: Sequence[str] = ()


@dataclass(frozen=True)
class EventPage:
    """An event. Its method is its anchor and its file's name; `code` is a call of it that can be copied.

    `is_complete` tells that the code sends an event that the schema accepts as it stands.
    """

    method: str
    type: str
    name: str
    version: str
    is_current: bool
    is_deprecated: bool
    is_open: bool
    has_conditions: bool
    description: str
    code: str
    is_complete: bool
    schema: str
    rows: Sequence[PropertyRow]

    @property
    def title(self) -> str:
        """What the event is called: by its name, or by the call that has none."""
        return self.name or self.type

    @property
    def is_personal(self) -> bool:
        """Whether it holds personal data."""
        return any(each.is_personal for each in self.rows)


@dataclass(frozen=True)
class Site:
    """The whole catalogue: what plan it is of, how a program gets `events`, and its events by title."""

    title: str
    plan: str
    version: str
    setup: str
    events: Sequence[EventPage] = field(default_factory=tuple)

    @property
    def types(self) -> Sequence[str]:
        """The calls that the events make."""
        return sorted({each.type for each in self.events})

    @property
    def has_personal(self) -> bool:
        """Whether any event holds personal data."""
        return any(each.is_personal for each in self.events)

    @property
    def has_deprecated(self) -> bool:
        """Whether anything is deprecated."""
        return any(each.is_deprecated or any(row.is_deprecated for row in each.rows) for each in self.events)
