"""What can be wrong with a schema, as values: every problem is collected, and all are reported at once.

An error stops the work; a note says what the output leaves out or takes for granted, and is printed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

__all__ = ["Diagnostic", "Finding", "SchemaError", "Severity", "pointer", "settle"]

Severity = Literal["error", "note"]


@dataclass(frozen=True, order=True)
class Diagnostic:
    """One problem: the file and JSON pointer where it is, what is wrong, what to do, and the rule's name."""

    file: str
    pointer: str
    message: str
    hint: str
    rule: str = ""
    severity: Severity = "error"

    def __str__(self) -> str:
        rule = f" [{self.rule}]" if self.rule else ""
        note = "note: " if self.severity == "note" else ""
        return f"{self.file}#{self.pointer}: {note}{self.message}{rule}\n  hint: {self.hint}"


@dataclass(frozen=True)
class Finding:
    """A problem that a rule found, by the steps from the place where the rule looked."""

    steps: tuple[str | int, ...]
    message: str
    hint: str


class SchemaError(Exception):
    """Schema files that nothing can be generated from; `diagnostics` lists every problem found."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = tuple(sorted(set(diagnostics)))
        super().__init__("\n".join(map(str, self.diagnostics)))


def settle(found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Answer the notes among these, sorted, each once; raises SchemaError with all where one is an error."""
    each_once = tuple(sorted(set(found)))
    if any(each.severity == "error" for each in each_once):
        raise SchemaError(each_once)
    return each_once


def pointer(*steps: str | int) -> str:
    """Answer the JSON pointer (RFC 6901) of these steps."""
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in steps)
