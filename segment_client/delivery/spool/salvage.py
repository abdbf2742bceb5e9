"""Finds events in a damaged file by their frames, whatever became of the file's structure.

The layout of pages is SQLite's (https://sqlite.org/fileformat2.html): a row that is too long for its page
goes on in a chain of overflow pages, and the newest pages stand in the write-ahead log.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from segment_client.delivery.spool.files import read
from segment_client.delivery.spool.frame import PREFIX_BYTES, Framed, heads, unpack
from segment_client.delivery.spool.log import PAGE_BYTES, read_log

__all__ = ["salvage"]

_LEAST_LOCAL = (PAGE_BYTES - 12) * 32 // 255 - 23
_MOST_LOCAL = PAGE_BYTES - 35
_LONGEST_LEAD = 64
"""More bytes than a row's header and its columns before the frame can have."""

_MOST_WAYS = 1_000
"""How many chains of pages are tried for one event, where its pages have several images."""

_Pages = dict[int, list[bytes]]
"""The images of each page: those of which the log is in doubt, and at last the newest of the others."""


def salvage(database: Path, log: Path) -> list[Framed]:
    """Return each event that is whole in a database file or in its log, once, in order of acceptance."""
    pages = _pages(database, log)
    found: dict[tuple[int, str], Framed] = {}
    for images in pages.values():
        for image in images:
            for framed in reversed(list(_frames_in(image, pages))):  # a page is filled from its end
                found[framed.destination, framed.event.message_id] = framed
    return sorted(found.values(), key=lambda framed: framed.accepted)


def _pages(database: Path, log: Path) -> _Pages:
    content = read(database)
    newest = {
        number: content[offset : offset + PAGE_BYTES]
        for number, offset in enumerate(range(0, len(content), PAGE_BYTES), start=1)
    }
    pages: _Pages = {}
    for written in read_log(read(log)):
        if written.is_whole and written.is_committed:
            newest[written.page] = written.image
        else:
            pages.setdefault(written.page, []).append(written.image)
    for number, image in newest.items():
        pages.setdefault(number, []).append(image)
    return pages


def _frames_in(image: bytes, pages: _Pages) -> Iterator[Framed]:
    for start, length in heads(image):
        if length <= len(pages) * PAGE_BYTES:
            framed = unpack(image[start : start + length]) or _overflowing(image, start, length, pages)
            if framed is not None:
                yield framed


def _overflowing(image: bytes, start: int, length: int, pages: _Pages) -> Framed | None:
    """Return a frame that goes on in other pages; the CRC tells which of the possible rows it is."""
    for here in _possible_cuts(length):
        end = start + here
        if end + 4 <= len(image):
            for rest in islice(_chains(image[end : end + 4], length - here, pages), _MOST_WAYS):
                framed = unpack(image[start:end] + rest)
                if framed is not None:
                    return framed
    return None


def _possible_cuts(length: int) -> set[int]:
    """Return how many bytes of a frame may stand in its row's own page, before a pointer to the next one."""
    cuts = set()
    for lead in range(_LONGEST_LEAD):
        payload = lead + length
        if payload > _MOST_LOCAL:
            local = _LEAST_LOCAL + (payload - _LEAST_LOCAL) % (PAGE_BYTES - 4)
            cuts.add((local if local <= _MOST_LOCAL else _LEAST_LOCAL) - lead)
    return {cut for cut in cuts if cut >= PREFIX_BYTES}


def _chains(pointer: bytes, left: int, pages: _Pages) -> Iterator[bytes]:
    """Yield what a chain of overflow pages holds, by each image of each page, the newest ones first."""
    ways = [(pointer, left, b"")]
    while ways:
        pointer, left, before = ways.pop()
        for image in pages.get(int.from_bytes(pointer), []):
            held = before + image[4 : 4 + left]
            if left <= len(image) - 4:
                yield held
            elif len(image) == PAGE_BYTES:
                ways.append((image[:4], left - (PAGE_BYTES - 4), held))
