"""Plans a backfill, or takes up the plan of a run before."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from segment_client.backfill.journal import Journal, Plan
from segment_client.backfill.parts import archives, parts_of
from segment_client.errors import InvalidValueError

__all__ = ["planned"]


def planned(paths: Iterable[Path], out: Path, size: int, entity_gid: UUID | None, partition: str) -> Plan:
    """Return the plan that the journal now holds: a new one, or that of before with the archives since.

    Raises InvalidValueError for what is no archive, for one that has changed, and where the run before read
    calls otherwise.
    """
    files, journal = archives(paths), Journal(out)
    old = journal.plan()
    if old is None:
        plan = Plan(tuple(parts_of(files, size)), datetime.now(UTC), entity_gid, partition)
        journal.write_plan(plan)
        return plan
    if (old.entity_gid, old.partition) != (entity_gid, partition):
        hint = "pass the same, or another --out"
        raise InvalidValueError(f"{out} was begun with another entity or partition: {hint}")
    sizes = {each.file: each.size for each in old.parts}
    for file in files:
        if sizes.get(str(file), file.stat().st_size) != file.stat().st_size:
            raise InvalidValueError(f"{file} has changed since {out} was begun: name another --out")
    new = [file for file in files if str(file) not in sizes]
    if not new:
        return old
    parts = (*old.parts, *parts_of(new, size, len(old.parts)))
    plan = Plan(parts, old.made_at, old.entity_gid, old.partition)
    journal.write_plan(plan)
    return plan
