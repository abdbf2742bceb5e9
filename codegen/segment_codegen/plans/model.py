"""What a tracking plan says, whatever its format: no trace of the format, and no name of Python."""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import Diagnostic
from ..ir import CallType
from ..places import Place

__all__ = ["Plan", "Rule"]


@dataclass(frozen=True)
class Rule:
    """One event of a plan: the call that sends it, its name on the wire ("" where the call has none),
    its version as the plan writes it, and where the schema of its properties, or of its traits, stands.
    """

    type: CallType
    name: str
    version: str
    doc: str
    schema: Place
    deprecated: bool = False

    @property
    def identity(self) -> str:
        """What tells the event from every other of the plan: `track/Order Completed`."""
        return f"{self.type}/{self.name}"


@dataclass(frozen=True)
class Plan:
    """A tracking plan: what names it, its rules, sorted, as formats keep no order, and what to say of it."""

    id: str
    name: str
    version: str
    rules: tuple[Rule, ...]
    notes: tuple[Diagnostic, ...] = ()
