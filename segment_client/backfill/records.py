"""Reads the records of a part, each with its place."""

from __future__ import annotations

import gzip
import json
import zlib
from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from segment_client.backfill.parts import PARQUET, Part
from segment_client.errors import InvalidValueError

__all__ = ["Record", "Unreadable", "records"]

_PACKED = ".gz"
_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A row, or what is left of an archive, that cannot be read, and why."""

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
        return json.dumps(_named(self.value), default=str, ensure_ascii=False)


def records(part: Part) -> Iterator[Record]:
    """Yield the records; where the archive is damaged, the last one is Unreadable.

    Raises InvalidValueError where the file is not the one that was taken apart, once its records are read:
    what came meanwhile would be missing.
    """
    yield from _records(part)
    if Path(part.file).stat().st_size != part.size:
        hint = "let nothing write to it, and name another output"
        raise InvalidValueError(f"{part.file} has changed while it was read: {hint}")


def _records(part: Part) -> Iterator[Record]:
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
            if text := _text(line, position):
                yield Record(position, text)
            position += len(line)


def _packed(file: Path) -> Iterator[Record]:
    position = 0
    try:
        with gzip.open(file) as lines:
            for line in lines:
                if text := _text(line, position):
                    yield Record(position, text)
                position += len(line)
    except (OSError, EOFError, zlib.error) as error:
        yield Record(position, Unreadable(f"the rest cannot be unpacked ({type(error).__name__})"))


def _text(line: bytes, position: int) -> bytes:
    return (line if position else line.removeprefix(BOM_UTF8)).strip()


def _rows(part: Part) -> Iterator[Record]:
    arrow = import_module("pyarrow")
    file = import_module("pyarrow.parquet").ParquetFile(part.file)
    position = sum(file.metadata.row_group(group).num_rows for group in range(part.start))
    try:
        groups = range(part.start, part.end)
        for batch in file.iter_batches(_AT_ONCE, row_groups=list(groups)):
            for row in _listed(batch):
                yield Record(position, row if isinstance(row, Unreadable) else _value(row))
                position += 1
    except (OSError, arrow.ArrowException) as error:
        yield Record(position, Unreadable(f"the rest cannot be read ({type(error).__name__})"))


def _listed(batch: Any) -> Iterator[Mapping[str, Any] | Unreadable]:
    """Yield the rows; where one holds what Python has no value for, by itself each other one."""
    try:
        rows = batch.to_pylist(maps_as_pydicts="lossy")
    except (ValueError, OverflowError, TypeError, LookupError) as error:
        if batch.num_rows == 1:
            yield Unreadable(f"the row cannot be read ({type(error).__name__})")
        else:
            for number in range(batch.num_rows):
                yield from _listed(batch.slice(number, 1))
    else:
        yield from rows


def _named(value: Any) -> Any:
    """Return a value whose maps have texts as keys, as JSON's have."""
    if isinstance(value, Mapping):
        return {str(name): _named(each) for name, each in value.items()}
    return [_named(each) for each in value] if isinstance(value, list) else value


def _value(row: Mapping[str, Any]) -> bytes | Mapping[str, Any]:
    """Return a row, or where it is nothing but one text, that text: a line that was put into Parquet."""
    if len(row) == 1:
        (value,) = row.values()
        if isinstance(value, str):
            return value.encode("utf-8", "surrogatepass")
        if isinstance(value, bytes):
            return value
    return row
