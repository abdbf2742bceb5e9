"""Inserts into ClickHouse, each there once: where its tables are, and how they are written to."""

from __future__ import annotations

import hashlib
import math
import os
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from importlib import import_module
from typing import Any, Protocol
from urllib.parse import unquote

from semantic_events.warehouse import TABLE

from segment_client.errors import InvalidValueError, SinkError
from segment_client.sinks.address import Address
from segment_client.sinks.parameters import read_seconds

__all__ = ["REJECTED_COLUMNS", "Inserts", "Server", "rejected_row", "server_at", "token_of"]

_ERROR = ("path", "message", "type")
REJECTED_COLUMNS = ("received_at", *(f"errors.{part}" for part in _ERROR), "raw")
"""The columns of the table of what was rejected."""

_PARAMETERS = frozenset({"timeout", "table", "rejected"})
_PORTS = {"clickhouse": 8123, "clickhouses": 8443}
_WAIT = 0.25
_SETTINGS = {"async_insert": 0, "max_partitions_per_insert_block": 0}


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


def server_at(address: Address, *, own: AbstractSet[str] = frozenset(), timeout: float = 8.0) -> Server:
    """Return the server of `clickhouse://user@host:8123/database?table=T&rejected=T&timeout=8`.

    `clickhouses` is the same over TLS, on port 8443 unless given. User and password may stand in the
    environment, as CLICKHOUSE_USER and CLICKHOUSE_PASSWORD. `own` are parameters that the caller reads,
    `timeout` is what it is where the address says nothing of it.
    """
    parameters = address.parameters
    timeout = read_seconds(parameters, "timeout", timeout)
    table = parameters.get("table", TABLE)
    try:
        host, port = address.parts.hostname, address.parts.port
    except ValueError:
        raise InvalidValueError(
            "the sink's port is no number: write clickhouse://host:8123/database"
        ) from None
    if not host or not address.path:
        raise InvalidValueError("the sink names no host or database: write clickhouse://host:8123/database")
    for name in parameters.keys() - _PARAMETERS - own:
        raise InvalidValueError(
            f"the sink's address has {name!r}: leave it out, ClickHouse's sink has no such parameter"
        )
    return Server(
        host,
        port or _PORTS[address.scheme],
        unquote(address.parts.username or "") or os.environ.get("CLICKHOUSE_USER", "default"),
        unquote(address.parts.password or "") or os.environ.get("CLICKHOUSE_PASSWORD", ""),
        unquote(address.path),
        address.scheme == "clickhouses",
        table,
        parameters.get("rejected", f"{table}_rejected"),
        timeout,
    )


class Inserts:
    """Inserts into a server's tables, in its native format, from one thread at a time.

    Raises ModuleNotFoundError, which says what to install, without the extra `clickhouse`.
    """

    def __init__(self, server: Server) -> None:
        self._server = server
        self._library = _library()
        self._client: _Client | None = None

    def insert(
        self,
        table: str,
        columns: Sequence[str],
        values: Sequence[Sequence[object]],
        token: str,
        *,
        by_column: bool = False,
    ) -> None:
        """Insert rows (or columns) once for this token; try again where that failed, until the time is over.

        Of however many months the rows are: an insert that is refused for that would be tried for ever.
        Raises SinkError where they may not be there.
        """
        settings = {"insert_deduplication_token": token, **_SETTINGS}
        self._tried(
            lambda client: client.insert(
                table, values, columns, settings=settings, column_oriented=by_column
            ),
            self._server.timeout,
        )

    def check(self, table: str, columns: Sequence[str]) -> None:
        """Raise SinkError where the server does not answer at once or lacks the table or a column."""
        self._tried(lambda client: client.create_insert_context(table, columns), 0)

    def close(self) -> None:
        """Close the connections."""
        if self._client is not None:
            self._client.close()
            self._client = None

    def _tried(self, ask: Callable[[_Client], object], seconds: float) -> None:
        until = time.monotonic() + seconds
        while True:
            try:
                ask(self._connected())
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


def rejected_row(
    received_at: datetime, errors: Iterable[Mapping[str, object]], raw: str
) -> tuple[object, ...]:
    """Return the values of REJECTED_COLUMNS."""
    found = list(errors)
    return (received_at, *([str(error.get(part, "")) for error in found] for part in _ERROR), raw)


def token_of(known: Iterable[str]) -> str:
    """Return the same token for the same rows in the same order."""
    return hashlib.sha256("\n".join(known).encode()).hexdigest()


class _Client(Protocol):
    """A `clickhouse_connect` client, as far as it is used here."""

    def insert(
        self,
        table: str,
        data: Sequence[Sequence[object]],
        column_names: Sequence[str],
        settings: dict[str, Any],
        column_oriented: bool,
    ) -> object:
        """Insert rows, or columns."""

    def create_insert_context(self, table: str, column_names: Sequence[str]) -> object:
        """Ask the server for the types of the columns."""

    def close(self) -> None:
        """Give up the connections."""


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


def _words(error: Exception) -> str:
    """Return what failed, without the server's words: they may repeat values."""
    name = getattr(error, "name", None) or type(error).__name__
    return f"ClickHouse did not take an insert ({name}): check that it runs and has the generated tables"
