"""Writes a diff for people, for programs, and for GitHub, which shows it beside the lines."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict

from ..annotate import Annotation, Level, commands, shown
from ..reports import annotation
from ..reports import report as report_remarks
from .compare import Change, Comparison
from .outcome import Outcome
from .verdicts import BUMPS

__all__ = ["report_diff"]


def report_diff(outcome: Outcome, form: str) -> str:
    """Answer what changed in one of the formats, with a line feed at the end; "" for text without changes."""
    match form:
        case "json":
            return json.dumps(_json(outcome), indent=2) + "\n"
        case "github":
            found = (*_annotations(outcome), *map(annotation, outcome.unused))
            return "".join(f"{each}\n" for each in commands(found))
    return "".join(f"{each}\n" for each in _lines(outcome)) + report_remarks(outcome.unused, "text")


def _lines(outcome: Outcome) -> Iterator[str]:
    for each in outcome.comparisons:
        yield shown(_heading(each))
        for change in each.changes:
            found = change.found
            waived = " (waived)" if change.is_waived else ""
            path = f"{'.'.join(found.path)}: " if found.path else ""
            yield f"  {shown(f'{path}{found.message}')} [{change.rule}]{waived}"
            yield f"    {shown(str(found.new))}"
            yield f"    {_verdict(change)}"
    if outcome.migration and (outcome.migration.statements or outcome.migration.refused):
        yield "The warehouse's table:"
        yield from (f"  {shown(each)}" for each in outcome.migration.statements)
        yield from (
            f"  refused: {shown(f'{each.subject}: {each.reason}')}" for each in outcome.migration.refused
        )


def _heading(each: Comparison) -> str:
    """Answer what became of an event in one line: `track/A 1.0.0 to 1.1.0: needs a major bump`."""
    if not each.old_version and not each.new_version:
        versions = ""
    else:
        versions = f" {each.old_version or 'none'} to {each.new_version or 'none'}"
    needs = "" if each.needed == "none" else f": needs a {each.needed} bump"
    short = BUMPS.index(each.declared) < BUMPS.index(each.needed)
    has = (
        f", has {'none' if each.declared == 'none' else f'a {each.declared} one'}"
        if versions and short
        else ""
    )
    return f"{each.name}{versions}{needs}{has}"


def _verdict(change: Change) -> str:
    verdict = change.verdict
    return f"producers: {verdict.producers}; warehouse: {verdict.warehouse}; bump: {verdict.bump}"


def _annotations(outcome: Outcome) -> Iterator[Annotation]:
    for each in outcome.comparisons:
        for change in each.changes:
            level: Level = "notice"
            if outcome.is_problem(each, change):
                level = "error"
            elif not change.is_waived and (change.verdict.warns or change.verdict.is_breaking):
                level = "warning"
            text = f"{change.subject}: {change.found.message}; {_verdict(change)}"
            yield Annotation(level, change.found.new.file, change.found.new.pointer, change.rule, text)
    for refusal in outcome.lost:
        yield Annotation(
            "error", outcome.file, "", "table-loses-data", f"{refusal.subject}: {refusal.reason}"
        )


def _json(outcome: Outcome) -> dict[str, object]:
    return {
        "problems": outcome.problems,
        "events": [
            {
                "event": each.name,
                "oldVersion": each.old_version,
                "newVersion": each.new_version,
                "declared": each.declared,
                "needed": each.needed,
                "accepts": each.proof,
                "changes": [_change(outcome, each, change) for change in each.changes],
            }
            for each in outcome.comparisons
        ],
        "warehouse": asdict(outcome.migration) if outcome.migration else None,
        "unusedWaivers": [asdict(each) for each in outcome.unused],
    }


def _change(outcome: Outcome, comparison: Comparison, change: Change) -> dict[str, object]:
    found, verdict = change.found, change.verdict
    return {
        "rule": change.rule,
        "subject": change.subject,
        "message": found.message,
        "old": asdict(found.old),
        "new": asdict(found.new),
        "producers": verdict.producers,
        "warehouse": verdict.warehouse,
        "bump": verdict.bump,
        "breaking": verdict.is_breaking,
        "waived": change.is_waived,
        "problem": outcome.is_problem(comparison, change),
    }
