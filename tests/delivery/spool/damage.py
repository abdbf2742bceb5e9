"""Spools and what landed beside them, damaged at random, and which events no damage has touched.

The layout of the files is read here once more, from SQLite's description of it and with none of the spool's
own code: https://sqlite.org/fileformat2.html.
"""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from unittest import TestCase
from uuid import UUID

from segment_client.delivery.outgoing import Outgoing
from tests.delivery.spool.support import claim_all, numbers_in, open_spool

__all__ = ["Template", "break_and_check"]

COUNT = 300
LANDED = 40
"""So many of them stay beside the file, where they have landed, if it is not closed."""

SIZES = (200, 200, 600, 1_000, 2_500, 3_900, 4_050, 5_000, 9_000, 40_000)
"""The last one is of an event that does not land; and all that has landed goes into the file before it."""

PAGE = 4096
LOG_HEADER, FRAME_HEADER = 32, 24
FRAME = FRAME_HEADER + PAGE
PREFIX = 16
"""The first bytes of each event's frame, which no other one has: magic, length, checksum."""

LANDING = "-new-"
"""What the names of files have in them to which events are appended before they come into the spool."""

LEAF = 13
"""What the first byte of a page says that holds rows, and not where to find them."""

LEAD = 64
"""More bytes than a row has before its frame: what SQLite says of the row, and its other columns."""

Range = tuple[str, int, int]
"""A part of a file: which one, from where, to where."""


@dataclass(frozen=True)
class Template:
    """A whole spool: its files, what was appended to it, and where the events are that wait in it."""

    folder: Path
    events: dict[int, Outgoing]
    places: dict[int, Sequence[Range]]

    @classmethod
    def make(cls, folder: Path, seed: int, *, closed: bool) -> Template:
        """Write a spool, some of whose events were delivered; leave it closed, or as a crash leaves it."""
        chances = _chances(seed)
        events = {
            number: Outgoing(
                chances.randbytes(chances.choice(SIZES if number < COUNT - LANDED else SIZES[:-1])),
                "track",
                str(number),
                UUID(int=number),
                False,
            )
            for number in range(COUNT)
        }
        path = folder / "work" / "events.db"
        path.parent.mkdir(parents=True)
        spool = open_spool(path, lands=not closed)
        for number, event in events.items():
            spool.append(event)
            if number < COUNT - LANDED:
                spool.move()
            if not closed and number == COUNT // 4:
                spool.rest()
            if chances.random() < 0.1:
                spool.acknowledge(spool.claim(3, 1_000_000), "delivered")
        if closed:
            spool.close()
        left = folder / "left"
        shutil.copytree(path.parent, left)
        spool.close()
        with closing(sqlite3.connect(shutil.copytree(left, folder / "read") / "events.db")) as connection:
            rows = dict(connection.execute("SELECT id, frame FROM events"))
            [root] = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'events'").fetchone()
        frames = {bytes(frame[:PREFIX]): bytes(frame) for frame in rows.values()}
        return cls(left, events, {**dict(_places(left, root, frames, events)), **dict(_landed(left, events))})

    def untouched(self, touched: Sequence[Range]) -> set[int]:
        """Return the numbers of the events of which no byte was touched."""
        return {
            number
            for number, places in self.places.items()
            if not any(
                file == other and start < stop and begin < end
                for file, start, end in places
                for other, begin, stop in touched
            )
        }


