"""Reads the records of a part, each with its place."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from segment_client.backfill.parts import PARQUET, Part

__all__ = ["Record", "Unreadable", "records"]

_PACKED = ".gz"
_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Unreadable:
    """What is left of an archive that cannot be read on, and why."""

    reason: str


@dataclass(frozen=True, slots=True)
class Record:
    """One record: where it begins (byte of the unpacked lines, or row from 0), and what it is.

    That is the bytes of a line, the columns of a row, or what could not be read.
    """

    position: int
    value: bytes | Mapping[str, Any] | Unreadable

    @property
    def raw(self) -> str:
        """The record as text; times and the like of a row are their own texts."""
        if isinstance(self.value, bytes):
            return self.value.decode("utf-8", "replace")
        if isinstance(self.value, Unreadable):
            return ""
        return json.dumps(self.value, default=str, ensure_ascii=False)


def records(part: Part) -> Iterator[Record]:
    """Yield the records; where the archive is damaged, the last one is Unreadable."""
    file = Path(part.file)
    if file.suffix == PARQUET:
        yield from _rows(part)
    elif file.suffix == _PACKED:
        yield from _packed(file)
    else:
        yield from _lines(part)


def _lines(part: Part) -> Iterator[Record]:
    """Yield the lines that begin in the part; the one before it is that of the part before."""
    with Path(part.file).open("rb") as lines:
        position = part.start
        if position:
            lines.seek(position - 1)
            position += len(lines.readline()) - 1
        while position < part.end and (line := lines.readline()):
            if text := line.strip():
                yield Record(position, text)
            position += len(line)


def _packed(file: Path) -> Iterator[Record]:
    position = 0
    try:
        with gzip.open(file) as lines:
            for line in lines:
                if text := line.strip():
                    yield Record(position, text)
                position += len(line)
    except (OSError, EOFError, zlib.error) as error:
        yield Record(position, Unreadable(f"the rest cannot be unpacked ({type(error).__name__})"))


def _rows(part: Part) -> Iterator[Record]:
    arrow = import_module("pyarrow")
    file = import_module("pyarrow.parquet").ParquetFile(part.file)
    position = sum(file.metadata.row_group(group).num_rows for group in range(part.start))
    try:
        groups = range(part.start, part.end)
        for batch in file.iter_batches(_AT_ONCE, row_groups=list(groups)):
            for row in batch.to_pylist(maps_as_pydicts="lossy"):
                yield Record(position, _value(row))
                position += 1
    except (OSError, arrow.ArrowException) as error:
        yield Record(position, Unreadable(f"the rest cannot be read ({type(error).__name__})"))


def _value(row: Mapping[str, Any]) -> bytes | Mapping[str, Any]:
    """Return a row, or where it is nothing but one text, that text: a line that was put into Parquet."""
    if len(row) == 1:
        (value,) = row.values()
        if isinstance(value, str):
            return value.encode("utf-8", "surrogatepass")
        if isinstance(value, bytes):
            return value
    return row
