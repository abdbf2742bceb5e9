"""The files of a spool as the file system has them: the database, and what stands beside it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import cast

if sys.platform != "win32":
    import fcntl

__all__ = [
    "FILES",
    "add_to",
    "beside",
    "hold",
    "identity",
    "is_held",
    "keep_to_owner",
    "make_file",
    "move",
    "read",
    "size_of",
]

FILES = ("", "-wal", "-shm")
"""What SQLite adds to the name of a database for it, its log, and the memory that processes share."""

_OTHERS = 0o077


def beside(path: Path, suffix: str) -> Path:
    """Return the file with a longer name."""
    return path.with_name(path.name + suffix)


def identity(path: Path) -> tuple[int, int] | None:
    """Return what tells a file from one that takes its place, or None where there is none."""
    try:
        found = os.stat(path)  # noqa: PTH116  # half the time of Path.stat, for each event that is written
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def size_of(path: Path) -> int:
    """Return a file's bytes, 0 where it is missing; another process may take a log away at any moment."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def read(path: Path) -> bytes:
    """Return what is in a file, nothing where it is missing."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""


def make_file(path: Path, *, durable: bool) -> None:
    """Create a file that only its owner may read, before SQLite would create one that others may.

    One that is there is not opened: to close it again would end this process's locks on it.
    """
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        if durable and hasattr(os, "O_DIRECTORY"):
            folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)


def _writing() -> Callable[[int, bytes, int], int]:
    """Return the system's `write`, which keeps the interpreter, where ctypes has it; else Python's.

    `os.write` lets go of the interpreter for the two microseconds that a few hundred bytes take: one of the
    threads that wait for it is woken each time, in vain, which takes ten times as long.
    """
    try:
        import ctypes

        write = ctypes.PyDLL(None).write
        write.argtypes, write.restype = [ctypes.c_int, ctypes.c_char_p, ctypes.c_size_t], ctypes.c_ssize_t
    except (ImportError, OSError, TypeError, AttributeError):  # not on Windows, nor without ctypes

        def write_in_python(descriptor: int, content: bytes, _: int) -> int:
            try:
                return os.write(descriptor, content)
            except OSError:
                return -1

        return write_in_python
    return cast(Callable[[int, bytes, int], int], write)


_write = _writing()


def add_to(descriptor: int, content: bytes) -> bool:
    """Write at the end of an open file; return False if it was not written whole, as on a full disk."""
    return _write(descriptor, content, len(content)) == len(content)


def hold(descriptor: int) -> None:
    """Have a file known as held for as long as it is open, in this process or a copy of it."""
    if sys.platform != "win32":  # where nobody can delete what is open
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)


def is_held(path: Path) -> bool:
    """Say whether somebody holds a file, in whichever container."""
    if sys.platform != "win32":
        with path.open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
    return False


def keep_to_owner(path: Path) -> None:
    """Take from others what they may do with a database and the files beside it."""
    for file in (beside(path, suffix) for suffix in FILES):
        with suppress(FileNotFoundError):
            if file.stat().st_mode & _OTHERS:
                file.chmod(0o600)


def move(path: Path, target: Path, suffixes: Sequence[str] = FILES) -> None:
    """Rename a database and what is beside it, in the order of the suffixes, but for what is missing."""
    for suffix in suffixes:
        with suppress(FileNotFoundError):
            beside(path, suffix).replace(beside(target, suffix))
