"""The output that is ClickHouse: the generated table of events, and that of what was rejected."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from semantic_events.warehouse import CELLS, COLUMNS

from segment_client.backfill.journal import Plan
from segment_client.backfill.output import Reject, Writer
from segment_client.backfill.parts import Part
from segment_client.errors import InvalidValueError, SinkError
from segment_client.sinks.address import Address
from segment_client.sinks.inserts import (
    REJECTED_COLUMNS,
    Inserts,
    Server,
    rejected_row,
    server_at,
    token_of,
)

__all__ = ["ClickHouse", "clickhouse_at"]

_TIMEOUT = 60.0
_ROWS = 10_000
"""Rows of an insert: few inserts, as a table remembers 1000 tokens, and little memory."""


def clickhouse_at(address: Address, journal: Path) -> ClickHouse:
    """Return the output at `clickhouse://...`; what the environment says of its user goes with it."""
    server = server_at(address, timeout=_TIMEOUT)
    return ClickHouse(journal, f"{address} ({server.table}, {server.rejected})", server)


@dataclass(frozen=True, slots=True)
class ClickHouse:
    """The tables of a server. Inserts have tokens by run, part and rows: a part done again is there once."""

    journal: Path
    into: str
    server: Server

    def prepare(self) -> None:
        """Ask the server for its tables."""
        try:
            with closing(Inserts(self.server)) as inserts:
                inserts.check(self.server.table, COLUMNS)
                inserts.check(self.server.rejected, REJECTED_COLUMNS)
        except SinkError as error:
            raise InvalidValueError(str(error)) from None

    @contextmanager
    def open(self, part: Part, plan: Plan) -> Iterator[Writer]:
        """Insert the rows of a part, the last ones when it is left without an error."""
        with closing(Inserts(self.server)) as inserts:
            writer = _Inserting(inserts, self.server, part, plan)
            yield writer
            writer.flush()

    def __str__(self) -> str:
        """Name the address and its tables."""
        return self.into


class _Inserting:
    """Gathers rows, and inserts them."""

    def __init__(self, inserts: Inserts, server: Server, part: Part, plan: Plan) -> None:
        self._inserts, self._server, self._now = inserts, server, plan.made_at
        self._part = f"{plan.made_at.isoformat()} {asdict(part)}"
        self._rows: list[Mapping[str, object]] = []
        self._rejected: list[Reject] = []
        self._flushed = 0

    def write(self, rows: Sequence[Mapping[str, object]], rejected: Sequence[Reject]) -> None:
        """Take rows and rejects; insert them where they are enough."""
        self._rows += rows
        self._rejected += rejected
        if len(self._rows) + len(self._rejected) >= _ROWS:
            self.flush()

    def flush(self) -> None:
        """Insert what was gathered."""
        rows, rejected = self._rows, self._rejected
        self._rows, self._rejected = [], []
        known = f"{self._part} {self._flushed}"
        self._flushed += 1
        if rows:
            columns = [[row.get(each.column, each.absent) for row in rows] for each in CELLS]
            token = token_of([known, *(str(row["event_gid"]) for row in rows)])
            self._inserts.insert(self._server.table, COLUMNS, columns, token, by_column=True)
        if rejected:
            values = [
                rejected_row(self._now, [asdict(flaw) for flaw in flaws], raw)
                for _, _, flaws, raw in rejected
            ]
            token = token_of([known, *(f"{position} {raw}" for _, position, _, raw in rejected)])
            self._inserts.insert(self._server.rejected, REJECTED_COLUMNS, values, token)
