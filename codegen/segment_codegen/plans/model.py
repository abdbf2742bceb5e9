"""What a tracking plan says, whatever its format: no trace of the format, and no name of Python."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..errors import Diagnostic
from ..ir import CallType
from ..load import Document
from ..places import Place

__all__ = ["Plan", "Rule"]

_NUMBERS = re.compile("[0-9]+")


@dataclass(frozen=True)
class Rule:
    """One version of an event: the call that sends it, its name on the wire ("" where the call has none),
    its version as the plan writes it, and where the schema of its properties, or of its traits, stands.

    `is_current` tells the version that is meant where none is named; each event of a plan has one.
    """

    type: CallType
    name: str
    version: str
    doc: str
    schema: Place
    deprecated: bool = False
    is_current: bool = True

    @property
    def identity(self) -> str:
        """What tells the event from every other of the plan: `track/Order Completed`."""
        return f"{self.type}/{self.name}"

    @property
    def order(self) -> tuple[str, str, tuple[int, ...], str]:
        """What rules are sorted by: type, name, and version, where 1-0-10 comes after 1-0-9."""
        return self.type, self.name, tuple(map(int, _NUMBERS.findall(self.version))), self.version


@dataclass(frozen=True)
class Plan:
    """A tracking plan: what names it, its rules, sorted, as formats keep no order, and what to say of it.

    `documents` are its files, to which references can lead.
    """

    id: str
    name: str
    version: str
    rules: tuple[Rule, ...]
    notes: tuple[Diagnostic, ...] = ()
    documents: tuple[Document, ...] = ()
