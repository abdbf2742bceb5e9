"""What is to be noted on disk, and could not be yet."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable

from segment_client.errors import SpoolError

__all__ = ["Owed"]

_log = logging.getLogger("segment_client")


class Owed:
    """Notes that are made in order, each once, as soon as the disk takes them. Thread-safe."""

    def __init__(self) -> None:
        self._notes: deque[Callable[[], object]] = deque()

    def add(self, note: Callable[[], object]) -> None:
        """Let a note be made by whoever comes next; it raises SpoolError where that is not possible yet."""
        self._notes.append(note)

    def settle(self) -> None:
        """Make all notes, or raise SpoolError at the first one that cannot be made."""
        while True:
            try:
                note = self._notes.popleft()
            except IndexError:
                return
            try:
                note()
            except SpoolError:
                self._notes.appendleft(note)
                raise

    def try_to_settle(self) -> None:
        """Make what notes can be made; log why others cannot."""
        try:
            self.settle()
        except SpoolError as error:
            _log.error("%s", error)
