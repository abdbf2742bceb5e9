"""The sink that inserts into ClickHouse: the generated table of events, and that of rejected calls."""

from __future__ import annotations

import hashlib
import math
import os
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from importlib import import_module
from typing import Any, Protocol

from semantic_events.row_values import RowError
from semantic_events.warehouse import COLUMNS, TABLE, to_row

from segment_client.errors import InvalidValueError, SinkError
from segment_client.sinks import Event, Rejection, Sink, Unfit
from segment_client.sinks.address import Address
from segment_client.sinks.parameters import read_seconds
from segment_client.sinks.rejects import reject_of
from segment_client.sinks.together import Together

__all__ = ["ClickHouseSink", "Server", "open_clickhouse"]

_ERROR = ("path", "message", "type")
_REJECTED_COLUMNS = ("received_at", *(f"errors.{part}" for part in _ERROR), "raw")
_PORTS = {"clickhouse": 8123, "clickhouses": 8443}
_WAIT = 0.25
_ENOUGH = 50_000

_Row = tuple[bool, str, Sequence[object]]
"""Whether it is an event, what tells it from others, and its values."""


class _Client(Protocol):
    """A `clickhouse_connect` client, as far as it is used here."""

    def insert(
        self,
        table: str,
        data: Sequence[Sequence[object]],
        column_names: Sequence[str],
        settings: dict[str, Any],
    ) -> object:
        """Insert rows."""

    def close(self) -> None:
        """Give up the connections."""


@dataclass(frozen=True, slots=True)
class Server:
    """Where the tables are. `timeout` is in seconds, for an insert with all of its attempts."""

    host: str
    port: int
    user: str = field(repr=False)
    password: str = field(repr=False)
    database: str
    secure: bool
    table: str
    rejected: str
    timeout: float


def open_clickhouse(address: Address) -> Sink:
    """Return the sink of `clickhouse://user@host:8123/database?table=T&rejected=T&timeout=8&linger=0.1`.

    `clickhouses` is the same over TLS, on port 8443 unless given. User and password may stand in the
    environment, as CLICKHOUSE_USER and CLICKHOUSE_PASSWORD. `linger` is how long a write waits for others.
    """
    parameters = dict(address.parameters)
    timeout = read_seconds(parameters, "timeout", 8.0)
    linger = read_seconds(parameters, "linger", 0.1)
    table = parameters.get("table", TABLE)
    try:
        host, port = address.parts.hostname, address.parts.port
    except ValueError:
        raise InvalidValueError(
            "the sink's port is no number: write clickhouse://host:8123/database"
        ) from None
    if not host or not address.path:
        raise InvalidValueError("the sink names no host or database: write clickhouse://host:8123/database")
    for name in parameters.keys() - {"timeout", "linger", "table", "rejected"}:
        raise InvalidValueError(
            f"the sink's address has {name!r}: leave it out, ClickHouse's sink has no such parameter"
        )
    server = Server(
        host,
        port or _PORTS[address.scheme],
        address.parts.username or os.environ.get("CLICKHOUSE_USER", "default"),
        address.parts.password or os.environ.get("CLICKHOUSE_PASSWORD", ""),
        address.path,
        address.scheme == "clickhouses",
        table,
        parameters.get("rejected", f"{table}_rejected"),
        timeout,
    )
    return ClickHouseSink(server, linger=linger)


class ClickHouseSink:
    """Inserts the writes that come within `linger` seconds at once, in ClickHouse's native format.

    An insert that got no answer is tried again with the same deduplication token, so that it is there once.
    Where an event comes in two inserts, the table's engine keeps one of them when it merges.
    """

    def __init__(self, server: Server, *, linger: float) -> None:
        self._server = server
        self._library = _library()
        self._client: _Client | None = None
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
            errors = ([str(error.get(part, "")) for error in kept.errors] for part in _ERROR)
            values = (received_at, *errors, kept.raw)
            rows.append((False, f"{received_at.isoformat()}{kept.raw}", values))
        if rows:
            self._together.add(rows)
        return unfit

    def close(self) -> None:
        """Close the connections."""
        if self._client is not None:
            self._client.close()
            self._client = None

    def _insert_all(self, rows: Sequence[_Row]) -> None:
        for is_event, table, columns in (
            (True, self._server.table, COLUMNS),
            (False, self._server.rejected, _REJECTED_COLUMNS),
        ):
            chosen = [row for row in rows if row[0] is is_event]
            if chosen:
                token = _token(known for _, known, _ in chosen)
                self._insert(table, columns, [values for _, _, values in chosen], token)

    def _insert(
        self, table: str, columns: Sequence[str], values: Sequence[Sequence[object]], token: str
    ) -> None:
        """Insert rows, and try again where that failed, until the time is over."""
        until = time.monotonic() + self._server.timeout
        settings = {"insert_deduplication_token": token, "async_insert": 0}
        while True:
            try:
                self._connected().insert(table, values, columns, settings=settings)
            except self._library.errors as error:
                self.close()
                if time.monotonic() + _WAIT > until:
                    raise SinkError(_words(error)) from None
                time.sleep(_WAIT)
            else:
                return

    def _connected(self) -> _Client:
        if self._client is None:
            server = self._server
            self._client = self._library.connect(
                host=server.host,
                port=server.port,
                username=server.user,
                password=server.password,
                database=server.database,
                secure=server.secure,
                connect_timeout=max(1, math.ceil(server.timeout / 2)),  # in whole seconds
                send_receive_timeout=max(1, math.ceil(server.timeout / 2)),
                autogenerate_session_id=False,
                client_name="python-segment-client",
            )
        return self._client


@dataclass(frozen=True, slots=True)
class _Library:
    """The part of `clickhouse_connect` that is used here."""

    connect: Callable[..., _Client]
    errors: tuple[type[Exception], ...]


def _library() -> _Library:
    try:
        driver = import_module("clickhouse_connect.driver.exceptions")
        connect = import_module("clickhouse_connect").get_client
    except ModuleNotFoundError as missing:
        raise ModuleNotFoundError(
            f'ClickHouse needs {missing.name}: pip install "python-segment-client[clickhouse]"',
            name=missing.name,
        ) from missing
    return _Library(connect, (driver.ClickHouseError, OSError))


def _token(known: Iterable[str]) -> str:
    """Return the same token for the same rows in the same order."""
    return hashlib.sha256("\n".join(known).encode()).hexdigest()


def _words(error: Exception) -> str:
    """Return what failed, without the server's words: they may repeat values."""
    name = getattr(error, "name", None) or type(error).__name__
    return f"ClickHouse did not take an insert ({name}): check that it runs and has the generated tables"
