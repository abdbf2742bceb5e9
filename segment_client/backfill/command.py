"""`segment-client backfill`: the command's options, its plan, and what it says."""

from __future__ import annotations

import sys
import time
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections import Counter
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from uuid import UUID

from segment_client.arguments import check_partition
from segment_client.backfill.journal import Done, Journal, Plan
from segment_client.backfill.output import Output
from segment_client.backfill.outputs import output
from segment_client.backfill.parts import Part
from segment_client.backfill.planning import planned
from segment_client.errors import InvalidValueError

__all__ = ["add_arguments", "run"]

_FAILED = 1
_MEGABYTE = 1_000_000
_SHOWN = 10


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of `segment-client backfill` to a parser."""
    what = "events as JSON lines (gzip or not) or Parquet, in either format; or folders of such files"
    parser.add_argument("archives", nargs="+", type=Path, metavar="ARCHIVE", help=what)
    out = (
        "the folder of events/ and rejects/, in Parquet, or clickhouse://HOST:8123/DATABASE; "
        "named again, a run that was killed goes on"
    )
    parser.add_argument("--out", required=True, metavar="PLACE", help=out)
    journal = "where it is kept what is done, if --out is ClickHouse; all machines of a cluster must see it"
    parser.add_argument("--journal", type=Path, metavar="DIR", help=journal)
    master = "Spark's master (default: that of spark-submit, else local[*]: all cores of this machine)"
    parser.add_argument("--master", metavar="URL", help=master)
    parser.add_argument("--entity-gid", type=UUID, metavar="UUID", help="entity of calls that name none")
    parser.add_argument(
        "--partition", default="default", help="partition of calls that name none (default: %(default)s)"
    )
    size = "megabytes of an archive that one task reads (default: %(default)s)"
    parser.add_argument("--part-size", type=_megabytes, default=32, metavar="MB", help=size)


def run(args: Namespace) -> int:
    """Do what is left of the backfill; return 0, or 1 where some records are no valid events."""
    for needed in ("pyspark", "pyarrow"):
        if find_spec(needed) is None:
            raise InvalidValueError(f"backfill needs {needed}: pip install 'python-segment-client[spark]'")
    check_partition(args.partition)
    out = output(args.out, args.journal)
    journal, size = Journal(out.journal), args.part_size * _MEGABYTE
    plan = planned(args.archives, out.journal, size, args.entity_gid, args.partition, out.into)
    before = journal.done()
    done = {each.number for each in before}
    left = [each for each in plan.parts if each.number not in done]
    if before:
        _say(f"{len(before):,} of {len(plan.parts):,} parts are done already")
    if left:
        _work(args.master, out, plan, left, before)
    return _conclude(journal.done(), out)


def _work(master: str | None, out: Output, plan: Plan, left: Sequence[Part], before: Sequence[Done]) -> None:
    from segment_client.backfill.job import run_parts

    out.prepare()
    journal = Journal(out.journal)
    began = time.monotonic()
    finished = list(before)

    def progress() -> None:
        finished.extend(journal.done({each.number for each in finished}))
        new = finished[len(before) :]
        rate = sum(each.events + each.rejected for each in new) / (time.monotonic() - began)
        _say(f"{_counts(finished)} in {len(finished):,} of {len(plan.parts):,} parts, {rate:,.0f} a second")

    run_parts(left, plan, out, master, progress)
    progress()


def _conclude(done: Sequence[Done], out: Output) -> int:
    """Say what came of it, the most frequent errors last."""
    _say(f"{_counts(done)}: see {out}")
    reasons = sum((Counter(each.reasons) for each in done), Counter[str]())
    for reason, count in reasons.most_common(_SHOWN):
        _say(f"  {count:,} x {reason}")
    return _FAILED if any(each.rejected for each in done) else 0


def _counts(done: Sequence[Done]) -> str:
    events, rejected = sum(each.events for each in done), sum(each.rejected for each in done)
    return f"{events:,} events, {rejected:,} rejected"


def _megabytes(text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise ArgumentTypeError(f"{text} is no number of megabytes: pass 1 or more")
    return int(text)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
