"""What a generated package says of events: which there are, in which versions, and what each refuses."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from typing import Any, Literal, Protocol

from pydantic import BaseModel, ValidationError

__all__ = ["Catalogue", "Described", "Version"]


class Described(Protocol):
    """An event as a generated package has it; each package has a class of its own for it."""

    @property
    def section(self) -> Literal["properties", "traits"]:
        """What of the call the schema is about."""

    @property
    def model(self) -> type[BaseModel]:
        """The model of the section."""

    def refusal(self, values: Mapping[str, Any]) -> ValidationError | None:
        """Return what is wrong with the section, or None."""


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an event; its code is imported when `described` is called first."""

    name: str
    described: Callable[[], Described]


class Catalogue:
    """The events of a package by call type and name ("" for a call that has none), newest version first."""

    def __init__(self, events: Mapping[tuple[str, str], Sequence[Version]]) -> None:
        self.events = events
        self._tracked = [name for kind, name in events if kind == "track"]
        self.nearest = lru_cache(maxsize=1000)(self._nearest)

    def __len__(self) -> int:
        return len(self.events)

    def versions(self, call_type: str, name: str) -> Sequence[Version]:
        """Return the versions of an event, or of its call where that is described; else none."""
        return self.events.get((call_type, name)) or self.events.get((call_type, "")) or ()

    def _nearest(self, name: str) -> str | None:
        """Return the name of the tracked event that is most like another name, None where none is."""
        return next(iter(get_close_matches(name[:200], self._tracked, 1)), None)
