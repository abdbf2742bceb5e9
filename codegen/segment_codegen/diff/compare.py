"""Compares two sides event by event, and judges each change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .changes import changes
from .cover import Prover
from .found import Found, Spot, spot
from .objects import RENAMED
from .sources import Entry, Side
from .verdicts import BUMPS, Bump, Proof, Verdict, verdict
from .versions import bump_between

__all__ = ["Change", "Comparison", "compare"]


@dataclass(frozen=True)
class Change:
    """A change and its verdict. `subject` is the event, and after a `#` the keys that lead there."""

    subject: str
    found: Found
    verdict: Verdict
    is_waived: bool = False

    @property
    def rule(self) -> str:
        """The rule's name, by which it is waived."""
        return self.found.rule

    @property
    def is_breaking(self) -> bool:
        """Whether it needs a major bump, and nobody has waived it."""
        return self.verdict.is_breaking and not self.is_waived


@dataclass(frozen=True)
class Comparison:
    """What became of an event, and whether its new schema provably takes all that the old one did."""

    name: str
    old_version: str
    new_version: str
    proof: Proof
    changes: tuple[Change, ...]
    is_contract: bool = False

    @property
    def needed(self) -> Bump:
        """The bump that the changes need, those that are waived aside."""
        return max(
            (each.verdict.bump for each in self.changes if not each.is_waived),
            key=BUMPS.index,
            default="none",
        )

    @property
    def declared(self) -> Bump:
        """The bump that the versions tell of."""
        return bump_between(self.old_version, self.new_version)


def compare(old: Side, new: Side) -> tuple[Comparison, ...]:
    """Answer what became of each event that changed or whose version did, by name.

    Events are paired by their names or, where a side is one JSON Schema, with what is on the other.
    """
    return tuple(sorted(_comparisons(old, new), key=lambda each: (each.name, each.old_version)))


def _comparisons(old: Side, new: Side) -> Iterator[Comparison]:
    pairs, gone, added = _paired(old, new)
    prover = Prover(old.documents, new.documents)
    for before, after in pairs:
        found = _compared(before, old, after, new, prover)
        if found.changes or found.old_version != found.new_version:
            yield found
    for entry in gone:
        rule, message = ("event-removed", "the event is gone") if entry.is_current else _VERSION_REMOVED
        here = Found((), rule, message, spot(entry.schema), Spot(new.path.as_posix(), ""))
        yield Comparison(entry.name, entry.version, "", "unknown", (_change(entry, here),))
    for entry in added:
        here = Found((), "event-added", "the event is new", Spot(old.path.as_posix(), ""), spot(entry.schema))
        yield Comparison(entry.name, "", entry.version, "unknown", (_change(entry, here),))


_OPEN = frozenset({"branch-overlap", "rewritten-unproved"})
"""The rules of what breaks producers or does not, as far as the rules know."""
_VERSION_REMOVED = ("version-removed", "this version of the event is gone")


def _paired(old: Side, new: Side) -> tuple[list[tuple[Entry, Entry]], list[Entry], list[Entry]]:
    """Answer which events are compared with which, and those that are on one side only.

    Of the versions of an event the current ones are, and an older one with the same, if it is there still.
    """
    if old.is_one_file and new.is_one_file:
        return [(old.entries[0], new.entries[0])], [], []
    current = {each.name: each for each in new.entries if each.is_current}
    every = {(each.name, each.version): each for each in new.entries}
    renamed = {former: each for each in current.values() if (former := _former(each))}
    pairs: list[tuple[Entry, Entry]] = []
    gone: list[Entry] = []
    for entry in old.entries:
        now = current.get(entry.name) or renamed.get(entry.name)
        after = now if entry.is_current else every.get((entry.name, entry.version))
        if after is None:
            gone.append(entry)
        else:
            pairs.append((entry, after))
    known = {entry.name for entry in old.entries} | {after.name for _, after in pairs}
    return pairs, gone, [each for each in current.values() if each.name not in known]


def _former(entry: Entry) -> str:
    """Answer the name that an event had before; "" where it does not say one."""
    former = entry.schema.keywords.get(RENAMED)
    return f"{entry.name.partition('/')[0]}/{former}" if isinstance(former, str) else ""


def _compared(old: Entry, old_side: Side, new: Entry, new_side: Side, prover: Prover) -> Comparison:
    proof = prover.covers(new.schema, old.schema)
    found = changes(old.schema, old_side.library, new.schema, new_side.library, prover)
    judged = [_change(new, each) for each in (*found, *_noted(old, new))]
    if old.name != new.name and not (old_side.is_one_file and not _says_name(old, new)):
        message = f"{old.name!r} became {new.name!r}"
        judged.append(_change(new, Found((), "event-renamed", message, spot(old.schema), spot(new.schema))))
    if proof == "no" and all(each.verdict.producers == "fine" or each.rule in _OPEN for each in judged):
        message = "the new schema refuses what the old one took, though no single change says so"
        judged.append(
            _change(new, Found((), "unexplained-break", message, spot(old.schema), spot(new.schema)))
        )
    return Comparison(new.name, old.version, new.version, proof, tuple(judged), new.is_contract)


def _noted(old: Entry, new: Entry) -> Iterator[Found]:
    spots = spot(old.schema), spot(new.schema)
    if old.doc != new.doc:
        yield Found((), "note-changed", "the description of the event changed", *spots)
    if old.is_deprecated != new.is_deprecated:
        said = "is deprecated" if new.is_deprecated else "is no longer deprecated"
        yield Found((), "note-changed", f"the event {said}", *spots)


def _says_name(*entries: Entry) -> bool:
    """Tell whether the schemas themselves say what their events are called."""
    return all("x-event" in each.schema.keywords for each in entries)


def _change(entry: Entry, found: Found) -> Change:
    path = ".".join(found.path)
    return Change(
        f"{entry.name}#{path}" if path else entry.name, found, verdict(found.rule, is_proved=found.is_proved)
    )
