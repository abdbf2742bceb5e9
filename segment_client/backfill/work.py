"""Does one part: its records are read, judged and written, and the journal told."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from segment_client.backfill.journal import Done, Journal, Plan
from segment_client.backfill.judged import Judge
from segment_client.backfill.output import Output, Reject
from segment_client.backfill.parts import Part
from segment_client.backfill.records import Record, records

__all__ = ["work"]

_AT_ONCE = 2000
_MOST_REASONS = 50


def work(part: Part, plan: Plan, out: Output) -> Done:
    """Write the events and the rejects of a part, and note that it is done."""
    began = time.monotonic()
    judge = Judge(plan.entity_gid, plan.partition, plan.made_at)
    count, bad, reasons = 0, 0, Counter[str]()
    file = os.fsencode(part.file).decode("utf-8", "replace")  # a name may be no Unicode
    with out.open(part, plan) as writer:
        for batch in _batches(records(part)):
            rows, rejected = [], list[Reject]()
            for record in batch:
                judged = judge.judge(record)
                if isinstance(judged, dict):
                    rows.append(judged)
                else:
                    rejected.append((file, record.position, judged, record.raw))
                    reasons.update({f"{flaw.path}: {flaw.type}".removeprefix(": ") for flaw in judged})
            writer.write(rows, rejected)
            count, bad = count + len(rows), bad + len(rejected)
    seconds = time.monotonic() - began
    done = Done(part.number, count, bad, seconds, dict(reasons.most_common(_MOST_REASONS)))
    Journal(out.journal).finish(done)
    return done


def _batches(found: Iterable[Record]) -> Iterator[Sequence[Record]]:
    left = iter(found)
    while batch := list(islice(left, _AT_ONCE)):
        yield batch
