"""Where received events are kept for good, beside the collector's own file: one small protocol.

A sink confirms: what `write` has returned from is kept, and the sender may forget it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from semantic_events import SemanticEvent

__all__ = ["Event", "Rejection", "Sink", "Unfit"]


class Event(Protocol):
    """A valid event, and its JSON."""

    @property
    def model(self) -> SemanticEvent:
        """The event."""
        ...

    @property
    def body(self) -> str:
        """The event's JSON, with `received_at`."""
        ...


class Rejection(Protocol):
    """A call that is no valid event."""

    @property
    def errors(self) -> Sequence[Mapping[str, object]]:
        """What is wrong, with its place: `path`, `message`, `type`."""
        ...

    @property
    def raw(self) -> str:
        """The call's JSON, "null" where it has none."""
        ...


@dataclass(frozen=True, slots=True)
class Unfit:
    """A valid event that a sink can never hold: its position in what was written, and why, without values."""

    position: int
    reason: str


class Sink(Protocol):
    """Keeps events and rejected calls. Safe to use from any thread."""

    def write(
        self, events: Sequence[Event], rejected: Sequence[Rejection], received_at: datetime
    ) -> Sequence[Unfit]:
        """Return when all is kept for good, but for the events that can never be, which are returned.

        The caller writes those again as rejected. Raises SinkError where something may not have been kept:
        everything may then be written again, and is to be known again by its `event_gid`.
        """
        ...

    def close(self) -> None:
        """Give up all resources; nothing is under way any more."""
