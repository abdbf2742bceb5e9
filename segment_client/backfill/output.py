"""Where a backfill writes: an output is sent to the workers, and opened there for each part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from segment_client.backfill.journal import Plan
from segment_client.backfill.judged import Flaw
from segment_client.backfill.parts import Part

__all__ = ["Output", "Reject", "Writer"]

Reject = tuple[str, int, Sequence[Flaw], str]
"""File, position, flaws and raw text of what was rejected."""


class Writer(Protocol):
    """Writes a part."""

    def write(self, rows: Sequence[Mapping[str, object]], rejected: Sequence[Reject]) -> None:
        """Write sparse rows of events, and what was rejected."""
        ...


class Output(Protocol):
    """A place for events and rejects. A part that is written there again is there once."""

    @property
    def journal(self) -> Path:
        """The folder of the journal."""
        ...

    @property
    def into(self) -> str:
        """What the journal says of where the rows are, "" for beside it."""
        ...

    def prepare(self) -> None:
        """Make ready, once, before any part is written; raises InvalidValueError where that cannot be."""
        ...

    def open(self, part: Part, plan: Plan) -> AbstractContextManager[Writer]:
        """Return what writes a part; all of it is there when that is left without an error."""
        ...

    def __str__(self) -> str:
        """Say where to look."""
        ...
