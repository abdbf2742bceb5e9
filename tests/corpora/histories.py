"""Holds what `diff` says of the versions of real schemas against an independent validator."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from segment_codegen.diff.outcome import Outcome, diff
from segment_codegen.diff.verdicts import BUMPS, Bump
from segment_codegen.diff.versions import bump_between
from segment_codegen.errors import SchemaError
from segment_codegen.plans.detect import read_plan

from tests.corpora.examples import examples
from tests.corpora.sources import validator, whole_schema

__all__ = ["History", "histories"]

_VERSION = re.compile("[0-9]+([.-][0-9]+)*")
_EXAMPLES = 20
_UNTOLD = frozenset({"$schema", "self"})
"""What is another in each version and no change: its number, and where the meta-schema lies."""


@dataclass
class History:
    """A schema's versions, what each step from one to the next needs, and what its diff has wrong.

    `short` are the steps whose versions say less than they need, `held` counts the examples that were tried.
    """

    name: str
    files: Sequence[Path]
    needed: list[Bump] = field(default_factory=list)
    short: list[str] = field(default_factory=list)
    held: int = 0
    failures: list[str] = field(default_factory=list)

    def run(self) -> None:
        """Compare each version with the one before."""
        for old, new in pairwise(self.files):
            step = f"{self.name} {old.stem} to {new.stem}"
            try:
                outcome = diff(old, new)
            except Exception as error:  # noqa: BLE001 - whatever is raised is a failure to report
                self.failures.append(f"{step}: {error!r}")
                continue
            needed: Bump = max((each.needed for each in outcome.comparisons), key=BUMPS.index, default="none")
            declared = bump_between(old.stem, new.stem)
            self.needed.append(needed)
            if BUMPS.index(declared) < BUMPS.index(needed):
                self.short.append(f"{step}: needs a {needed} bump, has a {declared} one")
            self.failures += (f"{step}: {each}" for each in self._wrong(old, new, outcome))

    def _wrong(self, old: Path, new: Path, outcome: Outcome) -> Iterator[str]:
        changes = [change for each in outcome.comparisons for change in each.changes]
        if not changes and _told(old) != _told(new):
            yield "the schemas differ, and no change is told"
        if any(change.rule == "unexplained-break" for change in changes):
            yield "what breaks is not explained"
        if any(change.verdict.producers != "fine" for change in changes):
            return
        try:
            before = whole_schema(read_plan(old).rules[0].schema)
            after = validator(whole_schema(read_plan(new).rules[0].schema))
        except SchemaError:  # a schema of a list is compared, and has no events to make
            return
        for document in examples(before, _EXAMPLES):
            self.held += 1
            if not after.is_valid(document):
                yield f"is said to break nobody, and refuses {document}"


def histories(folder: Path) -> Iterator[History]:
    """Yield each folder that holds several versions of a schema and nothing else, the oldest first."""
    for inside in sorted({file.parent for file in folder.rglob("*.json")}):
        files = sorted(inside.iterdir(), key=_numbers)
        if len(files) > 1 and all(_VERSION.fullmatch(each.stem) for each in files):
            yield History(inside.name, files)


def _numbers(file: Path) -> list[int]:
    return [int(each) for each in re.findall("[0-9]+", file.stem)]


def _told(file: Path) -> dict[str, object]:
    return {key: value for key, value in json.loads(file.read_text("utf-8")).items() if key not in _UNTOLD}
