"""What a diff comes to: the changes, those that are waived, and whether they are in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ..options import read_options
from ..plan_rules.model import Remark
from ..plan_rules.waivers import read_waivers, unused
from ..warehouse.migration import Migration, Refusal
from .compare import Change, Comparison, compare
from .sources import latest_release, read_side
from .tables import migration
from .verdicts import RULES

__all__ = ["Outcome", "diff"]


@dataclass(frozen=True)
class Outcome:
    """The events that changed, and the waivers without effect.

    With `by_version` a breaking change is in order where the event's version has a new major number, or that
    of the schema folder has; so is what the warehouse's table cannot follow.
    """

    comparisons: tuple[Comparison, ...]
    unused: tuple[Remark, ...]
    by_version: bool = False
    migration: Migration | None = None
    file: str = ""

    @property
    def problems(self) -> int:
        """How many changes are not in order, of the schema and of the table, and how many waivers."""
        changes = ((each, change) for each in self.comparisons for change in each.changes)
        return (
            sum(self.is_problem(each, change) for each, change in changes) + len(self.unused) + len(self.lost)
        )

    @property
    def lost(self) -> tuple[Refusal, ...]:
        """What the warehouse's table cannot follow without loss, where no version allows for it."""
        major = any(each.is_contract and each.declared == "major" for each in self.comparisons)
        return () if self.migration is None or (self.by_version and major) else self.migration.refused

    def is_problem(self, comparison: Comparison, change: Change) -> bool:
        """Tell whether a change breaks somebody, without a waiver or a version that allows for it."""
        return change.is_breaking and not (self.by_version and self._is_major(comparison))

    def _is_major(self, comparison: Comparison) -> bool:
        return comparison.declared == "major" or (
            not comparison.new_version
            and any(each.is_contract and each.declared == "major" for each in self.comparisons)
        )


def diff(old: Path, new: Path, waivers: Sequence[str] = (), *, by_version: bool = False) -> Outcome:
    """Compare two plans, schema folders or schemas, less what the new one's options and the caller waive.

    The old one may be a folder of releases, of which the latest counts. Raises SchemaError for what is no
    plan and no schema.
    """
    before, after = read_side(latest_release(old)), read_side(new)
    options = read_options(new)
    own = read_waivers(options.diff, options.file, "diff", RULES)
    given = (*own, *read_waivers(waivers, "--waive", "", RULES))
    found = compare(before, after)
    waived = tuple(
        replace(
            each,
            changes=tuple(
                replace(change, is_waived=any(waiver.covers(change) for waiver in given))
                for change in each.changes
            ),
        )
        for each in found
    )
    changes = [change for each in found for change in each.changes]
    return Outcome(
        waived, tuple(unused(changes, given)), by_version, migration(before, after), after.documents[0].file
    )
