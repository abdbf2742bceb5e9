"""What a store keeps, and what it forgets."""

import unittest
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event

from segment_client.collector.keeper import Keeper
from segment_client.collector.search import Search
from segment_client.collector.store import Store
from segment_client.collector.store.connection import Writer
from segment_client.collector.store.keeping import Keep, read_keep
from segment_client.collector.store.saving import PART, clear, forget
from segment_client.errors import InvalidValueError
from tests.collector.test_store import HEAD, accepted

_NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
_MINUTE = timedelta(minutes=1)


class Options(unittest.TestCase):
    """What to keep, as an option says it."""

    def test_read(self) -> None:
        """A number of calls, an age, or one of each."""
        self.assertEqual(read_keep([]), Keep(None, None))
        self.assertFalse(read_keep([]))
        self.assertEqual(read_keep(["100"]), Keep(100, None))
        self.assertEqual(read_keep(["7d", "5"]), Keep(5, timedelta(days=7)))
        self.assertEqual(read_keep(["90s"]).age, timedelta(seconds=90))

    def test_wrong(self) -> None:
        """Anything else, or two of a kind, is refused with what to write."""
        for texts in ([""], ["0"], ["-1"], ["7w"], ["7 d"], ["1", "2"], ["1d", "2h"]):
            with self.subTest(texts=texts), self.assertRaisesRegex(InvalidValueError, "100000"):
                read_keep(texts)


class Forgetting(unittest.TestCase):
    """A store that is told to forget."""

    def setUp(self) -> None:
        """Store five calls, one in each minute until noon, m1 the first."""
        folder = self.enterContext(TemporaryDirectory())
        self.path = Path(folder, "db")
        self.store = Store(self.path)
        self.addCleanup(self.store.close)
        for number in range(1, 6):
            self.store.save([accepted(f"m{number}")], HEAD, _NOON - (5 - number) * _MINUTE)

    def left(self) -> list[str | None]:
        """Return the message ids of what is left, oldest first."""
        return [row.message_id for row in reversed(self.store.find.rows(Search(), 100).items)]

    def test_count(self) -> None:
        """The newest calls are kept, so many of them."""
        self.assertEqual(self.store.expire(Keep(count=2), _NOON), 3)
        self.assertEqual(self.left(), ["m4", "m5"])
        self.assertEqual(self.store.expire(Keep(count=2), _NOON), 0)

    def test_age(self) -> None:
        """Calls that came within an age are kept."""
        self.assertEqual(self.store.expire(Keep(age=2.5 * _MINUTE), _NOON), 2)
        self.assertEqual(self.left(), ["m3", "m4", "m5"])

    def test_both(self) -> None:
        """Of two limits the closer one counts."""
        self.store.expire(Keep(count=4, age=1.5 * _MINUTE), _NOON)
        self.assertEqual(self.left(), ["m4", "m5"])

    def test_all(self) -> None:
        """All may be too old; what comes then is kept, and its request with it."""
        self.store.expire(Keep(age=_MINUTE), _NOON + timedelta(days=2))
        self.assertEqual(self.left(), [])
        saved = self.store.save([accepted("m6")], HEAD, _NOON + timedelta(days=2))
        call = self.store.find.call(saved.last)
        self.assertEqual(call and call.path, HEAD.path)

    def test_counts(self) -> None:
        """Counts are of all that was received, and a repeat of what was forgotten is new."""
        self.store.expire(Keep(count=1), _NOON)
        self.assertEqual(self.store.find.counts()["stored"], 5)
        self.assertEqual(self.store.save([accepted("m1"), accepted("m5")], HEAD, _NOON).duplicates, 1)

    def test_cleared(self) -> None:
        """What is cleared is shown no more though it is not deleted yet, and a repeat of it is new."""
        other = Writer(self.path)
        self.addCleanup(other.close)
        number = other.write(clear)
        self.assertEqual((self.left(), self.store.find.event("m1")), ([], None))
        self.assertEqual(self.store.save([accepted("m1")], HEAD, _NOON).stored, 1)
        self.assertEqual(self.left(), ["m1"])
        self.assertEqual(other.write(lambda write: forget(write, number)), 4)
        self.assertEqual(self.left(), ["m1"])

    def test_cleared_much(self) -> None:
        """To clear much takes no time: a keeper deletes it, also one that a later process starts."""
        self.store.save([accepted(f"n{number}") for number in range(3 * PART)], HEAD, _NOON)
        self.store.clear()
        self.assertEqual((self.left(), self.store.find.call(1), self.rows()), ([], None, 2 * PART + 5))
        done = Event()

        def now() -> datetime:
            if self.rows() == 0:
                done.set()
            return _NOON

        keeper = Keeper(self.store, Keep(count=PART), now, interval=0.01)
        self.addCleanup(keeper.close)
        self.assertTrue(done.wait(10))

    def rows(self) -> int:
        """Return how many rows the file has."""
        writer = Writer(self.path)
        try:
            return int(writer.write(lambda write: write.execute("SELECT count(*) FROM calls").fetchone()[0]))
        finally:
            writer.close()

    def test_parts(self) -> None:
        """No more than a part goes at once, and a keeper goes on until nothing is left to forget."""
        self.store.save([accepted(f"n{number}") for number in range(PART + 10)], HEAD, _NOON)
        self.assertEqual(self.store.expire(Keep(count=3), _NOON), PART)
        done = Event()

        def now() -> datetime:
            if len(self.left()) == 3:
                done.set()
            return _NOON

        keeper = Keeper(self.store, Keep(count=3), now, interval=0.01)
        self.addCleanup(keeper.close)
        self.assertTrue(done.wait(10))
        self.assertEqual(self.left(), [f"n{number}" for number in range(PART + 7, PART + 10)])
