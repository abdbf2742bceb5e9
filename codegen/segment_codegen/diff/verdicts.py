"""The table of changes: what each does to producers and to the warehouse, and the version bump it needs.

Producers are the programs that still send by the old schema; the warehouse is the tables and the queries on
them. The rules stand in the order of `docs/diff.md`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

__all__ = ["BUMPS", "RULES", "Bump", "Producers", "Proof", "Verdict", "verdict"]

Producers = Literal["fine", "may break", "breaks"]
Proof = Literal["yes", "no", "unknown"]
"""Whether the new schema provably accepts all that the old one did."""
Bump = Literal["none", "patch", "minor", "major"]
BUMPS: tuple[Bump, ...] = ("none", "patch", "minor", "major")
"""The bumps, the smallest first."""

_NEEDED: Mapping[Producers, Bump] = {"fine": "patch", "may break": "minor", "breaks": "major"}


@dataclass(frozen=True)
class Verdict:
    """What a change does: to producers, to the warehouse in a few words, and the bump that the latter needs.

    `warns` marks what deserves a look though it breaks nobody for certain.
    """

    change: str
    producers: Producers
    warehouse: str
    column_bump: Bump = "patch"
    warns: bool = False

    @property
    def bump(self) -> Bump:
        """The bump that the change needs: the greater of what producers and the warehouse need."""
        return max(_NEEDED[self.producers], self.column_bump, key=BUMPS.index)

    @property
    def is_breaking(self) -> bool:
        """Whether the change needs a major bump."""
        return self.bump == "major"


def verdict(rule: str, *, is_proved: bool) -> Verdict:
    """Answer a rule's verdict; where containment is proved no change is worse for producers than fine."""
    found = RULES[rule]
    if found.producers == "fine" or not is_proved:
        return found
    bump = max(found.column_bump, "minor", key=BUMPS.index)
    return Verdict(found.change, "fine", found.warehouse, bump, found.warns)


RULES: Mapping[str, Verdict] = {
    "event-added": Verdict("an event is new", "fine", "new table", "minor"),
    "event-removed": Verdict("an event is gone", "breaks", "breaks: its table gets no rows", "major"),
    "event-renamed": Verdict(
        "an event has another name on the wire", "breaks", "breaks: its rows have another name", "major"
    ),
    "version-removed": Verdict("an older version of an event is gone", "breaks", "fine"),
    "property-added": Verdict("an optional property is new", "fine", "new column", "minor"),
    "property-added-open": Verdict(
        "an optional property is new in an open object, where old data may hold the name with another type",
        "may break",
        "new column",
        "minor",
        warns=True,
    ),
    "required-property-added": Verdict(
        "a required property is new, with or without a default", "breaks", "new column", "minor"
    ),
    "property-removed": Verdict(
        "a property of a closed object is gone",
        "breaks",
        "breaks: queries on the column; keep the column, deprecate",
        "major",
    ),
    "property-removed-open": Verdict(
        "a property of an open object is no longer described",
        "fine",
        "breaks: queries on the column; keep the column, deprecate",
        "major",
    ),
    "property-renamed": Verdict(
        "a property has another name, and says by `x-renamed-from` which it had",
        "breaks",
        "breaks: the values arrive in another column",
        "major",
    ),
    "property-required": Verdict("an optional property is required", "breaks", "fine"),
    "property-optional": Verdict(
        "a required property is optional", "fine", "breaks: a NOT NULL column", "major"
    ),
    "property-optional-nullable": Verdict(
        "a required property is optional, and its column was Nullable", "fine", "fine", "minor"
    ),
    "type-widened": Verdict("more types are allowed", "fine", "column changes", "major"),
    "type-narrowed": Verdict("fewer types are allowed", "breaks", "fine"),
    "type-changed": Verdict("other types are allowed", "breaks", "breaks: the column's type", "major"),
    "null-admitted": Verdict("null is allowed", "fine", "column changes: Nullable", "major"),
    "null-refused": Verdict("null is no longer allowed", "breaks", "fine"),
    "enum-value-added": Verdict("a value more is allowed", "fine", "enum columns need ALTER", "minor"),
    "enum-value-removed": Verdict(
        "a value less is allowed", "breaks", "breaks: stored rows; keep it in the DDL for ever", "major"
    ),
    "enum-imposed": Verdict("only listed values are allowed", "breaks", "fine"),
    "enum-lifted": Verdict(
        "values that are not listed are allowed", "fine", "enum columns need ALTER", "minor"
    ),
    "pattern-imposed": Verdict("texts must match a pattern", "breaks", "fine"),
    "pattern-edited": Verdict(
        "the pattern is another: taken as breaking unless proved otherwise", "breaks", "fine"
    ),
    "pattern-lifted": Verdict("texts need not match a pattern", "fine", "fine", "minor"),
    "limit-tightened": Verdict("a length, count or range is smaller", "breaks", "fine"),
    "limit-loosened": Verdict(
        "a length, count or range is larger, or not limited", "fine", "column range may change", "minor"
    ),
    "format-imposed": Verdict("texts must have a format", "breaks", "fine"),
    "format-changed": Verdict("texts must have another format", "breaks", "column may change", "minor"),
    "format-lifted": Verdict("texts need not have a format", "fine", "column may change", "minor"),
    "object-closed": Verdict("keys that are not listed are refused, or limited", "breaks", "fine"),
    "object-opened": Verdict("keys that are not listed are allowed", "fine", "unknown keys arrive", "minor"),
    "branch-added": Verdict("a form more is allowed", "fine", "new columns", "minor"),
    "branch-removed": Verdict("a form less is allowed", "breaks", "fine"),
    "branch-overlap": Verdict(
        "a form of `oneOf` is new or another, so that a value may fit two forms and be refused",
        "may break",
        "fine",
        warns=True,
    ),
    "condition-added": Verdict(
        "a condition is new (if, not, allOf, dependentRequired, contains, ...)", "breaks", "fine"
    ),
    "condition-changed": Verdict(
        "a condition is another: taken as breaking unless proved otherwise", "breaks", "fine"
    ),
    "condition-removed": Verdict("a condition is gone", "fine", "column range may change", "minor"),
    "default-changed": Verdict("the default is another", "fine", "meaning changes", "minor", warns=True),
    "column-changed": Verdict("`x-clickhouse` is another", "fine", "breaks: the column's type", "major"),
    "wire-path-changed": Verdict(
        "`x-segment` is another", "fine", "breaks: the value arrives elsewhere in Segment's format", "major"
    ),
    "personal-data-marked": Verdict("a property is marked as personal data", "fine", "governance", "minor"),
    "personal-data-unmarked": Verdict(
        "a property is no longer marked as personal data", "fine", "governance", "minor", warns=True
    ),
    "note-changed": Verdict("title, description, examples, deprecated or another note", "fine", "fine"),
    "rewritten": Verdict("the same is said in other words", "fine", "fine"),
    "rewritten-unproved": Verdict(
        "something is said in other words, and whether it is the same is not known",
        "may break",
        "fine",
        warns=True,
    ),
    "unexplained-break": Verdict(
        "no single change breaks producers, but the new schema provably refuses what the old one took",
        "breaks",
        "fine",
    ),
}
"""What becomes of whom, by the name of the change."""
