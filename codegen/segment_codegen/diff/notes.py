"""Compares what schemas say that decides on no value: notes, defaults, columns, marks of personal data."""

from __future__ import annotations

from collections.abc import Iterator

from .found import Found, Keys, spot
from .meaning import text
from .nodes import Node

__all__ = ["compare_notes"]


_RULES = {
    "default": "default-changed",
    "x-clickhouse": "column-changed",
    "x-segment": "wire-path-changed",
    "x-segment-mirror": "wire-path-changed",
}
_PERSONAL = frozenset({"x-pii", "pii", "x-personal"})
_NAMES = frozenset(
    (
        "$anchor",
        "$defs",
        "$id",
        "$schema",
        "eventMetadata",
        "id",
        "key",
        "labels",
        "self",
        "x-event",
        "x-renamed-from",
        "x-type",
        "x-version",
    )
)
"""Words by which schemas are found and versions told, and those that only some formats of plans have."""


def compare_notes(old: Node, new: Node, path: Keys) -> Iterator[Found]:
    """Yield which notes are others."""
    before, after = old.notes, new.notes
    for word in before.keys() | after.keys():
        if word in _NAMES | _PERSONAL:
            continue
        if text(old.value(word)) != text(new.value(word)) or (word in before) != (word in after):
            verb = "is new" if word not in before else "is gone" if word not in after else "changed"
            rule = _RULES.get(word, "note-changed")
            yield Found(path, rule, f"{word!r} {verb}", spot(old.at(word)), spot(new.at(word)))
    marks = [sorted(word for word in _PERSONAL if each.value(word)) for each in (old, new)]
    if bool(marks[0]) != bool(marks[1]):
        rule = "personal-data-marked" if marks[1] else "personal-data-unmarked"
        said = "is marked as" if marks[1] else "is not marked any more as"
        word = (marks[1] or marks[0])[0]
        yield Found(path, rule, f"it {said} personal data", spot(old.at(word)), spot(new.at(word)))
