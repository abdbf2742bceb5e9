"""What the store is given, and what it gives back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from segment_client.collector.examine import Accepted, Rejected
from segment_client.collector.head import Head

__all__ = ["Changes", "Page", "Received", "Row", "Saved", "StoredCall"]

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Received:
    """The calls of one request, its head, and when it came (aware)."""

    calls: Sequence[Accepted | Rejected]
    head: Head
    now: datetime


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of one request's calls, and the number of the last change."""

    stored: int
    duplicates: int
    rejected: int
    last: int


@dataclass(frozen=True, slots=True)
class Row:
    """A call in a list: `change` is the number of its last change, `issues` a JSON list or None,
    `values` an accepted call's properties or traits as JSON, None for none and for a very large one.
    `received` is in microseconds since 1970. What a rejected call does not say is None.
    """

    seq: int
    change: int
    accepted: bool
    type: str | None
    event: str | None
    user_id: str | None
    anonymous_id: str | None
    message_id: str | None
    test_id: str
    received: int
    repeats: int
    issues: str | None
    values: str | None


@dataclass(frozen=True, slots=True)
class StoredCall:
    """A call with everything that is kept of it: JSON texts, and the request that it came in.

    `body` is the SemanticEvent, None for a rejected call; `headers` is a JSON list of pairs.
    """

    row: Row
    body: str | None
    raw: str
    method: str | None
    path: str | None
    headers: str | None


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """Found items, newest first, and the cursor of the older rest; None where there is none."""

    items: list[Item]
    next: int | None


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed after a number, oldest change first, up to the number `last`.

    With `cleared` the store was emptied in between. With `gap` there is more than was asked for, and none of
    it is in `rows`.
    """

    rows: list[Row]
    last: int
    cleared: bool
    gap: bool
