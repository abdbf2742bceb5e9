"""Writes what was found so that it can be nothing but text: for terminals, and as GitHub's annotations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from .lines import lines_of

__all__ = ["Annotation", "Level", "commands", "shown"]

Level = Literal["error", "warning", "notice"]


@dataclass(frozen=True)
class Annotation:
    """What GitHub shows beside a line: how grave, the file and JSON pointer, a title and a text."""

    level: Level
    file: str
    pointer: str
    title: str
    text: str


def shown(text: str) -> str:
    """Answer a text on one line, with what no terminal should be sent as its escapes."""
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)


def commands(found: Iterable[Annotation]) -> Iterator[str]:
    """Yield workflow commands, which end at a line feed and have `%` as their escape."""
    lines: dict[str, dict[str, int]] = {}
    for each in found:
        if each.file not in lines:
            lines[each.file] = lines_of(_read(each.file))
        line = lines[each.file].get(each.pointer, 1)
        where = f"file={_value(each.file)},line={line},title={_value(each.title)}"
        yield f"::{each.level} {where}::{_data(shown(each.text))}"


def _read(file: str) -> str:
    path = Path(file)
    return path.read_text("utf-8-sig") if path.is_file() else ""


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _value(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
