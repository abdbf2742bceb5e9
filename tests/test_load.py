"""`segment-client load`: archives of events into a collector's file."""

import gzip
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from base64 import b64encode
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from segment_client import recordings
from segment_client.collector.examine import Accepted, Rejected
from segment_client.collector.search import Search
from segment_client.collector.store import Store
from segment_client.commands.archive import entries
from segment_client.commands.loading import Bad, Loader
from segment_client.errors import SinkError
from tests.collector.support import track
from tests.commands import Done, run_command, start_command
from tests.sources import ROOT

GID = "7b0c7a52-5a55-4a6e-9d2c-3d6c3c0f1a11"
SEMANTIC = {
    "type": "track", "event": "E", "message_id": "s1", "user_id": "u", "entity_gid": GID, "event_gid": GID,
    "root_event_gid": GID, "partition": "main", "timestamp": "2026-01-31T09:30:00Z",
    "received_at": "2026-01-31T09:30:01.250000Z",
}  # fmt: skip


class LoadTest(unittest.TestCase):
    """The command, with a file of SQLite."""

    def setUp(self) -> None:
        """Make a folder for archives and the collector's file."""
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.db = self.folder / "events.db"

    def file(self, *lines: object, name: str = "a.jsonl") -> Path:
        """Write JSON lines; text is a line as it is."""
        file = self.folder / name
        text = "".join(f"{line if isinstance(line, str) else json.dumps(line)}\n" for line in lines)
        file.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
        return file

    def load(self, *words: str | Path, entity: bool = True) -> Done:
        """Run the command."""
        given = ("--entity-gid", GID) if entity else ()
        return run_command("load", *map(str, words), "--db", str(self.db), *given)

    def stored(self) -> list[dict[str, Any]]:
        """Return the stored events, oldest first."""
        with closing(Store(self.db)) as store:
            found = store.find.columns("body", Search(), 10_000, None, accepted=True).items
        return [json.loads(body) for (body,) in reversed(found)]

    def counts(self) -> tuple[object, object, object]:
        """Return how many calls were stored, repeats, rejected."""
        with closing(Store(self.db)) as store:
            counts = store.find.counts()
        return counts["stored"], counts["duplicates"], counts["rejected"]

    def test_formats(self) -> None:
        """Events of either format, a batch and a list of them are loaded, from plain files and gzip."""
        lines = self.file(track("m1"), SEMANTIC, {"batch": [track("m2"), track("m3")]}, "", [track("m4")])
        zipped = self.file(track("m5"), name="b.jsonl.gz")
        listed = self.folder / "c.json"
        listed.write_text(json.dumps([track("m6"), track("m7")], indent=2))
        done = self.load(lines, zipped, listed)
        self.assertEqual((done.code, done.out, done.error), (0, "8 events loaded, 0 calls rejected\n", ""))
        ids = [event["message_id"] for event in self.stored()]
        self.assertEqual(ids, ["m1", "s1", "m2", "m3", "m4", "m5", "m6", "m7"])

    def test_bad_lines(self) -> None:
        """Bad calls are said with line and error and kept as rejected, and the others are loaded."""
        bad = {"type": "track", "userId": "u", "properties": {"secret": "sentinel"}}
        done = self.load(self.file(track("m1"), "{", bad, 3, track("m2"), '{"type": "track", "x": NaN}'))
        self.assertEqual((done.code, done.out), (1, "2 events loaded, 4 calls rejected\n"))
        said = done.error.splitlines()
        self.assertEqual([line.split(": ")[0].rpartition(":")[2] for line in said], ["2", "3", "4", "6"])
        self.assertIn("event", said[1])
        self.assertNotIn("sentinel", done.error)
        self.assertEqual(self.counts(), (2, 0, 4))

    def test_many_bad_lines(self) -> None:
        """Of many bad calls the first are said, and how many more there are."""
        done = self.load(self.file(*[{"type": "x"}] * 30))
        self.assertEqual(len(done.error.splitlines()), 21)
        self.assertIn("10 more", done.error)

    def test_again(self) -> None:
        """A file that is loaded again adds nothing, calls without a message id included."""
        anonymous = {"type": "track", "event": "E", "userId": "u", "timestamp": "2026-01-31T09:30:00Z"}
        file = self.file(track("m1"), anonymous, anonymous, SEMANTIC)
        self.load(file)
        self.load(file)
        self.assertEqual(self.counts(), (4, 4, 0))

    def test_received_at(self) -> None:
        """An archived event of either format keeps the time at which it was received."""
        self.load(self.file(SEMANTIC, track("m1") | {"receivedAt": SEMANTIC["received_at"]}))
        for event in self.stored():
            received = datetime.fromisoformat(event["received_at"])
            self.assertEqual(received, datetime(2026, 1, 31, 9, 30, 1, 250_000, tzinfo=UTC))

    def test_name_of_any_kind(self) -> None:
        """A file is loaded also where its name is no Unicode."""
        file = self.file(track("m1"), "bad").rename(self.folder / os.fsdecode(b"\xff.jsonl"))
        done = self.load(file)
        self.assertEqual((done.code, self.counts()), (1, (1, 0, 1)), done.error)

    def test_damaged(self) -> None:
        """What stands before the damage is loaded, and said with where to go on."""
        lines = "".join(f"{json.dumps(track(f'm{number}'))}\n" for number in range(1200)).encode()
        file = self.folder / "cut.gz"
        file.write_bytes(gzip.compress(lines)[:-5])
        done = self.load(file)
        self.assertEqual((done.code, self.counts()), (2, (1200, 0, 0)), done.error)
        self.assertIn("cannot be read beyond line 1200", done.error)

    def test_interrupted(self) -> None:
        """Ctrl-C ends it with the line to go on with, and the code that shells have for it."""
        before = signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored in a script's background
        self.addCleanup(signal.signal, signal.SIGINT, before)
        fifo = self.folder / "a.jsonl"
        os.mkfifo(fifo)
        words = ("segment-client", "load", str(fifo), "--db", str(self.db), "--entity-gid", GID)
        process = start_command(words, ROOT)
        with fifo.open("w") as pipe:
            pipe.writelines(f"{json.dumps(track(f'm{number}'))}\n" for number in range(1500))
            pipe.flush()
            while not self.db.exists() or self.counts()[0] != 1000:
                self.assertIsNone(process.poll())
                time.sleep(0.01)
            process.send_signal(signal.SIGINT)
            out, error = process.communicate(timeout=30)
        said = f"segment-client load: stopped; {fifo} is loaded up to line 1000, go on with --start 1001\n"
        self.assertEqual((process.returncode, out, error), (130, "", said))

    def test_full_disk(self) -> None:
        """Where the file cannot grow any more it says so, and with which line to go on, which works."""
        text = "x" * 1000
        lines = [track(f"m{number}", properties={"text": text}) for number in range(2500)]
        words = ("load", str(self.file(*lines)), "--db", str(self.db), "--entity-gid", GID)
        limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (5_500_000, 5_500_000))"
        run = f"{limit}; import sys; from segment_client.cli import main; sys.exit(main())"
        done = subprocess.run([sys.executable, "-c", run, *words], capture_output=True, text=True, timeout=60)
        self.assertEqual((done.returncode, done.stdout, done.stderr.count("\n")), (1, "", 1), done.stderr)
        self.assertIn(f"{self.db} cannot be written (", done.stderr)
        start = done.stderr.split()[-1]
        self.assertIn(int(start), (1001, 2001))
        self.assertEqual(self.counts()[0], int(start) - 1)
        self.assertEqual(run_command(*words, "--start", start).code, 0)
        self.assertEqual(self.counts(), (2500, 0, 0))

    def test_recordings(self) -> None:
        """The requests that other vendors' clients made are loaded as a collector takes them."""
        folder = ROOT / "segment_client" / "recordings"
        done = self.load(*sorted(folder.glob("*.json")))
        self.assertEqual(done.code, 0, done.error)
        self.assertGreater(len(self.stored()), len(recordings.load()))

    def test_damaged_recordings(self) -> None:
        """A recorded request whose parts are of other types, or cut off, is rejected by itself."""
        sent = {"method": "POST", "path": "/v1/track", "headers": []}
        zipped = gzip.compress(json.dumps(track("m2")).encode(), mtime=0)
        bodies = (zipped[:20], zipped[:12] + bytes(4) + zipped[16:], b"\x1f\x8b")
        damaged = [
            *({**sent, "raw_base64": b64encode(body).decode()} for body in bodies),
            {**sent, "raw_base64": 5},
            {**sent, "path": 5, "json": track("m3")},
            sent,
        ]
        done = self.load(self.file(*damaged, track("m1")))
        self.assertEqual(done.out, "1 events loaded, 6 calls rejected\n", done.error)

    def test_entity(self) -> None:
        """A call that names no entity needs one to be given, or a write key to derive it from."""
        file = self.file(SEMANTIC, track("m1"))
        done = self.load(file, entity=False)
        self.assertEqual(done.code, 2)
        self.assertIn("a.jsonl:2 names no entity: pass --entity-gid", done.error)
        self.assertEqual(self.load(file, "--write-key", "k", entity=False).code, 0)
        self.assertEqual({event["entity_gid"] for event in self.stored()} & {GID}, {GID})

    def test_start(self) -> None:
        """`--start` leaves out what stands before a line."""
        done = self.load(self.file(track("m1"), track("m2"), track("m3")), "--start", "3")
        self.assertEqual(done.out, "1 events loaded, 0 calls rejected\n")

    def test_start_beyond(self) -> None:
        """A start that is no line, as a date, is refused; that after the last leaves out the first file."""
        first, second = self.file(track("m1"), track("m2")), self.file(track("m3"), name="b.jsonl")
        done = self.load(first, second, "--start", "20260131")
        self.assertEqual((done.code, done.out, self.stored()), (2, "", []))
        self.assertIn(
            f"start is 20260131, and {first} ends with line 2: pass the number of a line", done.error
        )
        self.assertEqual(self.load(first, second, "--start", "3").out, "1 events loaded, 0 calls rejected\n")
        empty = self.file(name="c.jsonl")
        self.assertEqual(self.load(empty).out, "0 events loaded, 0 calls rejected\n")

    def test_entity_twice(self) -> None:
        """An entity beside a key to derive one from is refused: one would be passed over."""
        done = self.load(self.file(track("m1")), "--write-key", "k")
        self.assertEqual(done.code, 2)
        self.assertIn("argument --entity-gid: not allowed with argument --write-key", done.error)

    def test_usage(self) -> None:
        """What cannot be used is said with what to do."""
        file = str(self.file(track("m1")))
        nowhere = run_command("load", file)
        self.assertEqual(nowhere.code, 2)
        self.assertIn("--db FILE or --sink ADDRESS", nowhere.error)
        self.assertIn("cannot be read", self.load(self.folder / "none.jsonl").error)
        cut = self.folder / "cut.gz"
        cut.write_bytes(gzip.compress(b"{}" * 1000)[:-4])
        self.assertIn("cannot be read", self.load(cut).error)
        whole = gzip.compress(b"{}" * 1000)
        cut.write_bytes(whole[:12] + bytes(4) + whole[16:])
        self.assertIn("cannot be read", self.load(cut).error)
        self.assertIn("from 1 on", self.load(file, "--start", "0").error)
        self.assertIn("partition is empty", self.load(file, "--partition", "").error)
        self.assertEqual(self.counts(), (0, 0, 0))


