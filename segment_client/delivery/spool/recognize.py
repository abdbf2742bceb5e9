"""Tells a spool from any other file, without SQLite and without a change to it."""

from __future__ import annotations

import re
from pathlib import Path

from segment_client.delivery.spool import forks
from segment_client.delivery.spool.frame import MAGIC
from segment_client.delivery.spool.schema import APPLICATION_ID
from segment_client.errors import InvalidValueError

__all__ = ["check_is_spool"]

_MARK = re.compile(
    rb"SQLite format 3\0.{52}" + re.escape(APPLICATION_ID.to_bytes(4)) + b"|" + re.escape(MAGIC), re.DOTALL
)
"""A database's header with our id at its place (https://sqlite.org/fileformat2.html), or a frame."""

_ADVICE = "name the file that a client has as its spool"
_HEADER_BYTES = 100
_BLOCK_BYTES = 1 << 20


def check_is_spool(path: Path) -> None:
    """Raise InvalidValueError for what is no spool: to open it as one would set it aside as damaged.

    A spool whose header is damaged is recognized by the events in it. `path` is absolute.
    """
    if forks.is_open_here(path):
        return  # it was recognized then, and to read it here would end this process's locks on it
    files = [path.with_name(path.name + suffix) for suffix in ("", "-wal", ".salvaging", ".salvaging-wal")]
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
