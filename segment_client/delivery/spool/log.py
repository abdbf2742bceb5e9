"""SQLite's write-ahead log, read without SQLite: https://sqlite.org/fileformat2.html#the_write_ahead_log."""

from __future__ import annotations

import struct
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from segment_client.delivery.spool.files import read

__all__ = ["PAGE_BYTES", "Written", "is_log_damaged", "read_log"]

PAGE_BYTES = 4096
"""The page size of every spool; it is not read from the file, which may be damaged there."""

_HEADER = 32
_FRAME_HEADER = 24
_FRAME = _FRAME_HEADER + PAGE_BYTES
_ORDERS = {b"\x37\x7f\x06\x82": "<", b"\x37\x7f\x06\x83": ">"}
_OWN_ORDER = "<" if sys.byteorder == "little" else ">"


@dataclass(frozen=True, slots=True)
class Written:
    """A page as the log has it: whether its checksum is right, and whether its transaction has its end."""

    page: int
    image: bytes = field(repr=False)
    is_whole: bool
    is_committed: bool


def read_log(content: bytes) -> list[Written]:
    """Return the pages of the log's present generation, damaged or not, in the order of writing.

    A log is written from its start; behind the last frame with the header's salts is an older generation.
    """
    heads, images = _frames(content)
    salts = _present_salts(content, heads)
    end = 1 + max((place for place, head in enumerate(heads) if head[8:16] == salts), default=-1)
    committed = 1 + max((place for place, head in enumerate(heads[:end]) if any(head[4:8])), default=-1)
    order = _order(content)
    written, before = [], content[24:_HEADER]
    for place, (head, image) in enumerate(zip(heads[:end], images, strict=False)):
        is_whole = head[8:16] == salts and head[16:] == _checksum(head[:8] + image, order, before)
        written.append(Written(int.from_bytes(head[:4]), image, is_whole, place < committed))
        before = head[16:]  # a frame's checksum goes on from the one that the frame before it has
    return written


def is_log_damaged(log: Path) -> bool:
    """Say whether SQLite would pass over a part of a log in silence: what comes after a damaged page.

    The last page is none: a crash, which tears off the end, looks the same. Nor is what another process
    writes meanwhile: what a first look comes too early for, a second one finds.
    """
    now = read(log)
    while True:
        content = now
        damaged = _first_damaged(content)
        if damaged is None:
            return False
        now = read(log)
        if now[:_HEADER] != content[:_HEADER]:
            return False
        end = _HEADER + (damaged + 1) * _FRAME
        if now[:end] == content[:end]:
            return True


def _first_damaged(content: bytes) -> int | None:
    written = read_log(content)
    if written and not _is_header_whole(content):
        return 0
    return next((place for place, page in enumerate(written[:-1]) if not page.is_whole), None)


def _frames(content: bytes) -> tuple[list[bytes], list[bytes]]:
    """Return the head and the page of each frame, of whatever generation."""
    starts = range(_HEADER, len(content) - _FRAME + 1, _FRAME)
    heads = [content[start : start + _FRAME_HEADER] for start in starts]
    return heads, [content[start + _FRAME_HEADER : start + _FRAME] for start in starts]


def _present_salts(content: bytes, heads: Sequence[bytes]) -> bytes:
    """Return what tells the present generation: the header's salts, if damaged the first pages' that recur.

    A lost block reads as zeros, which are none. Where no two pages have the same, it is the last one's, so
    that none is taken for an older one.
    """
    header, found = content[16:24], [head[8:16] for head in heads]
    if _is_header_whole(content):
        return header
    recurring = (salts for salts, count in Counter(found).items() if count > 1 and any(salts))
    return next(recurring, found[-1] if found else header)


def _is_header_whole(content: bytes) -> bool:
    """Check the header's sum, and that the first page is of its generation, or of the one before it.

    The sum alone may be right by chance: after two changes, or of zeros.
    """
    if len(content) < _HEADER or content[24:_HEADER] != _checksum(content[:24], _order(content), bytes(8)):
        return False
    header, first = content[16:24], content[_HEADER + 8 : _HEADER + 16]
    return content[:4] in _ORDERS and (
        first == header or not any(first) or _generation(header) == _generation(first) + 1
    )


def _generation(salts: bytes) -> int:
    """Return the number that SQLite counts up each time that it begins a log anew."""
    return int.from_bytes(salts[:4])


def _order(content: bytes) -> str:
    return _ORDERS.get(content[:4], _OWN_ORDER)


def _checksum(content: bytes, order: str, before: bytes) -> bytes:
    first, second = struct.unpack(">II", before)
    words = struct.unpack(f"{order}{len(content) // 4}I", content)
    for even, odd in zip(words[::2], words[1::2], strict=True):
        first = (first + even + second) & 0xFFFFFFFF
        second = (second + odd + first) & 0xFFFFFFFF
    return struct.pack(">II", first, second)
