"""Does one part: its records are read, judged and written, and the journal told."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib import import_module
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any
from uuid import uuid4

from segment_client.backfill.journal import Done, Journal, Plan, replace
from segment_client.backfill.judged import Judge
from segment_client.backfill.parts import Part
from segment_client.backfill.records import Record, records
from segment_client.backfill.tables import Reject, event_schema, events, reject_schema, rejects

__all__ = ["clean", "work"]

_AT_ONCE = 2000
_MOST_REASONS = 50


def work(part: Part, plan: Plan, out: Path) -> Done:
    """Write the events and the rejects of a part, whole or not at all, and note that it is done."""
    began = time.monotonic()
    judge = Judge(plan.entity_gid, plan.partition, plan.made_at)
    count, bad, reasons = 0, 0, Counter[str]()
    name = f"part-{part.number:06}.parquet"
    with (
        _Output(out / "events" / name, event_schema) as good_file,
        _Output(out / "rejects" / name, reject_schema) as bad_file,
    ):
        for batch in _batches(records(part)):
            rows, rejected = [], list[Reject]()
            for record in batch:
                judged = judge.judge(record)
                if isinstance(judged, dict):
                    rows.append(judged)
                else:
                    rejected.append((part.file, record.position, judged, record.raw))
                    reasons.update({f"{flaw.path}: {flaw.type}".removeprefix(": ") for flaw in judged})
            if rows:
                good_file.write(events(rows))
            if rejected:
                bad_file.write(rejects(rejected, plan.made_at))
            count, bad = count + len(rows), bad + len(rejected)
    seconds = time.monotonic() - began
    done = Done(part.number, count, bad, seconds, dict(reasons.most_common(_MOST_REASONS)))
    Journal(out).finish(done)
    return done


def clean(out: Path) -> None:
    """Make the folders of the output, and remove what a run that was killed has half written."""
    for name in ("events", "rejects"):
        (out / name).mkdir(parents=True, exist_ok=True)
        for file in (out / name).glob(".part-*"):
            file.unlink(missing_ok=True)


def _batches(found: Iterable[Record]) -> Iterator[Sequence[Record]]:
    left = iter(found)
    while batch := list(islice(left, _AT_ONCE)):
        yield batch


class _Output:
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

    def __enter__(self) -> _Output:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._writer is not None:
            self._writer.close()
        if error is not None:
            self._written.unlink(missing_ok=True)
        elif self._writer is not None:
            replace(self._file, self._written)
        else:
            self._file.unlink(missing_ok=True)
