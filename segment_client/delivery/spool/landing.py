"""Events that have just come: appended to a file of their client, from which they are moved into the spool.

Threads append side by side, and none waits for another one. To write to the database takes three times as
long, and threads that do so together wait for each other. A file begins with a line that says whose it is.
"""

from __future__ import annotations

import json
import os
import re
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import astuple
from pathlib import Path
from typing import NamedTuple

from segment_client.delivery.spool.files import add_to, beside, hold
from segment_client.delivery.spool.frame import Framed, heads, unpack
from segment_client.delivery.spool.holder import Holder
from segment_client.errors import SpoolError

__all__ = ["LARGEST", "Found", "LandedFile", "Landing", "frames_in", "landed_files", "owner_of"]

LARGEST = 33 * 1024
"""Bytes of the longest frame that lands; longer ones, of no usual event, go into the spool itself."""

_MARK = "-new-"
_MOST = 512
"""Frames in one file at most: whoever finds it full moves them."""

_LOOKS = 10_000
_PAUSE = 1e-4
"""How often to look whether threads are in the middle of a write, and the seconds to the next look. Looks are
counted, not time: after the whole process stood still the others have theirs, too.
"""


class Found(NamedTuple):
    """An event in a file, and where it ends."""

    end: int
    frame: bytes
    framed: Framed


class LandedFile:
    """One file: what was written to it is in `frames` too, for as long as its client lives.

    Nothing is begun in it any more once it `is_full`.
    """

    __slots__ = ("descriptor", "frames", "is_full", "number", "path")

    def __init__(self, spool: Path, holder: Holder, number: int) -> None:
        self.path = path = beside(spool, f"{_MARK}{holder.id}-{number}")
        self.number = number
        self.frames: list[bytes] = []
        self.is_full = False
        self.descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
        try:
            hold(self.descriptor)
            if not add_to(self.descriptor, json.dumps(astuple(holder)).encode() + b"\n"):
                raise OSError(f"{path} cannot be written")
        except BaseException:  # what a signal handler raises, too
            self.remove()
            raise

    @property
    def is_open(self) -> bool:
        """Whether it was not removed yet."""
        return self.descriptor >= 0

    def content(self) -> bytes:
        """Return what is on disk."""
        return os.pread(self.descriptor, self.size(), 0)

    def size(self) -> int:
        """Return how many bytes that is."""
        return os.fstat(self.descriptor).st_size

    def remove(self) -> None:
        """Close and delete it."""
        if self.is_open:
            descriptor, self.descriptor = self.descriptor, -1
            os.close(descriptor)
        self.path.unlink(missing_ok=True)


class Landing:
    """The files of one client, of which one at a time takes frames. Thread-safe.

    A call that writes says so in `_writing` before it looks whether the file is full: who then finds none
    there has all frames of the file. `_kept` is how many frames were in files that are gone, and the others:
    always set as one, so that nobody needs the lock to count.
    """

    def __init__(self, spool: Path, holder: Holder) -> None:
        self._spool = spool
        self._holder = holder
        self._number = 0
        self._most = 0
        self._file: LandedFile | None = None
        self._kept: tuple[int, tuple[LandedFile, ...]] = (0, ())
        self._writing: dict[int, LandedFile] = {}
        self._lock = threading.RLock()  # a signal handler may track
        self._is_closed = False

    def open(self, room: int) -> None:
        """Take on frames of so many bytes in all, where a file can be made; not after close."""
        with self._lock:
            self._most = min(_MOST, room // LARGEST)
            if self._file is None and self._most > 0 and not self._is_closed:
                self._number += 1
                with suppress(OSError):  # then they go into the spool, which tells what is the matter
                    file = LandedFile(self._spool, self._holder, self._number)
                    gone, files = self._kept
                    self._kept = gone, (*files, file)
                    self._file = file

    def append(self, frame: bytes) -> bool:
        """Return True when a frame is on disk, and False if there is no place for it here.

        What a signal handler raises may end it anywhere; call `leave` then.
        """
        if len(frame) > LARGEST:
            return False
        call = id(frame)
        try:
            while (file := self._file) is not None and len(file.frames) < self._most:
                self._writing[call] = file
                if not file.is_full:
                    if not add_to(file.descriptor, frame):
                        break  # on a full disk, say: the spool tells
                    file.frames.append(frame)
                    return True
        finally:
            self._writing.pop(call, None)
        self._end_file()
        return False

    def leave(self, frame: bytes) -> None:
        """Note that the call for a frame is over."""
        self._writing.pop(id(frame), None)

    def count(self) -> int:
        """Return how many frames were appended so far."""
        gone, files = self._kept
        return gone + sum([len(file.frames) for file in files])

    @property
    def waiting(self) -> int:
        """How many frames are to be moved."""
        return sum([len(file.frames) for file in self._kept[1]])

    def take(self) -> Iterator[LandedFile]:
        """Yield the files that have frames, oldest first; nothing is written to them any more.

        Raises SpoolError at one that a thread does not end to write to: what came after it has to wait.
        """
        file = self._file
        if file is not None and file.frames:
            self._end_file()
        for file in self._kept[1]:
            if file.is_full:
                self._wait_until_quiet(file)
                yield file

    def remove(self, file: LandedFile) -> None:
        """Delete a file whose frames are in the spool."""
        file.remove()
        with self._lock:
            gone, files = self._kept
            if file in files:
                self._kept = gone + len(file.frames), tuple(other for other in files if other is not file)

    def close(self, *, for_good: bool) -> None:
        """Let go of the file that takes frames; what was appended is to be taken all the same."""
        self._is_closed |= for_good
        self._end_file()
        for file in self.take():
            if not file.frames:
                self.remove(file)

    def _end_file(self) -> None:
        with self._lock:
            if self._file is not None:
                self._file.is_full = True
                self._file = None

    def _wait_until_quiet(self, file: LandedFile) -> None:
        for _ in range(_LOOKS):
            if file not in self._writing.copy().values():
                return
            time.sleep(_PAUSE)
        raise SpoolError(
            f"what has come cannot be moved into the spool {self._spool}: a thread stands in the middle of a"
            " call; send again later, and track nothing from a signal handler"
        )


def landed_files(spool: Path) -> list[tuple[Path, int, int]]:
    """Return the files beside a spool, of whichever client: with the id of its holder, and their number."""
    name = re.compile(re.escape(spool.name + _MARK) + r"(\d+)-(\d+)")
    try:
        with os.scandir(spool.parent) as entries:
            found = [(Path(entry.path), name.fullmatch(entry.name)) for entry in entries]
    except OSError:  # there is no such folder, or it is not ours: whoever opens the spool is told
        return []
    files = [(path, int(match[1]), int(match[2])) for path, match in found if match]
    return sorted(files, key=lambda file: file[1:])


def owner_of(line: bytes) -> Holder | None:
    """Return whose file it is, by its first line; None where that was not written yet, or is damaged."""
    try:
        number, pid, started, place = json.loads(line)
        return Holder(int(number), int(pid), str(started), str(place))
    except (ValueError, TypeError):
        return None


def frames_in(content: bytes, start: int = 0) -> Iterator[Found]:
    """Yield each event that is whole, from a place on."""
    end = start
    for place, length in heads(content, start):
        frame = content[place : place + length]
        if place >= end and (framed := unpack(frame)) is not None:
            end = place + length
            yield Found(end, frame, framed)
