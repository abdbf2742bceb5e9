"""Writes what was found for people, for programs, and for GitHub, which shows it beside the lines."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path

from .lines import lines_of
from .plan_rules.model import Remark

__all__ = ["FORMATS", "report"]

FORMATS = ("text", "json", "github")


def report(remarks: Sequence[Remark], form: str) -> str:
    """Answer the remarks in one of the formats, with a line feed at the end; "" for text without any."""
    match form:
        case "json":
            return json.dumps([asdict(each) for each in remarks], indent=2) + "\n"
        case "github":
            return "".join(f"{each}\n" for each in _annotations(remarks))
    return "".join(
        f"{_shown(each.place)}: {_shown(each.message)} [{each.rule}]\n  hint: {_shown(each.hint)}\n"
        for each in remarks
    )


def _shown(text: str) -> str:
    """Answer a text on one line, with what no terminal should be sent as its escapes."""
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)


def _annotations(remarks: Iterable[Remark]) -> Iterable[str]:
    """Yield workflow commands, which end at a line feed and have `%` as their escape."""
    lines: dict[str, dict[str, int]] = {}
    for each in remarks:
        if each.file not in lines:
            lines[each.file] = lines_of(_read(each.file))
        line = lines[each.file].get(each.pointer, 1)
        where = f"file={_value(each.file)},line={line},title={_value(each.rule)}"
        yield f"::warning {where}::{_data(_shown(f'{each.message}; {each.hint}'))}"


def _read(file: str) -> str:
    path = Path(file)
    return path.read_text("utf-8-sig") if path.is_file() else ""


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _value(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