class LoaderTest(unittest.TestCase):
    """What is done where a sink does not confirm."""

    def setUp(self) -> None:
        """Write a file, and note waits instead of waiting."""
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.file = Path(folder.name, "a.jsonl")
        self.file.write_text("".join(json.dumps(track(f"m{number}")) + "\n" for number in range(2500)))
        self.waits: list[float] = []
        self.kept: list[str] = []

    def loader(self, fails: int) -> Loader:
        """Make a loader; what keeps its events fails so many times at its third write."""
        left = [fails]

        def keep(calls: Sequence[Accepted | Rejected]) -> Sequence[Accepted | Rejected]:
            if len(self.kept) == 2000 and left[0]:
                left[0] -= 1
                raise SinkError("down")
            self.kept += [call.message_id for call in calls if isinstance(call, Accepted)]
            return calls

        return Loader(keep, UUID(GID), "main", self.fail_for, sleep=self.waits.append)

    def fail_for(self, bad: Bad) -> None:
        """Fail: no call is bad."""
        self.fail(str(bad))

    def test_again(self) -> None:
        """A write that is not confirmed is tried again, ever later, and nothing is left out."""
        loader = self.loader(fails=4)
        loader.load(self.file, entries(self.file))
        self.assertEqual(self.kept, [f"m{number}" for number in range(2500)])
        self.assertEqual((self.waits, loader.loaded, loader.done), ([1.0, 2.0, 4.0, 8.0], 2500, 2500))

    def test_given_up(self) -> None:
        """After the fifth attempt it ends, and knows which line is the last that is kept."""
        loader = self.loader(fails=5)
        with self.assertRaises(SinkError):
            loader.load(self.file, entries(self.file))
        self.assertEqual((len(self.kept), loader.done), (2000, 2000))


if __name__ == "__main__":
    unittest.main()
