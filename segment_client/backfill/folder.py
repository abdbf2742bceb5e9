"""The output that is a folder of Parquet files: two for each part, of events and of rejects."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import Any
from uuid import uuid4

from segment_client.backfill.journal import Plan, replace
from segment_client.backfill.output import Reject, Writer
from segment_client.backfill.parts import OUTPUTS, Part
from segment_client.backfill.tables import event_schema, events, reject_schema, rejects
from segment_client.errors import InvalidValueError

__all__ = ["Folder"]

_EVENTS, _REJECTS = OUTPUTS


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of `events/` and `rejects/`, with the journal beside them."""

    journal: Path
    into: str = ""

    def prepare(self) -> None:
        """Make the folders, and remove what a run that was killed has half written."""
        try:
            for name in OUTPUTS:
                (self.journal / name).mkdir(parents=True, exist_ok=True)
                for file in (self.journal / name).glob(".part-*"):
                    file.unlink(missing_ok=True)
        except OSError as error:
            raise InvalidValueError(f"{self.journal} cannot be written to ({error})") from None

    @contextmanager
    def open(self, part: Part, plan: Plan) -> Iterator[Writer]:
        """Write the files of a part, each whole or not at all."""
        name = f"part-{part.number:06}.parquet"
        with (
            _File(self.journal / _EVENTS / name, event_schema) as good,
            _File(self.journal / _REJECTS / name, reject_schema) as bad,
        ):
            yield _Files(good, bad, plan.made_at)

    def __str__(self) -> str:
        """Name the two folders."""
        return f"{self.journal / _EVENTS} and {self.journal / _REJECTS}"


class _Files:
    """The files of a part."""

    def __init__(self, good: _File, bad: _File, now: datetime) -> None:
        self._good, self._bad, self._now = good, bad, now

    def write(self, rows: Sequence[Mapping[str, object]], rejected: Sequence[Reject]) -> None:
        """Write rows and rejects."""
        if rows:
            self._good.write(events(rows))
        if rejected:
            self._bad.write(rejects(rejected, self._now))


class _File:
    """A Parquet file that appears whole, once all is written; none where nothing is."""

    def __init__(self, file: Path, schema: Callable[[], Any]) -> None:
        self._file, self._schema = file, schema
        self._written = file.with_name(f".{file.name}.{uuid4().hex}")
        self._writer: Any = None

    def write(self, table: Any) -> None:
        """Write a table's rows."""
        if self._writer is None:
            parquet = import_module("pyarrow.parquet")
            self._writer = parquet.ParquetWriter(self._written, self._schema(), compression="zstd")
        self._writer.write_table(table)

    def __enter__(self) -> _File:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if self._writer is not None:
                self._writer.close()
            if error is None and self._writer is not None:
                replace(self._file, self._written)
            elif error is None:
                self._file.unlink(missing_ok=True)
        finally:
            self._written.unlink(missing_ok=True)
