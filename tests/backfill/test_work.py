"""A part is read, judged and written, and the journal told: with an output that keeps in memory."""

import os
import unittest
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from segment_client.backfill.journal import Journal, Plan
from segment_client.backfill.output import Reject, Writer
from segment_client.backfill.parts import Part
from segment_client.backfill.planning import planned
from segment_client.backfill.work import work
from segment_client.errors import InvalidValueError

CALL = b'{"type": "track", "event": "E", "userId": "u"}\n'


@dataclass
class Memory:
    """An output that keeps all in memory."""

    journal: Path
    into: str = ""
    rows: list[Mapping[str, object]] = field(default_factory=list)
    rejected: list[Reject] = field(default_factory=list)

    def prepare(self) -> None:
        """Nothing is to be made."""

    @contextmanager
    def open(self, _part: Part, _plan: Plan) -> Iterator[Writer]:
        """Write to the lists."""
        yield self

    def write(self, rows: Sequence[Mapping[str, object]], rejected: Sequence[Reject]) -> None:
        """Keep what is written."""
        self.rows += rows
        self.rejected += rejected


class WorkTest(unittest.TestCase):
    """`work`."""

    def setUp(self) -> None:
        """Make a folder for archives."""
        self.folder = Path(self.enterContext(TemporaryDirectory()))
        self.out = Memory(self.folder / "out")

    def plan(self, name: str) -> Plan:
        """Write an archive of an event and what is none, and plan it."""
        file = self.folder / name
        file.write_bytes(CALL + b"none\n")
        return planned([file], self.out.journal, 1000, UUID(int=7), "p")

    def test_done(self) -> None:
        """What was done is counted, and is in the journal."""
        plan = self.plan("a.jsonl")
        done = work(plan.parts[0], plan, self.out)
        self.assertEqual((done.events, done.rejected, done.reasons), (1, 1, {"invalid_json": 1}))
        self.assertEqual(Journal(self.out.journal).done(), [done])
        self.assertEqual((len(self.out.rows), self.out.rejected[0][0]), (1, plan.parts[0].file))

    def test_name_of_any_kind(self) -> None:
        """The name of an archive may be no Unicode: what is kept of it can be written."""
        plan = self.plan(os.fsdecode(b"\xff.jsonl"))
        work(plan.parts[0], plan, self.out)
        self.assertTrue(self.out.rejected[0][0].encode().endswith("\ufffd.jsonl".encode()))

    def test_changed(self) -> None:
        """A part whose file has changed is not done."""
        plan = self.plan("a.jsonl")
        Path(plan.parts[0].file).write_bytes(CALL * 3)
        with self.assertRaisesRegex(InvalidValueError, "has changed while it was read"):
            work(plan.parts[0], plan, self.out)
        self.assertEqual(Journal(self.out.journal).done(), [])


if __name__ == "__main__":
    unittest.main()
