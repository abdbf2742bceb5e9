"""`segment-client backfill` in Spark's local mode: what is written, and what a run that was killed leaves."""

import gzip
import json
import os
import signal
import subprocess
import sys
import time
import unittest
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from semantic_events import SemanticEvent, from_row, to_row

from segment_client.backfill.parts import parts_of
from segment_client.backfill.planning import planned
from segment_client.backfill.records import Unreadable, records
from segment_client.wire import encode
from tests.schema_files import sample
from tests.warehouse.engine import Engine, generated
from tests.warehouse.events import SCHEMA, normal, storable

ENTITY = "5f7e3c1a-8d4b-4f0e-9a57-2b6c1d9e8f30"
WHOLE = storable(
    {
        name: value
        for name, value in sample(SCHEMA, SCHEMA).items()
        if name not in ("write_key", "received_at")
    }
)
HANG = 300
"""Seconds that only a hang takes."""

BAD = ['{"broken', '{"type": "track"}', json.dumps({**WHOLE, "timestamp": "soon"})]


def document(number: int) -> dict[str, Any]:
    """Return an event that has every field, with ids of its own."""
    own = {"message_id": f"m{number:05}", "event_gid": str(UUID(int=number)), "partition": "test"}
    return {**WHOLE, **own, "timestamp": f"2025-0{number % 4 + 1}-28T12:00:00.{number:06}Z"}


def event(number: int) -> SemanticEvent:
    """Return the event of this document."""
    return SemanticEvent.model_validate(document(number))


