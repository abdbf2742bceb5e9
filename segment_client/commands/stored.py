"""What a collector's file holds, as requests that send it on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from segment_client.collector.store import Store
from segment_client.collector.whole import whole_call
from segment_client.commands.replayed import Replayed, in_batch

__all__ = ["Stored", "is_store"]

_MAGIC = b"SQLite format 3\0"
_PART = 100


def is_store(file: Path) -> bool:
    """Tell whether a file is one of SQLite."""
    try:
        with file.open("rb") as opened:
            return opened.read(len(_MAGIC)) == _MAGIC
    except OSError:  # who reads it next says why
        return False


class Stored:
    """The events of a collector's file, oldest first; its collector may run. Raises InvalidValueError."""

    def __init__(self, file: Path) -> None:
        self._store = Store(file)
        self.count = self._store.find.stored()

    def requests(self, endpoint: str, key: str, skip: int) -> Iterator[Replayed]:
        """Yield requests of some events each, as they came, all but the first `skip` events."""
        after, left = 0, skip
        while rows := self._store.find.oldest(after, _PART if not left else min(left, 10 * _PART)):
            after = rows[-1][0]
            if left:
                left -= len(rows)
            else:
                yield from in_batch([whole_call(*row[1:]) for row in rows], endpoint, key)

    def close(self) -> None:
        """Close the file."""
        self._store.close()
