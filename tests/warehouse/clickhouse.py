"""ClickHouse for a test, with the generated tables: a process that can be ended and started again."""

import subprocess
import sys
import tempfile
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.sources import ROOT
from tests.warehouse.hanging import Hanging

__all__ = ["ClickHouse"]


class ClickHouse(Hanging):
    """A server on loopback; its tables are in a folder that ends with it."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self._port = 0
        self._client: Any = None
        self.start()
        statements = (ROOT / "generated/warehouse/clickhouse.sql").read_text("utf-8").split(";\n")
        for statement in filter(str.strip, statements):
            self.run(statement)

    @property
    def address(self) -> str:
        """The address of a sink there."""
        return f"clickhouse://127.0.0.1:{self._port}/default"

    def start(self) -> None:
        """Start the server, at the port that it had before."""
        program = [sys.executable, "-m", "tests.warehouse.clickhouse_server"]
        program += [self._folder.name, str(self._port)]
        self._process = subprocess.Popen(program, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        self._port = int(self._process.stdout.readline())

    def end(self) -> None:
        """Kill the server; what it has answered is in its tables."""
        self._process.kill()
        self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()

    def lose_an_answer(self) -> None:
        """Let it do what it is asked next, and close the connection without an answer."""
        Path(self._folder.name, "lose").touch()

    def run(self, statement: str) -> list[dict[str, Any]]:
        """Run a statement; return the rows that it answers."""
        if self._client is None:
            self._client = import_module("clickhouse_connect").get_client(host="127.0.0.1", port=self._port)
        if statement.startswith("SELECT"):
            return list(self._client.query(statement).named_results())
        self._client.command(statement)
        return []

    def empty(self) -> None:
        """Delete all rows."""
        for table in ("semantic_events", "semantic_events_rejected"):
            self.run(f"TRUNCATE TABLE {table}")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()
        self._folder.cleanup()
