"""The sink that inserts into ClickHouse: the generated table of events, and that of rejected calls."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from semantic_events.row_values import RowError
from semantic_events.warehouse import COLUMNS, to_row

from segment_client.sinks import Event, Rejection, Sink, Unfit
from segment_client.sinks.address import Address
from segment_client.sinks.inserts import REJECTED_COLUMNS, Inserts, Server, rejected_row, server_at, token_of
from segment_client.sinks.parameters import read_seconds
from segment_client.sinks.rejects import reject_of
from segment_client.sinks.together import Together

__all__ = ["ClickHouseSink", "open_clickhouse"]

_ENOUGH = 50_000

_Row = tuple[bool, str, Sequence[object]]
"""Whether it is an event, what tells it from others, and its values."""


def open_clickhouse(address: Address) -> Sink:
    """Return the sink of `clickhouse://user@host:8123/database?table=T&rejected=T&timeout=8&linger=0.1`.

    `linger` is how long a write waits for others; the rest is as `server_at` reads it.
    """
    linger = read_seconds(address.parameters, "linger", 0.1)
    return ClickHouseSink(server_at(address, own={"linger"}), linger=linger)


class ClickHouseSink:
    """Inserts the writes that come within `linger` seconds at once, in ClickHouse's native format.

    An insert that got no answer is tried again with the same deduplication token, so that it is there once.
    Where an event comes in two inserts, the table's engine keeps one of them when it merges.
    """

    def __init__(self, server: Server, *, linger: float) -> None:
        self._server = server
        self._inserts = Inserts(server)
        self._together = Together(self._insert_all, linger=linger, enough=_ENOUGH)

    def write(
        self, events: Sequence[Event], rejected: Sequence[Rejection], received_at: datetime
    ) -> Sequence[Unfit]:
        """Insert all, and return when ClickHouse has it."""
        rows: list[_Row] = []
        unfit: list[Unfit] = []
        for position, event in enumerate(events):
            model = event.model
            try:
                row = to_row(model)
            except RowError as error:
                unfit.append(Unfit(position, f"ClickHouse cannot hold it: {error}"))
            else:
                rows.append((True, str(model.event_gid), list(row.values())))
        for call in rejected:
            kept = reject_of(call)
            values = rejected_row(received_at, kept.errors, kept.raw)
            rows.append((False, f"{received_at.isoformat()}{kept.raw}", values))
        if rows:
            self._together.add(rows)
        return unfit

    def close(self) -> None:
        """Close the connections."""
        self._inserts.close()

    def _insert_all(self, rows: Sequence[_Row]) -> None:
        for is_event, table, columns in (
            (True, self._server.table, COLUMNS),
            (False, self._server.rejected, REJECTED_COLUMNS),
        ):
            chosen = [row for row in rows if row[0] is is_event]
            if chosen:
                token = token_of(known for _, known, _ in chosen)
                self._inserts.insert(table, columns, [values for _, _, values in chosen], token)
