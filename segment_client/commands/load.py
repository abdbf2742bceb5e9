"""`segment-client load`: archived events, validated and written to a collector's file or a sink."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from segment_client.arguments import check_partition
from segment_client.commands.target import given_key
from segment_client.errors import DeliveryError, InvalidValueError
from segment_client.ids import default_entity_gid

if TYPE_CHECKING:
    from segment_client.collector.examine import Accepted, Rejected
    from segment_client.commands.archive import Entry
    from segment_client.commands.loading import Bad, Keep

__all__ = ["add_arguments", "run"]

_FAILED = 1
_USAGE_ERROR = 2
_INTERRUPTED = 130
_SHOWN = 20
_EVERY = 5000


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of `segment-client load` to a parser."""
    what = "events as JSON lines or a JSON list, in either format, or recorded requests; gzip or not"
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help=what)
    parser.add_argument("--db", metavar="FILE", help="a collector's SQLite file to load them into")
    sink = "where else: kafka://BROKER:9092/TOPIC, clickhouse://HOST:8123/DB (sqlite:FILE is --db FILE)"
    parser.add_argument("--sink", metavar="ADDRESS", help=sink)
    entity = parser.add_mutually_exclusive_group()
    entity.add_argument("--entity-gid", type=UUID, metavar="UUID", help="entity of calls that name none")
    key = (
        "derive the entity from this key, as a collector does (default: the environment's SEGMENT_WRITE_KEY)"
    )
    entity.add_argument("--write-key", metavar="KEY", help=key)
    parser.add_argument(
        "--partition", default="default", help="partition of calls that name none (default: %(default)s)"
    )
    parser.add_argument(
        "--start", type=int, default=1, metavar="LINE", help="begin at this line of the first file"
    )


def run(args: Namespace) -> int:
    """Load the files; return 0, or 1 where some calls were no valid events or could not be kept."""
    from segment_client.commands.archive import entries
    from segment_client.commands.loading import Loader

    if args.start < 1:
        raise InvalidValueError(f"start is {args.start}: pass the number of a line, from 1 on")
    check_partition(args.partition)
    key = given_key(args)
    entity = args.entity_gid or (default_entity_gid(key) if key else None)
    with ExitStack() as opened:
        try:
            keep = _keep(args, opened)
        except ModuleNotFoundError as missing:
            return _fail(str(missing), _USAGE_ERROR)
        report = opened.enter_context(closing(_Report()))
        loader = Loader(keep, entity, args.partition, report.bad)
        begin = args.start
        for file in args.files:
            try:
                loader.load(file, report.watched(_from(begin, file, entries(file))))
            except (DeliveryError, KeyboardInterrupt) as error:
                report.close()
                stopped = isinstance(error, KeyboardInterrupt)
                why, code = ("stopped", _INTERRUPTED) if stopped else (str(error), _FAILED)
                done = loader.done or begin - 1
                return _fail(
                    f"{why}; {file} is loaded up to line {done}, go on with --start {done + 1}", code
                )
            begin = 1
    sys.stdout.write(f"{loader.loaded} events loaded, {loader.rejected} calls rejected\n")
    return _FAILED if loader.rejected else 0


def _keep(args: Namespace, opened: ExitStack) -> Keep:
    """Open what is to keep the events."""
    from segment_client.collector.head import Head
    from segment_client.collector.sinking import find_sink, keep_in
    from segment_client.collector.store import Store

    sink, db = find_sink(args.sink, args.db) if args.sink else (None, args.db)
    if sink is None and db is None:
        raise InvalidValueError("there is no place to load them into: pass --db FILE or --sink ADDRESS")
    store = opened.enter_context(closing(Store(Path(db)))) if db is not None else None
    if sink is not None:
        opened.callback(sink.close)
    name = os.fsencode(args.files[0].name).decode("utf-8", "replace")  # which may be no Unicode
    head = Head("LOAD", name, ())

    def keep(calls: Sequence[Accepted | Rejected]) -> Sequence[Accepted | Rejected]:
        now = datetime.now(UTC)
        kept = keep_in(sink, calls, now) if sink is not None else calls
        if store is not None:
            try:
                store.save(kept, head, now)
            except OSError as error:
                raise DeliveryError(f"{db} cannot be written ({error}): make room for it") from None
        return kept

    return keep


def _from(start: int, file: Path, found: Iterator[Entry]) -> Iterator[Entry]:
    """Yield the entries from a line on; raises InvalidValueError where the file ended long before it."""
    last = 0
    for entry in found:
        last = entry.number
        if last >= start:
            yield entry
    if start > last + 1:
        raise InvalidValueError(
            f"start is {start}, and {file} ends with line {last}: pass the number of a line"
        )


class _Report:
    """Says on stderr what is wrong where, and on a terminal how far it is."""

    def __init__(self) -> None:
        self._bad = 0
        self._seen = 0
        self._live = sys.stderr.isatty()

    def bad(self, bad: Bad) -> None:
        """Say what is wrong with a call, for the first of them."""
        self._bad += 1
        if self._bad <= _SHOWN:
            self._erase()
            sys.stderr.write(f"{bad.where}: {bad.error}\n")

    def watched(self, found: Iterator[Entry]) -> Iterator[Entry]:
        """Pass entries on, and say now and then how many there were."""
        for entry in found:
            self._seen += 1
            if self._live and self._seen % _EVERY == 0:
                sys.stderr.write(f"\r{self._seen} lines")
            yield entry

    def close(self) -> None:
        """Say how much was not said."""
        self._erase()
        if self._bad > _SHOWN:
            sys.stderr.write(
                f"... and {self._bad - _SHOWN} more; all are kept as rejected with their errors\n"
            )
        self._bad = 0

    def _erase(self) -> None:
        if self._live:
            sys.stderr.write("\r\x1b[K")


def _fail(message: str, code: int) -> int:
    sys.stderr.write(f"segment-client load: {message}\n")
    return code
