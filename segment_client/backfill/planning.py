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


def planned(
    paths: Iterable[Path], folder: Path, size: int, entity_gid: UUID | None, partition: str, into: str = ""
) -> Plan:
    """Return the plan that the folder's journal now holds: a new one, or that of before with archives since.

    Raises InvalidValueError for what is no archive, for one that has changed, and where the run before read
    calls otherwise or wrote elsewhere.
    """
    files, journal = archives(paths, folder), Journal(folder)
    old = journal.plan()
    if old is None:
        plan = Plan(tuple(parts_of(files, size)), datetime.now(UTC), entity_gid, partition, into)
        journal.write_plan(plan)
        return plan
    option = "--journal" if into else "--out"
    if old.into != into:
        place = old.into or f"files in {folder}"
        raise InvalidValueError(f"{folder} is the journal of {place}: name another {option}")
    if (old.entity_gid, old.partition) != (entity_gid, partition):
        hint = f"pass the same, or another {option}"
        raise InvalidValueError(f"{folder} was begun with another entity or partition: {hint}")
    sizes = {Path(file).resolve(): size for file, size in {(each.file, each.size) for each in old.parts}}
    for file in files:
        if sizes.get(file.resolve(), file.stat().st_size) != file.stat().st_size:
            raise InvalidValueError(f"{file} has changed since {folder} was begun: name another {option}")
    new = [file for file in files if file.resolve() not in sizes]
    if not new:
        return old
    parts = (*old.parts, *parts_of(new, size, len(old.parts)))
    plan = Plan(parts, old.made_at, old.entity_gid, old.partition, old.into)
    journal.write_plan(plan)
    return plan
