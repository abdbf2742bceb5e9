"""Finds events in a damaged file by their frames, whatever became of the file's structure.

The layout of pages is SQLite's (https://sqlite.org/fileformat2.html): a row that is too long for its page
goes on in a chain of overflow pages, and the newest pages stand in the write-ahead log.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from pathlib import Path

from segment_client.delivery.spool.frame import MAGIC, PREFIX_BYTES, Framed, frame_length, unpack

__all__ = ["PAGE_BYTES", "lost_in_log", "salvage"]

PAGE_BYTES = 4096
"""The page size of every spool; it is not read from the file, which may be damaged there."""

_LOG_HEADER = 32
_FRAME_HEADER = 24
_LOG_FRAME = _FRAME_HEADER + PAGE_BYTES
_LEAST_LOCAL = (PAGE_BYTES - 12) * 32 // 255 - 23
_MOST_LOCAL = PAGE_BYTES - 35
_LONGEST_LEAD = 64
"""More bytes than a row's header and its columns before the frame can have."""

_Pages = dict[int, list[bytes]]
"""The images of each page, oldest first."""


def salvage(database: Path, log: Path) -> list[Framed]:
    """Return each event that is whole in a database file or in its log, once, in order of acceptance."""
    newest = dict(_log_frames(_read(log)))
    pages = _pages(database, newest)
    return _distinct((image for images in pages.values() for image in images), pages)


def lost_in_log(database: Path, log: Path) -> list[Framed]:
    """Return the events of the log's pages that SQLite will ignore: those after a damaged one.

    An end that a crash tore off is no damage: nothing of the same generation comes after it. Nor is what
    another process writes meanwhile: what a first look comes too early for, a second one finds.
    """
    now = _read(log)
    while True:
        content = now
        frames = list(_log_frames(content))
        whole = _whole_frames(content)
        if whole >= len(frames):
            return []
        now = _read(log)
        if now[:_LOG_HEADER] != content[:_LOG_HEADER]:
            return []
        end = _LOG_HEADER + (whole + 1) * _LOG_FRAME
        if now[:end] == content[:end]:
            break
    newest = dict(frames)
    ignored = {number for number, _ in frames[whole:]}
    return _distinct((newest[number] for number in ignored), _pages(database, newest))


def _pages(database: Path, newest: dict[int, bytes]) -> _Pages:
    content = _read(database)
    pages = {
        number: [content[offset : offset + PAGE_BYTES]]
        for number, offset in enumerate(range(0, len(content), PAGE_BYTES), start=1)
    }
    for number, image in newest.items():
        pages.setdefault(number, []).append(image)
    return pages


def _distinct(images: Iterable[bytes], pages: _Pages) -> list[Framed]:
    found: dict[tuple[int, str], Framed] = {}
    for image in images:
        for framed in _frames_in(image, pages):
            found[framed.destination, framed.event.message_id] = framed
    return sorted(found.values(), key=lambda framed: framed.accepted)


def _frames_in(image: bytes, pages: _Pages) -> Iterator[Framed]:
    start = image.find(MAGIC)
    while start >= 0:
        length = frame_length(image[start : start + PREFIX_BYTES])
        if length is not None:
            framed = unpack(image[start : start + length]) or _overflowing(image, start, length, pages)
            if framed is not None:
                yield framed
        start = image.find(MAGIC, start + 1)


def _overflowing(image: bytes, start: int, length: int, pages: _Pages) -> Framed | None:
    """Return a frame that goes on in other pages; the CRC tells which of the possible rows it is."""
    tried = set()
    for lead in range(_LONGEST_LEAD):
        payload = lead + length
        if payload <= _MOST_LOCAL:
            continue
        local = _LEAST_LOCAL + (payload - _LEAST_LOCAL) % (PAGE_BYTES - 4)
        here = (local if local <= _MOST_LOCAL else _LEAST_LOCAL) - lead
        end = start + here
        if here < PREFIX_BYTES or here in tried or end + 4 > len(image):
            continue
        tried.add(here)
        for rest in _chains(image[end : end + 4], length - here, pages):
            framed = unpack(image[start:end] + rest)
            if framed is not None:
                return framed
    return None


def _chains(pointer: bytes, left: int, pages: _Pages) -> Iterator[bytes]:
    """Yield what a chain of overflow pages holds, by each image of each page."""
    ways = [(pointer, b"")]
    while ways:
        pointer, before = ways.pop()
        for image in pages.get(int.from_bytes(pointer), []):
            held = before + image[4 : 4 + left - len(before)]
            if len(held) == left:
                yield held
            elif len(image) == PAGE_BYTES:
                ways.append((image[:4], held))


def _log_frames(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield page number and image of each frame of the log's present generation, damaged or not.

    A log is written from its start; behind the last frame with the header's salts is an older generation.
    """
    offsets = range(_LOG_HEADER, len(content) - _LOG_FRAME + 1, _LOG_FRAME)
    present = [offset for offset in offsets if content[offset + 8 : offset + 16] == content[16:24]]
    last = present[-1] if present else len(content)
    for offset in offsets:
        if offset <= last:
            number = int.from_bytes(content[offset : offset + 4])
            yield number, content[offset + _FRAME_HEADER : offset + _LOG_FRAME]


def _whole_frames(content: bytes) -> int:
    """Return how many frames SQLite reads before one whose checksum is wrong."""
    if len(content) < _LOG_HEADER:
        return 0
    order = ">" if content[3] & 1 else "<"
    sums = _checksum(content[:24], order, (0, 0))
    if struct.unpack_from(">II", content, 24) != sums:
        return 0
    whole = 0
    for offset in range(_LOG_HEADER, len(content) - _LOG_FRAME + 1, _LOG_FRAME):
        if content[offset + 8 : offset + 16] != content[16:24]:
            break
        sums = _checksum(content[offset : offset + 8], order, sums)
        sums = _checksum(content[offset + _FRAME_HEADER : offset + _LOG_FRAME], order, sums)
        if struct.unpack_from(">II", content, offset + 16) != sums:
            break
        whole += 1
    return whole


def _checksum(content: bytes, order: str, sums: tuple[int, int]) -> tuple[int, int]:
    first, second = sums
    words = struct.unpack(f"{order}{len(content) // 4}I", content)
    for even, odd in zip(words[::2], words[1::2], strict=True):
        first = (first + even + second) & 0xFFFFFFFF
        second = (second + odd + first) & 0xFFFFFFFF
    return first, second


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""