def break_and_check(test: TestCase, template: Template, folder: Path, seed: int) -> None:
    """Damage a copy of a spool at random, and hold what comes out of it against what was not touched."""
    shutil.copytree(template.folder, folder)
    touched = _damage(folder, _chances(seed))
    is_damaged = _finds_damage(Path(shutil.copytree(folder, folder.with_name(f"{folder.name}-read"))))
    for path in folder.glob(f"*{LANDING}*"):
        os.utime(
            path, (0, 0)
        )  # their process is this one, and lives: after a minute they are taken all the same
    spool = open_spool(folder / "events.db")
    spool.adopt()
    spool.append(Outgoing(b"new", "track", str(COUNT), UUID(int=COUNT), False))
    claimed = claim_all(spool)
    spool.close()
    numbers = numbers_in(claimed)
    test.assertEqual(len(numbers), len(set(numbers)), "some came twice")
    test.assertIn(COUNT, numbers)
    for one, number in zip(claimed, numbers, strict=True):
        if number != COUNT:
            test.assertEqual(one.event, template.events[number], "one was changed")
    test.assertLessEqual(template.untouched(touched), set(numbers), "some were lost")
    if is_damaged:
        test.assertTrue(list(folder.glob("events.db.damaged-*")), "the damaged file was not set aside")
    shutil.rmtree(folder)
    shutil.rmtree(folder.with_name(f"{folder.name}-read"))


