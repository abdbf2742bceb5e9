"""Tells a spool from any other file by its first bytes, without SQLite and without a change to it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

from segment_client.delivery.spool import forks
from segment_client.delivery.spool.files import beside
from segment_client.delivery.spool.frame import MAGIC
from segment_client.delivery.spool.landing import landed_files
from segment_client.delivery.spool.log import PAGE_BYTES
from segment_client.delivery.spool.schema import APPLICATION_ID
from segment_client.errors import InvalidValueError

__all__ = ["Condition", "check_is_spool", "condition_of"]

_SQLITE = b"SQLite format 3\0"
_OUR_ID = APPLICATION_ID.to_bytes(4)
_MARK = re.compile(_SQLITE + rb".{52}" + re.escape(_OUR_ID) + b"|" + re.escape(MAGIC), re.DOTALL)
"""A database's header with our id at its place (https://sqlite.org/fileformat2.html), or a frame."""

_FIXED = re.compile(
    re.escape(_SQLITE + PAGE_BYTES.to_bytes(2))
    + rb"(\x01\x01|\x02\x02)\0@  .{20}\0\0\0[\x01-\x04].{8}\0\0\0\x01.{8}"
    + re.escape(_OUR_ID),
    re.DOTALL,
)
"""What a spool's header says of its format; SQLite would refuse most of what else stood there, for good."""

_ID = slice(68, 72)
_NO_ID = bytes(4)

Condition = Literal["new", "spool", "damaged", "foreign"]
"""What a file is: not there or empty, a spool, one that is damaged, or a database that seems to be none."""

_ADVICE = "name the file that a client has as its spool"
_HEADER_BYTES = 100
_BLOCK_BYTES = 1 << 20


def condition_of(path: Path) -> Condition:
    """Say what a file is by its header, and where that is not a spool's, by the events in it or its log."""
    try:
        with path.open("rb") as opened:
            header = opened.read(_HEADER_BYTES)
    except FileNotFoundError:
        return "new"
    if not header:
        return "new"
    if _FIXED.match(header):
        return "spool"
    if header[_ID] == _OUR_ID or not header.startswith(_SQLITE) or _is_marked(path):
        return "damaged"
    log = beside(path, "-wal")
    has_other_id = header[_ID] != _NO_ID  # a new file has none, until the log is written into it
    return "damaged" if has_other_id and log.is_file() and _is_marked(log) else "foreign"


def check_is_spool(path: Path) -> None:
    """Raise InvalidValueError for what is no spool: to open it as one would set it aside as damaged.

    A spool whose header is damaged is recognized by the events in it. `path` is absolute.
    """
    if forks.is_open_here(path):
        return  # it was recognized then, and to read it here would end this process's locks on it
    files = [beside(path, suffix) for suffix in ("", "-wal", ".salvaging", ".salvaging-wal")]
    files += [landed for landed, _, _ in landed_files(path)]
    try:
        if not any(file.exists() for file in files):
            raise InvalidValueError(f"{path} is not there: {_ADVICE}")
        if not any(file.is_file() and _is_marked(file) for file in files):
            raise InvalidValueError(f"{path} is no spool: {_ADVICE}")
    except OSError as error:
        text = f"{path} cannot be read ({error.strerror}): check its permissions, or run this as its owner"
        raise InvalidValueError(text) from None


def _is_marked(file: Path) -> bool:
    """Look for the header of a spool, which a log alone may have, and for an event."""
    before = b""
    with file.open("rb") as opened:
        while block := opened.read(_BLOCK_BYTES):
            if _MARK.search(before + block):
                return True
            before = block[-_HEADER_BYTES:]
    return False