def command(*arguments: object, cores: int = 2) -> list[str]:
    """Return the command of a backfill on so many cores."""
    program = [sys.executable, "-m", "segment_client.cli", "backfill", *map(str, arguments)]
    return [*program, "--master", f"local[{cores}]", "--entity-gid", ENTITY]


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Run a backfill to its end."""
    return subprocess.run(command(*arguments), capture_output=True, text=True, check=False)


def read(folder: Path) -> list[dict[str, Any]]:
    """Return the rows of the files of a folder, events by their message ids."""
    table = import_module("pyarrow.parquet").read_table(folder)
    rows: list[dict[str, Any]] = table.to_pylist(maps_as_pydicts="strict")
    return sorted(rows, key=lambda row: row.get("message_id", ""))


class FormatsTest(unittest.TestCase):
    """One archive of each kind."""

    archives: Path
    out: Path
    done: subprocess.CompletedProcess[str]

    @classmethod
    def setUpClass(cls) -> None:
        """Write 50 events as each kind of archive, and bad ones among them; run the backfill once."""
        folder = Path(cls.enterClassContext(TemporaryDirectory()))
        cls.archives, cls.out = folder / "archives", folder / "out"
        cls.archives.mkdir()
        lines = [json.dumps(document(number)) for number in range(50)]
        lines[7:7] = BAD
        (cls.archives / "semantic.jsonl").write_text("\n".join(lines), "utf-8")
        segment = [encode(event(number), "segment") for number in range(50, 100)]
        (cls.archives / "segment.json.gz").write_bytes(gzip.compress(b"\n".join(segment)))
        arrow, parquet = import_module("pyarrow"), import_module("pyarrow.parquet")
        texts = arrow.table({"message": [json.dumps(document(number)) for number in range(100, 150)]})
        parquet.write_table(texts, cls.archives / "texts.parquet", row_group_size=20)
        cls.done = run(cls.archives, "--out", cls.out)

    def test_backfill(self) -> None:
        """All are in the output, once each, with the types of the table; the bad ones with their errors."""
        done = self.done
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("150 events, 3 rejected", done.stdout)
        self.assertIn("1 x timestamp: date-time_format", done.stdout)
        self.assertNotIn("soon", done.stdout + done.stderr)
        rows = read(self.out / "events")
        self.assertEqual(len(rows), 150)
        for number, row in enumerate(rows):
            self.assertEqual(from_row(row), normal(document(number)))
        rejects = {each["raw"]: each for each in read(self.out / "rejects")}
        self.assertEqual(rejects.keys(), set(BAD))
        late = rejects[BAD[2]]
        self.assertEqual((late["errors.path"], late["errors.type"]), (["timestamp"], ["date-time_format"]))
        text = Path(late["file"]).read_bytes()[late["position"] :]
        self.assertEqual(text.split(b"\n")[0].decode(), BAD[2])

        with self.subTest("what was written is an archive itself"):
            again = run(self.out / "events", "--out", self.out / "again")
            self.assertEqual(again.returncode, 0, again.stderr)
            self.assertEqual(read(self.out / "again" / "events"), rows)

    def test_clickhouse(self) -> None:
        """ClickHouse takes the files as they are into its tables: the rows are those of `to_row`."""
        with Engine() as engine:
            engine.run_all(generated("clickhouse.sql"))
            engine.run(f"INSERT INTO semantic_events SELECT * FROM file('{self.out}/events/*.parquet')")
            engine.run("CREATE TABLE inserted AS semantic_events")
            engine.insert("inserted", (to_row(event(number)) for number in range(150)))
            self.assertEqual(engine.events(), engine.events("inserted"))
            columns = "received_at, `errors.path`, `errors.message`, `errors.type`, raw"
            files = f"file('{self.out}/rejects/*.parquet')"
            engine.run(f"INSERT INTO semantic_events_rejected ({columns}) SELECT {columns} FROM {files}")
            self.assertEqual(len(engine.select("SELECT * FROM semantic_events_rejected")), 3)

    def test_spark_reads(self) -> None:
        """Spark reads the events with exactly the generated schema."""
        program = (
            "import json, sys\n"
            "from pyspark.sql import SparkSession\n"
            "from pyspark.sql.types import StructType\n"
            "builder = SparkSession.builder.master('local[1]').config('spark.ui.enabled', 'false')\n"
            "spark = builder.getOrCreate()\n"
            "schema = StructType.fromJson(json.loads(open(sys.argv[1]).read()))\n"
            "found = spark.read.parquet(sys.argv[2]).schema\n"
            "named = lambda fields: [(field.name, field.dataType.simpleString()) for field in fields]\n"
            "assert named(found) == named(schema), (named(found), named(schema))\n"
            "typed = spark.read.schema(schema).parquet(sys.argv[2])\n"
            "print(typed.filter('`commerce.products.sku`[0] is not null').count())\n"
        )
        schema = Path(__file__).parents[2] / "generated" / "warehouse" / "spark_schema.json"
        read = subprocess.run(
            [sys.executable, "-c", program, schema, self.out / "events"],
            capture_output=True, text=True, check=False, env={**os.environ, "SPARK_LOCAL_IP": "127.0.0.1"},
        )  # fmt: skip
        self.assertEqual((read.stdout, read.returncode), ("150\n", 0), read.stderr[-2000:])


class RowsTest(unittest.TestCase):
    """Rows of Parquet that Python has no value for."""

    def test_unreadable(self) -> None:
        """A row with a day or text that is none is refused by itself; those beside it are read."""
        arrow, parquet = import_module("pyarrow"), import_module("pyarrow.parquet")
        ends, texts = b"".join(end.to_bytes(4, "little") for end in range(4)), b"a\xffb"
        events = arrow.Array.from_buffers(
            arrow.string(), 3, [None, arrow.py_buffer(ends), arrow.py_buffer(texts)]
        )
        days = arrow.array([0, 0, 10**7], arrow.int32()).cast(arrow.date32())
        file = Path(self.enterContext(TemporaryDirectory()), "a.parquet")
        parquet.write_table(arrow.table({"event": events, "day": days}), file)
        (part,) = parts_of([file], 1_000_000)
        first, *others = records(part)
        self.assertEqual((first.position, first.raw), (0, '{"event": "a", "day": "1970-01-01"}'))
        self.assertEqual(
            [(each.position, type(each.value)) for each in others], [(1, Unreadable), (2, Unreadable)]
        )


class FailedTest(unittest.TestCase):
    """A run that cannot go on."""

    def test_gone(self) -> None:
        """Where an archive is gone, the run says so in its last line, and goes on once it is there again."""
        folder = Path(self.enterContext(TemporaryDirectory()))
        archives, out = [folder / "a.jsonl", folder / "b.jsonl"], folder / "out"
        for archive in archives:
            archive.write_text(f"{json.dumps(document(int(archive.stem, 16)))}\n")
        planned(archives, out, 32_000_000, UUID(ENTITY), "default")
        away = archives[1].rename(folder / "away")
        failed = run(archives[0], "--out", out)
        self.assertEqual(failed.returncode, 1)
        self.assertRegex(
            failed.stderr.splitlines()[-1],
            r"^segment-client backfill: a part of .*b\.jsonl is not done \(.*again",
        )
        away.rename(archives[1])
        done = run(*archives, "--out", out)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("2 events, 0 rejected: see", done.stdout)


class ResumeTest(unittest.TestCase):
    """A run that goes on where another one ended."""

    def test_killed(self) -> None:
        """A run that was killed is gone on with: what was done stays, and each event is there once."""
        folder, count = Path(self.enterContext(TemporaryDirectory())), 12
        archives, out = folder / "archives", folder / "out"
        archives.mkdir()
        for number in range(count):
            lines = [json.dumps(document(each)) for each in range(number * 400, number * 400 + 400)]
            (archives / f"{number:02}.jsonl").write_text("\n".join([*lines, BAD[0]]), "utf-8")
        killed = subprocess.Popen(
            command(archives, "--out", out, cores=1),
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        journal = out / "_backfill" / "done"
        until = time.monotonic() + HANG
        while not list(journal.glob("0*.json")) and time.monotonic() < until:
            time.sleep(0.02)
        os.killpg(killed.pid, signal.SIGKILL)
        killed.wait()
        before = {file.name: file.stat().st_mtime_ns for file in journal.glob("0*.json")}
        self.assertTrue(0 < len(before) < count, before)
        (out / "events" / ".part-000011.parquet.half").write_bytes(b"half")

        done = run(archives, "--out", out)
        self.assertIn(f"{len(before)} of {count} parts are done already", done.stdout)
        self.assertIn(f"{count * 400:,} events, {count} rejected: see", done.stdout)
        after = {file.name: file.stat().st_mtime_ns for file in journal.glob("0*.json")}
        self.assertEqual(len(after), count)
        self.assertEqual({name: after[name] for name in before}, before)
        ids = [row["message_id"] for row in read(out / "events")]
        self.assertEqual(ids, [f"m{number:05}" for number in range(count * 400)])
        self.assertEqual(list(out.rglob(".*")), [])

        with self.subTest("there is nothing left to do"):
            done = run(archives, "--out", out)
            self.assertIn(f"{count} of {count} parts are done already", done.stdout)


if __name__ == "__main__":
    unittest.main()
