"""What is damage in a log, and what only looks like it."""

import sqlite3
import sys
import tempfile
import unittest
from pathlib import Path
from uuid import UUID

from segment_client.delivery.outgoing import Outgoing
from segment_client.delivery.spool.frame import Framed, pack
from segment_client.delivery.spool.log import PAGE_BYTES, is_log_damaged, read_log

LOG_FRAME = PAGE_BYTES + 24
COUNT = 20


class Reread(type(Path())):  # type: ignore[misc]  # the class of this platform's paths
    """A file that is found changed by another process each time it is read."""

    contents: list[bytes]

    def read_bytes(self) -> bytes:
        """Return the next of its contents, at last the same one again and again."""
        return self.contents.pop(0) if len(self.contents) > 1 else self.contents[0]


class LogTest(unittest.TestCase):
    """Damage in a write-ahead log, which SQLite would pass over in silence."""

    def setUp(self) -> None:
        """Write events, each in a transaction of its own, and keep the file open so that the log stays."""
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.path = folder / "events.db"
        self.connection = connection = sqlite3.connect(self.path, isolation_level=None)
        self.addCleanup(connection.close)
        connection.execute(f"PRAGMA page_size={PAGE_BYTES}")
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE event (frame BLOB)")
        for number in range(COUNT):
            event = Outgoing(b"{}", "track", f"m{number}", UUID(int=number), False)
            connection.execute("INSERT INTO event VALUES (?)", [pack(Framed(event, 1, 7, float(number)))])
        self.log = Reread(folder / "events.db-wal")
        self.whole = Path(self.log).read_bytes()
        middle = 32 + len(self.whole) // LOG_FRAME // 2 * LOG_FRAME
        self.damaged = self.whole[:middle] + bytes(LOG_FRAME) + self.whole[middle + LOG_FRAME :]

    def test_whole(self) -> None:
        """What SQLite wrote is whole to its last page, and each transaction has its end."""
        self.assertEqual(
            {(page.is_whole, page.is_committed) for page in read_log(self.whole)}, {(True, True)}
        )
        self.log.contents = [self.whole]
        self.assertFalse(is_log_damaged(self.log))

    def test_torn(self) -> None:
        """An end that a crash tore off is no damage, nor is a last page of which only a part was written."""
        last = len(self.whole) - LOG_FRAME
        ends = [self.whole[:end] for end in range(0, len(self.whole), 1_000)]
        for content in (*ends, self.whole[: last + 100] + bytes(LOG_FRAME - 100)):
            self.log.contents = [content]
            self.assertFalse(is_log_damaged(self.log))

    def test_without_end(self) -> None:
        """Pages of a transaction that has not ended, as the process was killed, are told from the others."""
        committed = read_log(self.whole)
        self.connection.execute("INSERT INTO event VALUES (?)", [bytes(5 * PAGE_BYTES)])
        content = Path(self.log).read_bytes()
        pages = read_log(content[:-LOG_FRAME])
        self.assertGreater(len(pages), len(committed) + 2)
        self.assertEqual(pages[: len(committed)], committed)
        rest = {(page.is_whole, page.is_committed) for page in pages[len(committed) :]}
        self.assertEqual(rest, {(True, False)})

    def test_damage(self) -> None:
        """A damaged place with more behind it is damage."""
        self.log.contents = [self.damaged]
        self.assertTrue(is_log_damaged(self.log))

    def test_lost_start(self) -> None:
        """Where the first block is lost, the pages behind it are found, apart from those of an older log."""
        for count in (2, 3, 8):
            self.connection.execute("PRAGMA wal_checkpoint(RESTART)").fetchall()
            for _ in range(count):
                self.connection.execute("UPDATE event SET frame = randomblob(100) WHERE rowid = 1")
            content = Path(self.log).read_bytes()
            self.assertEqual(len(content), len(self.whole))
            pages = read_log(content)
            self.assertEqual(len(pages), count)
            alike = bytearray(content[:PAGE_BYTES])
            for salts in (16, 40):  # the header's, the first page's
                alike[salts] ^= 1
            for lost in (bytes(PAGE_BYTES), bytes(range(256)) * 16, bytes(alike)):
                with self.subTest(count=count, lost=lost[:20]):
                    found = read_log(lost + content[PAGE_BYTES:])
                    self.assertEqual(
                        [page.image for page in found[1:count]], [page.image for page in pages[1:]]
                    )
        self.assertEqual(len(found), count)

    def test_other_header(self) -> None:
        """A header that two changes leave with a right checksum is damage, and its pages are found."""
        content = bytearray(self.whole)
        for place, order in ((20, sys.byteorder), (28, "big")):  # the last word that is summed, and the sum
            word = slice(place, place + 4)
            content[word] = (int.from_bytes(content[word], order) + 1).to_bytes(4, order)
        self.log.contents = [bytes(content)]
        self.assertTrue(is_log_damaged(self.log))
        self.assertEqual(
            [page.image for page in read_log(bytes(content))], [page.image for page in read_log(self.whole)]
        )

    def test_begun(self) -> None:
        """A log of which only the new header was written, over an older log's pages, is no damage."""
        self.connection.execute("PRAGMA wal_checkpoint(RESTART)").fetchall()
        self.connection.execute("UPDATE event SET frame = randomblob(100) WHERE rowid = 1")
        begun = Path(self.log).read_bytes()[:32] + self.whole[32:]
        self.log.contents = [begun]
        self.assertFalse(is_log_damaged(self.log))
        self.assertEqual(read_log(begun), [])

    def test_written_meanwhile(self) -> None:
        """What another process was writing when the log was read is no damage."""
        self.log.contents = [self.damaged, self.whole]
        self.assertFalse(is_log_damaged(self.log))

    def test_begun_anew_meanwhile(self) -> None:
        """A log that another process begins anew is no damage."""
        self.log.contents = [self.damaged, self.whole[16:32] + self.whole[16:]]
        self.assertFalse(is_log_damaged(self.log))


if __name__ == "__main__":
    unittest.main()
