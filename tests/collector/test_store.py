"""The store under several threads and after a hard end."""

import subprocess
import sys
import unittest
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from segment_client.collector.examine import Accepted, Rejected
from segment_client.collector.head import Head
from segment_client.collector.labels import Labels
from segment_client.collector.search import Search
from segment_client.collector.store import Store
from segment_client.collector.store.records import Saved

NOW = datetime(2026, 1, 31, 9, 30, tzinfo=UTC)
HEAD = Head("POST", "/v1/batch", (("host", "localhost"),))
_KILLED = """
import os, sys
from pathlib import Path
from segment_client.collector.store import Store
from tests.collector.test_store import HEAD, NOW, accepted
Store(Path(sys.argv[1])).save([accepted("m1"), accepted("m2")], HEAD, NOW)
os.kill(os.getpid(), 9)
"""


def accepted(message_id: str) -> Accepted:
    """Return an examined event."""
    return Accepted("e1", message_id, "track", "Item Viewed", None, None, "", "{}", "{}")


class Storing(unittest.TestCase):
    """`Store`."""

    def setUp(self) -> None:
        """Make a folder for the file."""
        folder = TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name, "events.sqlite")

    def open(self) -> Store:
        """Open the test's file."""
        store = Store(self.path)
        self.addCleanup(store.close)
        return store

    def test_saved(self) -> None:
        """Saving says what became of each call."""
        store = self.open()
        rejected = Rejected([{"path": "", "message": "bad", "type": "t"}], "null", Labels())
        saved = store.save([accepted("m1"), accepted("m1"), accepted("m2"), rejected], HEAD, NOW)
        self.assertEqual(saved, Saved(stored=2, duplicates=1, rejected=1, last=4))

    def test_threads(self) -> None:
        """Events that many threads save at once are each stored once, and every call is counted."""
        store = self.open()
        with ThreadPoolExecutor(8) as pool:
            saved = list(
                pool.map(lambda _: store.save([accepted(f"m{n}") for n in range(20)], HEAD, NOW), range(8))
            )
        self.assertEqual(sum(one.stored for one in saved), 20)
        self.assertEqual(sum(one.duplicates for one in saved), 140)
        self.assertEqual(len(store.find.rows(Search(), 1000).items), 20)
        self.assertEqual(store.find.counts()["received"], 160)

    def test_all_or_nothing(self) -> None:
        """A save that fails leaves nothing behind, and the next one works."""
        store = self.open()
        broken = Accepted("e1", "m2", "track", "x", None, None, "", object(), "{}")  # type: ignore[arg-type]  # what SQLite cannot hold
        with self.assertRaises(Exception):  # noqa: B017 - whichever sqlite3 raises
            store.save([accepted("m1"), broken], HEAD, NOW)
        self.assertEqual(store.find.counts()["received"], 0)
        self.assertEqual(store.save([accepted("m1")], HEAD, NOW).stored, 1)

    def test_kill(self) -> None:
        """What was saved is there after the process was killed right after."""
        run = [sys.executable, "-c", _KILLED, str(self.path)]
        self.assertEqual(subprocess.run(run, check=False, timeout=30).returncode, -9)
        self.assertEqual([row.seq for row in self.open().find.rows(Search(), 10).items], [2, 1])

    def test_two_processes(self) -> None:
        """Two stores on one file see each other's events, and repeats of them."""
        first, second = self.open(), self.open()
        first.save([accepted("m1")], HEAD, NOW)
        self.assertEqual(second.save([accepted("m1")], HEAD, NOW).duplicates, 1)
        self.assertEqual([row.repeats for row in first.find.rows(Search(), 10).items], [1])
