"""The command without Spark, and the journal that it goes by."""

import unittest
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from segment_client.backfill.journal import Done, Journal, Plan
from segment_client.backfill.outputs import output
from segment_client.backfill.parts import Part
from segment_client.backfill.planning import planned
from segment_client.errors import InvalidValueError
from tests.commands import run_command


class CommandTest(unittest.TestCase):
    """`segment-client backfill`."""

    @unittest.skipIf(find_spec("pyspark"), "it is about an environment without Spark")
    def test_without_spark(self) -> None:
        """Without its extra it says in one line what to install, and writes nothing."""
        with TemporaryDirectory() as folder:
            archive, out = Path(folder, "a.jsonl"), Path(folder, "out")
            archive.write_text("{}\n")
            done = run_command("backfill", str(archive), "--out", str(out))
            self.assertFalse(out.exists())
        install = "pip install 'python-segment-client[spark]'"
        self.assertEqual(done.code, 2)
        self.assertEqual(done.error, f"segment-client backfill: backfill needs pyspark: {install}\n")

    def test_usage(self) -> None:
        """A size that is none, and no folder to write to, are errors of usage."""
        for options, message in (
            (("--out", "x", "--part-size", "0"), "0 is no number of megabytes"),
            ((), "the following arguments are required: --out"),
        ):
            done = run_command("backfill", "a.jsonl", *options)
            self.assertEqual(done.code, 2)
            self.assertIn(message, done.error)


class OutputTest(unittest.TestCase):
    """What `--out` and `--journal` may say."""

    def test_refused(self) -> None:
        """What is no output, or lacks a journal of its own, is an error that says what to pass."""
        for out, journal, message in (
            ("clickhouse://u:sentinel@h/d", None, r"clickhouse://h/d needs --journal DIR"),
            ("kafka://h/t", Path("j"), r"does not write to kafka://h/t: pass a folder or clickhouse://"),
            ("s3://bucket/d", None, r"'s3' is not known"),
            ("folder", Path("j"), r"leave it out"),
        ):
            with self.subTest(out=out), self.assertRaisesRegex(InvalidValueError, message) as caught:
                output(out, journal)
            self.assertNotIn("sentinel", str(caught.exception))

    @unittest.skipIf(find_spec("clickhouse_connect"), "it is about an environment without ClickHouse")
    def test_without_clickhouse(self) -> None:
        """Without its extra it says what to install."""
        install = r"pip install 'python-segment-client\[spark,clickhouse\]'"
        with self.assertRaisesRegex(InvalidValueError, install):
            output("clickhouse://h/d", Path("j"))


class JournalTest(unittest.TestCase):
    """What a run leaves for the next one."""

    def test_plan(self) -> None:
        """A plan is read as it was written; before that there is none."""
        plan = Plan((Part(0, "/a.jsonl", 9, 0, 9),), datetime(2026, 1, 31, tzinfo=UTC), UUID(int=1), "p")
        with TemporaryDirectory() as folder:
            journal = Journal(Path(folder))
            self.assertIsNone(journal.plan())
            journal.write_plan(plan)
            self.assertEqual(Journal(Path(folder)).plan(), plan)

    def test_done(self) -> None:
        """What is done is listed, but what is known; what was half written is no part that is done."""
        first, second = Done(0, 5, 0, 1.0), Done(1_000_000, 3, 2, 1.5, {"event: missing": 2})
        with TemporaryDirectory() as folder:
            journal = Journal(Path(folder))
            self.assertEqual(journal.done(), [])
            journal.write_plan(Plan((), datetime(2026, 1, 31, tzinfo=UTC), None, "p"))
            for each in (first, second):
                journal.finish(each)
            Path(folder, "_backfill", "done", ".000002.json.x").write_text("{")
            self.assertEqual(sorted(journal.done(), key=lambda each: each.number), [first, second])
            self.assertEqual(journal.done({0}), [second])

    def test_version(self) -> None:
        """The journal of another version is an error, not a guess."""
        with TemporaryDirectory() as folder:
            Path(folder, "_backfill").mkdir()
            Path(folder, "_backfill", "plan.json").write_text('{"version": 2}')
            with self.assertRaisesRegex(InvalidValueError, "another version"):
                Journal(Path(folder)).plan()

    def test_damaged(self) -> None:
        """A plan that is damaged is an error that names it."""
        with TemporaryDirectory() as folder:
            plan = Path(folder, "_backfill", "plan.json")
            plan.parent.mkdir()
            for text in ("", "{", "[]", "5", "{}", "\ud800".encode(errors="surrogatepass")):
                plan.write_bytes(text if isinstance(text, bytes) else text.encode())
                with self.assertRaisesRegex(InvalidValueError, r"plan\.json cannot be read as a journal"):
                    Journal(Path(folder)).plan()


class PlanningTest(unittest.TestCase):
    """What is to be done when an output is named again."""

    def setUp(self) -> None:
        """Write an archive, and plan it."""
        folder = Path(self.enterContext(TemporaryDirectory()))
        self.archives, self.out = folder / "archives", folder / "out"
        self.archives.mkdir()
        self.write("b.jsonl", "{}\n{}\n")
        self.first = self.plan()

    def write(self, name: str, text: str) -> None:
        """Write an archive."""
        (self.archives / name).write_text(text)

    def plan(self, entity_gid: UUID | None = None, partition: str = "p") -> Plan:
        """Plan the folder of archives, in parts of three bytes."""
        return planned([self.archives], self.out, 3, entity_gid, partition)

    def test_same(self) -> None:
        """The same archives are the same parts, read at the same time."""
        self.assertEqual([each.number for each in self.first.parts], [0, 1])
        self.assertEqual(self.plan(), self.first)

    def test_same_by_another_name(self) -> None:
        """The same archives by another path are no new ones."""
        other = self.archives / ".." / self.archives.name
        self.assertEqual(planned([other], self.out, 3, None, "p"), self.first)

    def test_unwritable(self) -> None:
        """A place that cannot be written to is an error that names it."""
        with self.assertRaisesRegex(InvalidValueError, r"b\.jsonl/_backfill cannot be written \("):
            planned([self.archives], self.archives / "b.jsonl", 3, None, "p")

    def test_new(self) -> None:
        """An archive that came since gets parts after the others, which stay as they are."""
        self.write("a.jsonl", "{}\n")
        plan = self.plan()
        self.assertEqual((plan.parts[:2], plan.made_at), (self.first.parts, self.first.made_at))
        self.assertEqual([(each.number, Path(each.file).name) for each in plan.parts[2:]], [(2, "a.jsonl")])
        self.assertEqual(self.plan(), plan)

    def test_changed(self) -> None:
        """An archive that has changed, another entity, partition or output are errors."""
        with self.assertRaisesRegex(InvalidValueError, "was begun with another entity or partition"):
            self.plan(UUID(int=1))
        with self.assertRaisesRegex(InvalidValueError, "was begun with another entity or partition"):
            self.plan(partition="q")
        with self.assertRaisesRegex(
            InvalidValueError, "is the journal of files in .*: name another --journal"
        ):
            planned([self.archives], self.out, 3, None, "p", "clickhouse://h/d")
        self.write("b.jsonl", "{}\n")
        with self.assertRaisesRegex(InvalidValueError, r"b\.jsonl has changed since"):
            self.plan()


if __name__ == "__main__":
    unittest.main()
