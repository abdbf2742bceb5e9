"""Waivers: remarks that somebody has read and wants to leave as they are."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from ..errors import Diagnostic, SchemaError, pointer
from .model import Remark

__all__ = ["Waivable", "Waiver", "read_waivers", "unused", "waive"]

_FORM = re.compile(r"([a-z-]+)(?:: *(.+))?", re.DOTALL)


class Waivable(Protocol):
    """What a rule found, about an event or a property."""

    @property
    def rule(self) -> str:
        """The rule's name."""

    @property
    def subject(self) -> str:
        """The event, or after a `#` the property."""


@dataclass(frozen=True)
class Waiver:
    """The rule that is waived for an event, a property, or "" for all; `file` and `pointer` say where."""

    rule: str
    subject: str
    file: str
    pointer: str

    def covers(self, found: Waivable) -> bool:
        """Tell whether what was found is waived: by its subject, or the event or object that has it."""
        here = found.subject
        return self.rule == found.rule and (
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
    return tuple(sorted([*left.values(), *unused(listed, given)]))


def unused(found: Collection[Waivable], waivers: Iterable[Waiver]) -> Iterator[Remark]:
    """Yield a remark on each waiver that covers nothing of what was found."""
    for waiver in waivers:
        if not any(map(waiver.covers, found)):
            message = f"the waiver {str(waiver)!r} waives nothing"
            hint = "leave it out: what it waived is mended, or it names another thing"
            yield Remark(waiver.file, waiver.pointer, "unused-waiver", waiver.subject, message, hint)
