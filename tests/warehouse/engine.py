"""ClickHouse's own engine, in this process: the generated statements run in it as they are."""

import json
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import Any

from tests.sources import ROOT

__all__ = ["Engine", "generated", "statements"]

READ = "date_time_output_format = 'iso', output_format_json_quote_64bit_integers = 0"
STRICT = "input_format_skip_unknown_fields = 0, date_time_input_format = 'best_effort'"


def generated(name: str) -> str:
    """Return the text of a generated file."""
    return (ROOT / "generated" / "warehouse" / name).read_text("utf-8")


def statements(sql: str) -> list[str]:
    """Return the statements of a generated file, each of which ends a line."""
    return [each.strip() for each in sql.split(";\n") if each.strip()]


class Engine:
    """A database of its own in a folder that ends with it; the process can have one at a time."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self.path = Path(self._folder.name)
        self._session = import_module("chdb.session").Session(str(self.path / "data"))
        self.run("CREATE DATABASE warehouse")
        self.run("USE warehouse")

    def __enter__(self) -> "Engine":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._session.close()
        self._folder.cleanup()

    def run(self, statement: str) -> None:
        """Run one statement."""
        self._session.query(statement)

    def run_all(self, sql: str) -> None:
        """Run every statement of a generated file."""
        for each in statements(sql):
            self.run(each)

    def select(self, query: str) -> list[dict[str, Any]]:
        """Return the rows that a query answers, with times in ISO 8601."""
        answer = self._session.query(f"{query} SETTINGS {READ}", "JSONEachRow").bytes()
        return [json.loads(line) for line in answer.splitlines()]

    def stream(self, query: str) -> Iterator[dict[str, Any]]:
        """Yield the rows that a query answers, a part of them in memory at a time."""
        with self._session.send_query(f"{query} SETTINGS {READ}", "JSONEachRow") as answer:
            rest = b""
            for chunk in answer:
                *lines, rest = (rest + chunk.bytes()).split(b"\n")
                yield from map(json.loads, lines)
            assert not rest

    def insert(self, table: str, rows: Iterable[Mapping[str, object]]) -> None:
        """Insert rows by the names of their columns; one that the table lacks is an error."""
        file = self.path / "rows.jsonl"
        with file.open("w", encoding="utf-8") as lines:
            lines.writelines(json.dumps(row, default=_text, ensure_ascii=False) + "\n" for row in rows)
        self.run(f"INSERT INTO {table} FROM INFILE '{file}' SETTINGS {STRICT} FORMAT JSONEachRow")

    def events(self, table: str = "semantic_events") -> list[dict[str, Any]]:
        """Return the rows of a table of events, by their message ids."""
        return self.select(f"SELECT * FROM {table} ORDER BY message_id")

    def stream_events(self) -> Iterator[dict[str, Any]]:
        """Yield the rows of the table of events, by their message ids."""
        return self.stream("SELECT * FROM semantic_events ORDER BY message_id")

    def read_topics(self) -> None:
        """Make the generated views, over tables that have the columns that those of the topics show."""
        for each in statements(generated("kafka.sql")):
            if found := re.search(r"CREATE TABLE IF NOT EXISTS (`\w+_topic`)", each):
                columns = "_message String, _error String, _raw_message String"
                self.run(f"CREATE TABLE {found[1]} ({columns}) ENGINE = MergeTree ORDER BY ()")
            else:
                self.run(each)


def _text(value: object) -> str:
    """Return the text of a UUID, an address, a date or a time, which JSON has no type for."""
    return str(value).replace("+00:00", "Z") if hasattr(value, "year") else str(value)
