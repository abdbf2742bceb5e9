"""Takes archives apart: what one task reads at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path

from segment_client.errors import InvalidValueError

__all__ = ["OUTPUTS", "PARQUET", "Part", "archives", "parts_of"]

PARQUET = ".parquet"
OUTPUTS = ("events", "rejects")
"""The folders of an output that is one: their files are named `part-*.parquet`."""

_LINES = (".json", ".jsonl", ".ndjson")
_PACKED = ".gz"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of an archive: of lines those that begin at these bytes, of Parquet these groups of rows.

    `size` is that of the whole file: another one later is another file.
    """

    number: int
    file: str
    size: int
    start: int
    end: int

    def to_json(self) -> dict[str, object]:
        """Answer the part as the journal keeps it."""
        return asdict(self)


def archives(paths: Iterable[Path], out: Path | None = None) -> list[Path]:
    """Return the files that these are or hold, sorted, each once.

    In folders hidden files are left out, and those that a backfill into the folder `out` writes. Raises
    InvalidValueError for what is not there or is no archive.
    """
    found: set[Path] = set()
    for path in paths:
        if path.is_dir():
            inside = {each for each in path.rglob("*") if _is_archive(each) and not _is_hidden(each, path)}
            inside = {each for each in inside if out is None or not _is_written(each, out)}
            if not inside:
                raise InvalidValueError(f"{path} holds no archives: {_hint()}")
            found |= {each.absolute() for each in inside}
        elif not path.is_file():
            raise InvalidValueError(f"{path} is not there: name files or folders of archives")
        elif out is not None and _is_written(path, out):
            raise InvalidValueError(f"{path} is of this output itself: name another --out")
        elif not _is_archive(path):
            raise InvalidValueError(f"{path} is no archive: {_hint()}")
        else:
            found.add(path.absolute())
    return sorted({each.resolve(): each for each in sorted(found)}.values())


def parts_of(files: Iterable[Path], size: int, first: int = 0) -> Iterator[Part]:
    """Yield the parts of the files, of about `size` bytes each, numbered from `first` on.

    What is packed is one part. Raises InvalidValueError for a Parquet file that cannot be read.
    """
    number = first
    for file in files:
        whole = file.stat().st_size
        for start, end in _groups(file, size) if file.suffix == PARQUET else _ranges(file, whole, size):
            yield Part(number, str(file), whole, start, end)
            number += 1


def _ranges(file: Path, whole: int, size: int) -> Iterator[tuple[int, int]]:
    if file.suffix == _PACKED:
        yield 0, whole
        return
    for start in range(0, whole, size):
        yield start, min(start + size, whole)


def _groups(file: Path, size: int) -> Iterator[tuple[int, int]]:
    """Yield ranges of groups of rows, each of about so many bytes as they are on disk."""
    arrow = import_module("pyarrow")
    try:
        facts = import_module("pyarrow.parquet").ParquetFile(file).metadata
    except (OSError, arrow.ArrowException) as error:
        raise InvalidValueError(f"{file} is no Parquet file that can be read: {error}") from None
    start, held = 0, 0
    for group in range(facts.num_row_groups):
        held += facts.row_group(group).total_byte_size
        if held >= size:
            yield start, group + 1
            start, held = group + 1, 0
    if start < facts.num_row_groups:
        yield start, facts.num_row_groups


def _is_archive(path: Path) -> bool:
    return path.is_file() and path.suffix in (*_LINES, _PACKED, PARQUET)


def _is_hidden(path: Path, folder: Path) -> bool:
    return any(each.startswith((".", "_")) for each in path.relative_to(folder).parts)


def _is_written(path: Path, out: Path) -> bool:
    """Tell what a backfill into a folder writes there, which is no archive when it goes on."""
    return path.match("part-*.parquet") and path.resolve().parent in (
        out.resolve() / name for name in OUTPUTS
    )


def _hint() -> str:
    return f"name files that end in {', '.join((*_LINES, _PACKED, PARQUET))}"
