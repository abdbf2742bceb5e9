"""What the comparison of two schemas finds."""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import pointer
from ..places import Place, Step

__all__ = ["Found", "Keys", "Spot", "spot"]

Keys = tuple[str, ...]
"""The keys that lead to a property; `*` is any item or key."""


@dataclass(frozen=True, order=True)
class Spot:
    """A place in a file, by its JSON pointer."""

    file: str
    pointer: str

    def __str__(self) -> str:
        return f"{self.file}#{self.pointer}"


@dataclass(frozen=True, order=True)
class Found:
    """A change: the rule's name, the keys that lead to the property, what changed, and where.

    `old` and `new` are where the change is, or the nearest place around.
    `is_proved` where the new schema, there or around, provably accepts all that the old one did.
    """

    path: Keys
    rule: str
    message: str
    old: Spot
    new: Spot
    is_proved: bool = False


def spot(place: Place, *steps: Step) -> Spot:
    """Answer where a place is, or one some steps further down."""
    return Spot(place.document.file, pointer(*place.steps, *steps))
