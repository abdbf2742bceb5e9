"""The store under several threads and after a hard end."""

import sqlite3
import subprocess
import sys
import unittest
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from segment_client.collector.examine import Accepted, Rejected
from segment_client.collector.head import Head
from segment_client.collector.labels import Labels
from segment_client.collector.search import Search
from segment_client.collector.store import Store
from segment_client.collector.store.records import Received, Saved
from segment_client.errors import InvalidValueError

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

    def test_unwritable(self) -> None:
        """A file in a folder that cannot take one is refused with what to do."""
        self.path = self.path.parent / "none" / "events.sqlite"
        with self.assertRaisesRegex(InvalidValueError, "name a file in a folder that exists and can be"):
            self.open()

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

    def test_save_all(self) -> None:
        """Of requests that are saved together one that fails costs the others nothing."""
        store = self.open()
        broken = replace(accepted("m2"), body=object())  # type: ignore[arg-type]  # what SQLite cannot hold
        parts = [[accepted("m1")], [accepted("m3"), broken], [], [accepted("m1"), accepted("m4")]]
        first, failed, none, last = store.save_all([Received(calls, HEAD, NOW) for calls in parts])
        self.assertEqual((first, none), (Saved(1, 0, 0, 1), Saved(0, 0, 0, 1)))
        self.assertIsInstance(failed, sqlite3.Error)
        self.assertEqual(last, Saved(1, 1, 0, 3))
        self.assertEqual(store.find.counts()["received"], 3)

    def test_together(self) -> None:
        """Requests saved together are saved as one after another: the same rows, counts and minutes."""
        rejected = Rejected([{"path": "", "message": "bad", "type": "t"}], "null", Labels())
        parts = [
            Received([accepted("m1"), rejected], HEAD, NOW),
            Received([accepted("m1"), accepted("m2")], replace(HEAD, test_id="t"), NOW),
            Received([accepted("m1")], replace(HEAD, path="/v1/track"), NOW + timedelta(minutes=1)),
        ]
        together, apart = self.open(), Store(self.path.with_name("apart.sqlite"))
        self.addCleanup(apart.close)
        saved = together.save_all(parts)
        self.assertEqual(saved, [apart.save(part.calls, part.head, part.now) for part in parts])
        for ask in (
            lambda store: store.find.counts(),
            lambda store: store.find.minutes(0),
            lambda store: [store.find.call(row.seq) for row in store.find.rows(Search(), 10).items],
        ):
            self.assertEqual(ask(together), ask(apart))

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
