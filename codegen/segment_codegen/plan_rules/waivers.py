"""Waivers: remarks that somebody has read and wants to leave as they are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..errors import Diagnostic, SchemaError, pointer
from .model import Remark

__all__ = ["Waiver", "read_waivers", "waive"]

_FORM = re.compile(r"([a-z-]+)(?:: *(.+))?", re.DOTALL)


@dataclass(frozen=True)
class Waiver:
    """The rule that is waived for an event, a property, or "" for all; `file` and `pointer` say where."""

    rule: str
    subject: str
    file: str
    pointer: str

    def covers(self, remark: Remark) -> bool:
        """Tell whether the remark is waived: by its subject, or the event or object that has it."""
        here = remark.subject
        return self.rule == remark.rule and (
            self.subject in ("", here) or here.startswith((f"{self.subject}#", f"{self.subject}."))
        )

    def __str__(self) -> str:
        return f"{self.rule}: {self.subject}" if self.subject else self.rule


def read_waivers(texts: Iterable[str], file: str, word: str, rules: Iterable[str]) -> tuple[Waiver, ...]:
    """Read `rule`, `rule: track/Event`, `rule: track/Event#property`; raises SchemaError for another text.

    They stand under a `word` of the file; without one they stand nowhere in particular.
    """
    known = sorted(rules)
    found: list[Waiver] = []
    problems: list[Diagnostic] = []
    for number, text in enumerate(texts):
        place = pointer(word, number) if word else ""
        match = _FORM.fullmatch(text)
        if match is None or match[1] not in known:
            hint = f'write "rule" or "rule: track/Event#property", with a rule of these: {", ".join(known)}'
            problems.append(Diagnostic(file, place, f"{text!r} waives no rule", hint, "unknown-waiver"))
            continue
        found.append(Waiver(match[1], match[2] or "", file, place))
    if problems:
        raise SchemaError(problems)
    return tuple(found)


def waive(remarks: Iterable[Remark], waivers: Iterable[Waiver]) -> tuple[Remark, ...]:
    """Answer the remarks that are not waived, each place once, and one for each waiver without effect."""
    listed, given = tuple(remarks), tuple(waivers)
    left = {
        (each.rule, each.file, each.pointer): each
        for each in reversed(listed)
        if not any(waiver.covers(each) for waiver in given)
    }
    return tuple(sorted([*left.values(), *_unused(listed, given)]))


def _unused(remarks: tuple[Remark, ...], waivers: tuple[Waiver, ...]) -> Iterator[Remark]:
    for waiver in waivers:
        if not any(map(waiver.covers, remarks)):
            message = f"the waiver {str(waiver)!r} waives nothing"
            hint = "leave it out: what it waived is mended, or it names another thing"
            yield Remark(waiver.file, waiver.pointer, "unused-waiver", waiver.subject, message, hint)