def _chances(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311  # nothing secret: where to break a file


def _damage(folder: Path, chances: random.Random) -> list[Range]:
    """Damage one file, and return which parts of which files were touched."""
    names = sorted(path.name for path in folder.iterdir() if path.stat().st_size)
    name = chances.choice(names + [name for name in names if not name.endswith("-shm")])
    path = folder / name
    size = path.stat().st_size
    how = (
        "remove"
        if name.endswith("-shm")
        else chances.choice(["cut", "flip", "zero", "first", "pages", "remove"])
    )
    if how == "remove" and name == "events.db":
        how = "flip"
    if how == "remove":
        path.unlink()
        return [(name, 0, size)]
    content = bytearray(path.read_bytes())
    if how == "cut":
        end = chances.randrange(size)
        del content[end:]
        touched = [(name, end, size)]
    elif how == "zero":
        start = chances.randrange(0, size, PAGE)
        end = min(size, start + PAGE)
        content[start:end] = bytes(end - start)
        touched = [(name, start, end)]
    else:
        places = [_place(how, size, chances) for _ in range(chances.randint(1, 50))]
        for place in places:
            content[place] ^= 1 << chances.randrange(8)
        touched = [(name, place, place + 1) for place in places]
    whole = path.read_bytes()
    path.write_bytes(content)
    return [*touched, *_torn(whole, touched)] if name.endswith("-wal") else touched


def _torn(log: bytes, touched: Sequence[Range]) -> Iterator[Range]:
    """Yield the whole of a transaction that was cut, or the last one's if its end was touched.

    A crash may have torn off either, so that nobody can tell it from one that never was.
    """
    ends = [LOG_HEADER]
    for start in range(LOG_HEADER, len(log), FRAME):
        if log[start + 8 : start + 16] == log[16:24]:
            last = start
            if any(log[start + 4 : start + 8]):
                ends.append(start + FRAME)
    for file, begin, end in touched:
        if end == len(log) or (begin < last + FRAME and last < end):
            yield file, max(done for done in ends if done <= min(begin, last)), len(log)


def _place(how: str, size: int, chances: random.Random) -> int:
    """Return where to change a bit: anywhere, in the first page, or where pages say what is in them."""
    if how == "first":
        return chances.randrange(min(size, chances.choice([100, PAGE])))
    anywhere = chances.randrange(size)
    return min(size - 1, anywhere - anywhere % PAGE + chances.randrange(12)) if how == "pages" else anywhere


def _finds_damage(folder: Path) -> bool:
    """Say whether SQLite itself takes a file for damaged."""
    with closing(sqlite3.connect(folder / "events.db")) as connection:
        try:
            return bool(connection.execute("PRAGMA integrity_check(1)").fetchone() != ("ok",))
        except (sqlite3.DatabaseError, UnicodeDecodeError):  # what it says may quote damaged text
            return True


def _images(folder: Path) -> dict[int, tuple[str, int, bytes]]:
    """Return the newest image of each page, with its file and its place there."""
    database = (folder / "events.db").read_bytes()
    images = {
        start // PAGE + 1: ("events.db", start, database[start : start + PAGE])
        for start in range(0, len(database), PAGE)
    }
    path = folder / "events.db-wal"
    log = path.read_bytes() if path.exists() else b""
    for start in range(LOG_HEADER, len(log), FRAME):
        if log[start + 8 : start + 16] == log[16:24]:
            page, begin = int.from_bytes(log[start : start + 4]), start + FRAME_HEADER
            images[page] = ("events.db-wal", begin, log[begin : begin + PAGE])
    return images


def _leaves(images: dict[int, tuple[str, int, bytes]], page: int) -> Iterator[tuple[str, int, bytes]]:
    """Yield the newest images of the pages with rows, of the tree whose root is a page."""
    image = images[page][2]
    if image[0] == LEAF:
        yield images[page]
        return
    for cell in _cells(image, 12):
        yield from _leaves(images, int.from_bytes(image[cell : cell + 4]))
    yield from _leaves(images, int.from_bytes(image[8:12]))


def _cells(image: bytes, header: int) -> Iterator[int]:
    """Yield where the cells of a page begin; what is between them may be left of rows that moved away."""
    for place in range(header, header + 2 * int.from_bytes(image[3:5]), 2):
        yield int.from_bytes(image[place : place + 2])


def _places(
    folder: Path, root: int, frames: dict[bytes, bytes], events: dict[int, Outgoing]
) -> Iterator[tuple[int, Sequence[Range]]]:
    """Yield each waiting event with all parts of files in which it is: its frame, the pointers in between."""
    images = _images(folder)
    for file, begin, image in _leaves(images, root):
        for cell in _cells(image, 8):
            start = image.index(b"\x93SEvent\n", cell, cell + LEAD)
            frame = frames[image[start : start + PREFIX]]
            number = next(number for number, event in events.items() if frame.endswith(event.body))
            yield number, list(_row(images, file, begin + start, image[start:], frame))


def _landed(folder: Path, events: dict[int, Outgoing]) -> Iterator[tuple[int, Sequence[Range]]]:
    """Yield each event that waits beside the spool, with its frame's place: they follow on a first line."""
    for path in folder.glob(f"*{LANDING}*"):
        content = path.read_bytes()
        start = content.index(b"\n") + 1
        while start < len(content):
            end = start + PREFIX + int.from_bytes(content[start + 8 : start + 12])
            frame = content[start:end]
            number = next(number for number, event in events.items() if frame.endswith(event.body))
            yield number, [(path.name, start, end)]
            start = end


def _row(
    images: dict[int, tuple[str, int, bytes]], file: str, begin: int, image: bytes, frame: bytes
) -> Iterator[Range]:
    """Yield the parts of a row whose frame begins at a place of a file; `image` is the rest of its page."""
    if image.startswith(frame):
        yield file, begin - LEAD, begin + len(frame)
        return
    here = next(count for count in range(PAGE) if frame[count] != image[count])
    # a byte of the pointer behind may be the frame's next one by chance
    here = next(
        count
        for count in range(here, here - 4, -1)
        if int.from_bytes(image[count : count + 4]) in images
        and images[int.from_bytes(image[count : count + 4])][2][4:12] == frame[count : count + 8]
    )
    yield file, begin - LEAD, begin + here + 4
    pointer = image[here : here + 4]
    while here < len(frame):
        file, begin, page = images[int.from_bytes(pointer)]
        if file == "events.db-wal":
            yield file, begin - FRAME_HEADER, begin  # where it is said of which page this is an image
        count = min(PAGE - 4, len(frame) - here)
        if page[4 : 4 + count] != frame[here : here + count]:
            raise AssertionError("the layout was not understood")
        yield file, begin, begin + 4 + count
        here, pointer = here + count, page[:4]
