"""Moves events from where they have landed into the spool: each once, whatever ends in between."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from functools import partial

from segment_client.delivery.spool.connection import Translated
from segment_client.delivery.spool.database import Database
from segment_client.delivery.spool.holder import Holder
from segment_client.delivery.spool.landing import LandedFile, Landing, frames_in
from segment_client.delivery.spool.schema import (
    Execute,
    forget_landed,
    insert_all,
    introduce,
    landed_up_to,
    note_landed,
)

__all__ = ["Mover"]


class Mover:
    """Moves what has landed of one client. What is in the spool is noted there with it, and deleted then.

    `find_room` looks how many bytes may land before the next move.
    """

    def __init__(
        self,
        database: Database,
        landing: Landing,
        holder: Holder,
        destination: int,
        find_room: Callable[[Execute], int],
    ) -> None:
        self._database = database
        self._landing = landing
        self._holder = holder
        self._destination = destination
        self._find_room = find_room
        self._lock = threading.RLock()  # a signal handler may track
        self._translated = Translated(database.path)
        self._deleted: list[int] = []
        self._pid = os.getpid()

    def move(self) -> None:
        """Move all that has landed before; raises SpoolError where that cannot be, and then it stays."""
        with self._lock:
            self._move()

    def land(self, frame: bytes) -> bool:
        """Have a frame land after what is in its way has been moved; return False where it cannot."""
        if self._landing.append(frame):
            return True
        with self._lock:  # another thread may have moved all meanwhile
            if self._landing.append(frame):
                return True
            self._move()
        return self._landing.append(frame)

    def _move(self) -> None:
        if os.getpid() != self._pid:
            return  # in a copy of the process they are the parent's
        for file in self._landing.take():
            if file.frames and file.is_open:
                deleted = len(self._deleted)
                self._landing.open(self._database.run(partial(self._put_in, file)))
                del self._deleted[:deleted]
            with self._translated:
                self._landing.remove(file)
            self._deleted.append(file.number)

    def forget(self, execute: Execute) -> None:
        """Delete the notes of files that are deleted."""
        for number in self._deleted:
            forget_landed(execute, self._holder.id, number)

    def _put_in(self, file: LandedFile, execute: Execute) -> int:
        introduce(execute, self._holder)
        self.forget(execute)
        frames = file.frames
        moved = landed_up_to(execute, self._holder.id, file.number)
        if moved is not None:  # another client has adopted it
            frames = [found.frame for found in frames_in(file.content(), moved)]
        insert_all(execute, self._destination, self._holder.id, frames)
        note_landed(execute, self._holder.id, file.number, file.size())
        return self._find_room(execute)
