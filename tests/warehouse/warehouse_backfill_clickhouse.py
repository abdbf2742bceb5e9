"""`segment-client backfill` into ClickHouse: its own engine, behind a server for its HTTP interface."""

import json
import unittest
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from semantic_events import SemanticEvent, from_row, to_row

from segment_client.backfill.clickhouse import clickhouse_at
from segment_client.backfill.planning import planned
from segment_client.backfill.work import work
from segment_client.sinks.address import parse_address
from segment_client.sinks.inserts import Inserts, server_at
from tests.warehouse.clickhouse import ClickHouse
from tests.warehouse.events import normal
from tests.warehouse.warehouse_backfill import BAD, ENTITY, document, run

COUNT = 150
COLUMNS = "SELECT * FROM semantic_events ORDER BY message_id"


REQUIRED = [name for name, field in SemanticEvent.model_fields.items() if field.is_required()]


def told(number: int) -> dict[str, Any]:
    """Return an event with every field, or every third time one with no more than it must have."""
    whole = document(number)
    return whole if number % 3 else {name: whole[name] for name in REQUIRED}


class ClickHouseTest(unittest.TestCase):
    """`--out clickhouse://...`."""

    def setUp(self) -> None:
        """Start a server, and write an archive of events, some bad ones among them."""
        folder = Path(self.enterContext(TemporaryDirectory()))
        self.server = self.enterContext(ClickHouse())
        self.archives, self.journal = folder / "archives", folder / "journal"
        self.archives.mkdir()
        lines = [json.dumps(told(number)) for number in range(COUNT)]
        lines[7:7] = BAD
        for number, start in enumerate(range(0, len(lines), 60)):
            (self.archives / f"{number}.jsonl").write_text("\n".join(lines[start : start + 60]), "utf-8")

    def rejected(self) -> list[str]:
        """Return what is in the table of rejects."""
        rows = self.server.run("SELECT raw FROM semantic_events_rejected")
        return sorted(row["raw"] for row in rows)

    def test_resumed(self) -> None:
        """Rows are those of `to_row`, rejects are in their table, and a part done again is there once."""
        address = f"{self.server.address}?timeout=60"
        self.server.run("SYSTEM STOP MERGES semantic_events")  # they would drop what is there twice
        out = clickhouse_at(parse_address(address), self.journal)
        plan = planned([self.archives], self.journal, 32_000_000, UUID(ENTITY), "default", out.into)
        self.assertEqual(len(plan.parts), 3)
        for part in plan.parts[:2]:
            work(part, plan, out)
        (self.journal / "_backfill" / "done" / "000000.json").unlink()  # killed before the journal had it
        before = len(self.server.run(COLUMNS))
        self.assertEqual(before, 60 + 60 - len(BAD))

        done = run(self.archives, "--out", address, "--journal", self.journal)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("1 of 3 parts are done already", done.stdout)
        self.assertIn(f"{COUNT} events, {len(BAD)} rejected: see clickhouse://127.0.0.1:", done.stdout)
        rows = self.server.run(COLUMNS)
        self.assertEqual(len(rows), COUNT)
        for number, row in enumerate(rows):
            self.assertEqual(from_row(row), normal(told(number)))
        self.server.run("CREATE TABLE inserted AS semantic_events")
        self.insert("inserted")
        self.assertEqual(self.server.run(COLUMNS.replace("semantic_events", "inserted")), rows)
        self.assertEqual(self.rejected(), sorted(BAD))
        (late,) = self.server.run("SELECT * FROM semantic_events_rejected WHERE raw LIKE '%soon%'")
        self.assertEqual((late["errors.path"], late["errors.type"]), (["timestamp"], ["date-time_format"]))
        self.assertEqual(late["received_at"], plan.made_at.replace(tzinfo=late["received_at"].tzinfo))

        with self.subTest("another output does not take the journal over"):
            done = run(self.archives, "--out", f"{address}&table=t", "--journal", self.journal)
            self.assertEqual(done.returncode, 2)
            self.assertIn("name another --journal", done.stderr)

    def insert(self, table: str) -> None:
        """Insert the rows that `to_row` makes, row by row."""
        rows = [to_row(SemanticEvent.model_validate(told(number))) for number in range(COUNT)]
        values = [list(row.values()) for row in rows]
        Inserts(server_at(parse_address(self.server.address))).insert(table, list(rows[0]), values, "once")

    def test_refused(self) -> None:
        """Without the tables, and where an insert fails, it says so in its last line, and then goes on."""
        words = (
            self.archives,
            "--out",
            f"{self.server.address}?table=t&timeout=1",
            "--journal",
            self.journal,
        )
        done = run(*words)
        self.assertEqual(done.returncode, 2)
        self.assertIn("check that it runs and has the generated tables", done.stderr)
        self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)

        self.server.run("CREATE TABLE t AS semantic_events")
        self.server.run("CREATE TABLE t_rejected AS semantic_events_rejected")
        self.server.run("ALTER TABLE t ADD CONSTRAINT no CHECK message_id = 'sentinel'")
        done = run(*words)
        self.assertEqual(done.returncode, 1)
        self.assertIn("ClickHouse did not take an insert", done.stderr.splitlines()[-1])
        self.assertIn("give the same command again", done.stderr.splitlines()[-1])

        self.server.run("ALTER TABLE t DROP CONSTRAINT no")
        done = run(*words)
        self.assertIn(f"{COUNT} events, {len(BAD)} rejected", done.stdout, done.stderr)
        self.assertEqual(len(self.server.run("SELECT message_id FROM t")), COUNT)


if __name__ == "__main__":
    unittest.main()
