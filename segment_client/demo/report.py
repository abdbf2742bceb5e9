"""The demo's report: tables for people. The one importer of rich."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text
from semantic_events.wire import CALL_TYPES

from segment_client.demo.arrivals import Arrivals
from segment_client.demo.outcome import Outcome

__all__ = ["Report"]

_PLAIN_WIDTH = 100


class Report:
    """Writes to standard output: in colour on a terminal, else plain text of 100 columns."""

    def __init__(self) -> None:
        console = Console(highlight=False)
        self._console = console if console.is_terminal else Console(highlight=False, width=_PLAIN_WIDTH)

    def done(self, what: str) -> None:
        """Say what went well."""
        self._line("ok", "green", what)

    def wrong(self, what: str) -> None:
        """Say what did not."""
        self._line("no", "bold red", what)

    def gap(self) -> None:
        """Leave a line empty."""
        self._console.print()

    def sent(self, outcomes: Sequence[Outcome]) -> None:
        """Show who sent what, and what was answered."""
        table = _table("By", "Call", "Answer")
        for sender, group in groupby(outcomes, key=lambda outcome: outcome.sender):
            for index, outcome in enumerate(group):
                table.add_row(
                    Text("" if index else sender), Text(outcome.call), Text(outcome.answer, _style(outcome))
                )
        self._show("What was sent", table)

    def accepted(self, arrivals: Arrivals) -> None:
        """Count the stored events by type and by the client that made them."""
        table = _table("Made by", *CALL_TYPES, "total", numbers=True)
        counts = Counter((_client(event), event["type"]) for event in arrivals.events)
        for client in dict.fromkeys(_client(event) for event in arrivals.events):
            row = [counts[client, call_type] for call_type in CALL_TYPES]
            table.add_row(
                Text(client), *(str(count or "") for count in row), Text(str(sum(row)), "bold green")
            )
        self._show("What the collector keeps", table)

    def refused(self, outcomes: Sequence[Outcome], arrivals: Arrivals) -> None:
        """Show what the client refused to send and what the collector rejected, with the reasons."""
        table = _table("Refused by", "Call", "Field", "Reason")
        for outcome in outcomes:
            _add_refusal(table, "the client", outcome.call.partition("(")[0], outcome.refusals)
        for call in arrivals.rejected:
            reasons = [(error["path"], error["message"]) for error in call["errors"]]
            _add_refusal(
                table, "the collector", f"{call['raw'].get('type')} {call['raw'].get('event')}", reasons
            )
        self._show("What was refused, and why", table)

    def _show(self, title: str, table: Table) -> None:
        self._console.print(Text(f"\n{title}\n", "bold"))
        self._console.print(table)

    def _line(self, mark: str, style: str, what: str) -> None:
        self._console.print(Text.assemble((mark, style), "  ", what))


def _table(first: str, *others: str, numbers: bool = False) -> Table:
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    table.add_column(first, no_wrap=True, style="cyan")
    for name in others:
        table.add_column(name, justify="right" if numbers else "left")
    return table


def _add_refusal(table: Table, by: str, call: str, reasons: Sequence[tuple[str, str]]) -> None:
    for index, (field, reason) in enumerate(reasons):
        table.add_row(*(("", "") if index else (by, Text(call))), Text(field), Text(reason, "yellow"))


def _style(outcome: Outcome) -> str:
    if outcome.problem is not None:
        return "bold red"
    return "green" if outcome.message_ids and not outcome.rejected else "yellow"


def _client(event: dict[str, Any]) -> str:
    library = event.get("library", {})
    return f"{library.get('name', '(no library named)')} {library.get('version', '')}".rstrip()
