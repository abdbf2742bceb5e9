"""Archived calls, examined and kept in groups, with counts and the place of each bad one."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from segment_client.collector.examine import Accepted, Rejected, examine
from segment_client.commands.archive import Entry
from segment_client.errors import InvalidValueError, SinkError
from segment_client.wire import Identity

__all__ = ["TOGETHER", "Bad", "Keep", "Loader"]

TOGETHER = 1000
"""How many calls are kept at once."""

_WAITS = (1.0, 2.0, 4.0, 8.0)
_NOBODY = UUID(int=0)

Keep = Callable[[Sequence[Accepted | Rejected]], Sequence[Accepted | Rejected]]
"""Keeps calls for good and returns them, with those that it cannot hold rejected; raises SinkError."""


@dataclass(frozen=True, slots=True)
class Bad:
    """A call that is no valid event: where it stands, and what is wrong first."""

    where: str
    error: str


@dataclass
class Loader:
    """Takes entries on; `entity_gid` and `partition` are for calls that name none.

    `bad` is told of each call that is no valid event, once it is kept as rejected.
    """

    keep: Keep
    entity_gid: UUID | None
    partition: str
    bad: Callable[[Bad], None]
    sleep: Callable[[float], None] = time.sleep
    loaded: int = 0
    rejected: int = 0
    done: int = 0
    _waiting: list[tuple[str, Accepted | Rejected]] = field(default_factory=list)

    def load(self, file: Path, entries: Iterable[Entry]) -> None:
        """Load the entries of a file; `done` is the number of the last that is kept.

        Raises InvalidValueError for a call that needs an entity where none was given and for entries that end
        so, once those before are kept; SinkError where what keeps the events does not confirm them, at the
        fifth attempt.
        """
        self.done, last = 0, 0
        try:
            for entry in entries:
                if len(self._waiting) >= TOGETHER:
                    self._flush(last)
                examined = [self._examine(call, file, entry) for call in entry.calls.calls]
                self._waiting += [(f"{file}:{entry.number}", call) for call in examined]
                last = entry.number
        except InvalidValueError:
            self._flush(last)
            raise
        self._flush(last)

    def _examine(self, call: object, file: Path, entry: Entry) -> Accepted | Rejected:
        identity = Identity(self.entity_gid or _NOBODY, self.partition)
        examined = examine(call, identity, _received(call), entry.calls.sent_at)
        if isinstance(examined, Accepted) and self.entity_gid is None and examined.entity_gid == str(_NOBODY):
            raise InvalidValueError(
                f"{file}:{entry.number} names no entity: pass --entity-gid, or --write-key to derive it from"
            )
        return examined

    def _flush(self, last: int) -> None:
        if not self._waiting:
            return
        kept = self._keep([call for _, call in self._waiting])
        for (where, _), call in zip(self._waiting, kept, strict=True):
            if isinstance(call, Rejected):
                self.rejected += 1
                error = call.errors[0]
                self.bad(Bad(where, ": ".join(filter(None, (error["path"], error["message"])))))
            else:
                self.loaded += 1
        self._waiting, self.done = [], last

    def _keep(self, calls: Sequence[Accepted | Rejected]) -> Sequence[Accepted | Rejected]:
        for wait in _WAITS:
            try:
                return self.keep(calls)
            except SinkError:
                self.sleep(wait)
        return self.keep(calls)


def _received(call: object) -> datetime:
    """Return when an archived event of either format was received, now where it does not say it."""
    said = call.get("received_at") or call.get("receivedAt") if isinstance(call, dict) else None
    try:
        moment = datetime.fromisoformat(said) if isinstance(said, str) else None
    except ValueError:
        moment = None
    return moment if moment is not None and moment.tzinfo is not None else datetime.now(UTC)
