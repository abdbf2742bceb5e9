"""How much a spool writes, told by how its log grows; what it takes in time is for benchmarks to say."""

import tempfile
import unittest
from pathlib import Path

from segment_client.delivery.spool.log import PAGE_BYTES
from tests.delivery.spool.support import event, open_spool


class PagesTest(unittest.TestCase):
    """One client, whose events are small."""

    def setUp(self) -> None:
        """Make a spool with an event."""
        path = Path(self.enterContext(tempfile.TemporaryDirectory())) / "events.db"
        self.log = path.with_name("events.db-wal")
        self.spool = open_spool(path)
        self.addCleanup(self.spool.close)
        self.append(1)

    def append(self, count: int) -> None:
        """Append events."""
        for number in range(count):
            self.spool.append(event(number))

    def pages(self) -> int:
        """Return how many pages the log has."""
        return self.log.stat().st_size // (PAGE_BYTES + 24)

    def test_append(self) -> None:
        """An append writes one page of the file, but where its events begin a new one."""
        before = self.pages()
        self.append(100)
        self.assertLess(self.pages() - before, 150)

    def test_claim(self) -> None:
        """A claim, its renewal and its release write few pages, for any number of events."""
        self.append(99)
        before = self.pages()
        held = self.spool.claim(100, 1_000_000)
        self.spool.renew(held)
        self.spool.release(held)
        self.assertEqual(len(held), 100)
        self.assertLess(self.pages() - before, 10)


if __name__ == "__main__":
    unittest.main()
