"""Damage where it hurts most: in the few bytes that say what a file is, what a page is, what a row is."""

import shutil
import sqlite3
import tempfile
import unittest
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from segment_client.delivery.spool import Settled, Spool
from segment_client.testing import ManualClock
from tests.delivery.spool.support import claim_all, event, numbers_in, open_spool

COUNT = 4
SIZE = 1_500
LOG_FRAME = 4096 + 24


class HeadsTest(unittest.TestCase):
    """One byte at a time is changed, and all events come out."""

    def setUp(self) -> None:
        """Make two small spools: one that was closed, one whose events are all in the log."""
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.clock = ManualClock()
        self.closed, self.crashed = self.folder / "closed", self.folder / "crashed"
        work = self.folder / "work"
        work.mkdir()
        spool = self.fill(work, range(2))
        spool.rest()
        self.fill(work, range(2, COUNT), spool)
        shutil.copytree(work, self.crashed)
        spool.close()
        shutil.copytree(work, self.closed)

    def fill(self, folder: Path, numbers: Iterable[int], spool: Spool | None = None) -> Spool:
        """Append numbered events to a spool in a folder."""
        spool = spool or open_spool(folder / "events.db", self.clock)
        for number in numbers:
            self.clock.advance(1)
            spool.append(event(number, SIZE))
        return spool

    def check(self, template: Path, file: str, places: Iterable[int], change: int) -> None:
        """Change one byte of a copy of a spool after the other; each time all events come out."""
        for place in places:
            with self.subTest(file=file, place=place, change=change):
                folder = self.folder / f"{template.name} {file} {place} {change}"
                shutil.copytree(template, folder)
                content = bytearray((folder / file).read_bytes())
                content[place] ^= change
                (folder / file).write_bytes(content)
                spool = open_spool(folder / "events.db", self.clock)
                self.assertEqual(numbers_in(claim_all(spool)), list(range(COUNT)))
                spool.close()

    def found(self, path: Path) -> list[int]:
        """Return the numbers of the events that a spool gives out."""
        with closing(open_spool(path, self.clock)) as spool:
            return numbers_in(claim_all(spool))

    def test_database(self) -> None:
        """In the header of the database."""
        with self.assertLogs("segment_client", "ERROR"):
            self.check(self.closed, "events.db", range(100), 0x01)
            self.check(self.closed, "events.db", range(16, 72), 0x80)

    def test_tables(self) -> None:
        """In the page that says which tables there are."""
        with self.assertLogs("segment_client", "ERROR"):
            self.check(self.closed, "events.db", range(100, 4096, 47), 0x04)

    def test_log(self) -> None:
        """In the header of the log, and in the heads of its pages; the last might have been torn off."""
        pages = (self.crashed / "events.db-wal").stat().st_size // LOG_FRAME
        self.assertGreater(pages, 4)
        heads = (32 + page * LOG_FRAME + byte for page in (0, 1, pages - 2) for byte in range(24))
        with self.assertLogs("segment_client", "ERROR"):
            self.check(self.crashed, "events.db-wal", range(32), 0x80)
            self.check(self.crashed, "events.db-wal", heads, 0x10)

    def test_numbers(self) -> None:
        """In the number of a page of the log, which thus seems to be another one that is there too."""
        pages = (self.crashed / "events.db-wal").stat().st_size // LOG_FRAME
        with self.assertLogs("segment_client", "ERROR"):
            numbers = (32 + page * LOG_FRAME + 3 for page in range(pages - 1))
            self.check(self.crashed, "events.db-wal", numbers, 0x01)

    def test_older_log(self) -> None:
        """With a damaged header the log's older generation, behind the present one, is told from it."""
        folder = self.folder / "older"
        folder.mkdir()
        spool = self.fill(folder, range(40))
        spool.acknowledge(claim_all(spool)[: 40 - COUNT], "delivered")
        with closing(sqlite3.connect(folder / "events.db")) as other:
            other.execute("PRAGMA wal_checkpoint(FULL)").fetchall()
        self.fill(folder, [40], spool)
        log = bytearray((folder / "events.db-wal").read_bytes())
        self.assertNotEqual(log[32 + 8 : 32 + 16], log[-LOG_FRAME + 8 : -LOG_FRAME + 16])
        log[16] ^= 0xFF
        copy = self.folder / "copy"
        shutil.copytree(folder, copy)
        spool.close()
        (copy / "events.db-wal").write_bytes(log)
        with self.assertLogs("segment_client", "ERROR"):
            found = self.found(copy / "events.db")
        self.assertEqual(found, list(range(40 - COUNT, 41)))

    def test_type(self) -> None:
        """A row whose frame has become text by one bit of the row's own head is whole."""
        path = self.closed / "events.db"
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("UPDATE events SET frame = CAST(frame AS TEXT)")
            connection.commit()
        self.assertEqual(self.found(path), list(range(COUNT)))

    def test_text(self) -> None:
        """Text that is no text any more, and numbers that are none, stop nobody."""
        path = self.closed / "events.db"
        spool = open_spool(path, self.clock)
        spool.append(event(COUNT))
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("UPDATE holders SET place = CAST(x'ff' AS TEXT)")
            query = "INSERT INTO tallies SELECT id, CAST(?1 AS TEXT), CAST(?1 AS TEXT), 'many' FROM holders"
            connection.execute(query, [b"\xff"])
            connection.commit()
        self.assertFalse(spool.free_ended())
        self.assertEqual(spool.tallies(), [])
        self.assertEqual(numbers_in(claim_all(spool)), list(range(COUNT + 1)))
        spool.close()

    def test_version(self) -> None:
        """A version that a changed byte made is no newer one, though the tables are others, too."""
        path = self.closed / "events.db"
        content = bytearray(path.read_bytes())
        content[63] += 1
        content[content.index(b"words TEXT")] ^= 0x01
        path.write_bytes(content)
        with self.assertLogs("segment_client", "ERROR"):
            self.assertEqual(self.found(path), list(range(COUNT)))

    def test_schema_text(self) -> None:
        """A table's name that is no text any more, and of which SQLite's error tells, is damage."""
        path = self.closed / "events.db"
        content = path.read_bytes()
        name = content.index(b"tableevents")
        path.write_bytes(content[:name] + b"tableev\xccnts" + content[name + len(b"tableevents") :])
        with self.assertLogs("segment_client", "ERROR"):
            self.assertEqual(self.found(path), list(range(COUNT)))

    def test_dead_letter(self) -> None:
        """A dead letter that comes out again is nobody's, as its client has counted it."""
        path = self.folder / "events.db"
        spool = open_spool(path, self.clock)
        spool.append(event(0))
        spool.bury(spool.claim(1, 10_000), "rejected", 400, None)
        spool.rest()
        content = bytearray(path.read_bytes())
        content[20] ^= 0x01
        path.write_bytes(content)
        with self.assertLogs("segment_client", "ERROR"):
            spool.append(event(1))
        claimed = claim_all(spool)
        self.assertEqual(numbers_in(claimed), [0, 1])
        self.assertEqual(spool.acknowledge(claimed, "delivered"), Settled(own=1, others=1))
        spool.close()

    def test_events_in_log_only(self) -> None:
        """A spool whose mark and tables were changed is known by events that are in its log only."""
        work, crashed = self.folder / "new", self.folder / "new-crashed"
        work.mkdir()
        spool = self.fill(work, range(1))
        spool.acknowledge(spool.claim(1, 10_000), "delivered")
        spool.rest()
        self.fill(work, range(1, 2), spool)
        shutil.copytree(work, crashed)
        spool.close()
        path = crashed / "events.db"
        for place in (68, 71):
            with self.subTest(place=place):
                copy = Path(shutil.copytree(crashed, self.folder / str(place))) / "events.db"
                content = bytearray(path.read_bytes())
                content[place] ^= 0x01
                content[content.index(b"words TEXT")] ^= 0x01
                copy.write_bytes(content)
                with self.assertLogs("segment_client", "ERROR"):
                    self.assertEqual(self.found(copy), [1])


if __name__ == "__main__":
    unittest.main()
