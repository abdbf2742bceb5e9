"""Writes what was found for people, for programs, and for GitHub, which shows it beside the lines."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

from .annotate import Annotation, commands, shown
from .plan_rules.model import Remark

__all__ = ["FORMATS", "annotation", "report"]

FORMATS = ("text", "json", "github")


def report(remarks: Sequence[Remark], form: str) -> str:
    """Answer the remarks in one of the formats, with a line feed at the end; "" for text without any."""
    match form:
        case "json":
            return json.dumps([asdict(each) for each in remarks], indent=2) + "\n"
        case "github":
            return "".join(f"{each}\n" for each in commands(map(annotation, remarks)))
    return "".join(
        f"{shown(each.place)}: {shown(each.message)} [{each.rule}]\n  hint: {shown(each.hint)}\n"
        for each in remarks
    )


def annotation(remark: Remark) -> Annotation:
    """Answer a remark as GitHub shows it."""
    return Annotation("warning", remark.file, remark.pointer, remark.rule, f"{remark.message}; {remark.hint}")
