"""The files of a spool: whose they are, what is no spool, what may happen to them meanwhile."""

import os
import sqlite3
import stat
import tempfile
import threading
import unittest
from contextlib import closing
from pathlib import Path

from segment_client import SpoolError
from segment_client.delivery.spool import Settled, Spool
from segment_client.testing import Answer, FakeServer, Received
from tests.delivery.processes import finish, said, start
from tests.delivery.spool.support import claim_all, event, numbers_in, open_spool
from tests.delivery.support import numbers


class FilesCase(unittest.TestCase):
    """A folder for files."""

    def setUp(self) -> None:
        """Make it."""
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.path = self.folder / "events.db"

    def open(self, path: Path | None = None) -> Spool:
        """Return a spool that ends with the test."""
        spool = open_spool(path or self.path)
        self.addCleanup(spool.close)
        return spool

    def modes(self) -> dict[str, int]:
        """Return each file's permissions."""
        return {file.name: stat.S_IMODE(file.stat().st_mode) for file in self.folder.iterdir()}

    def assert_refused(self, path: Path, words: str) -> None:
        """Check that a path is refused with these words."""
        with self.assertRaisesRegex(SpoolError, words):
            open_spool(path).append(event(0))


class ModeTest(FilesCase):
    """Who may read a spool."""

    def test_umask(self) -> None:
        """Whatever the umask, nobody but the owner may read any of the files."""
        self.addCleanup(os.umask, os.umask(0))
        self.open().append(event(0))
        self.assertEqual(len(self.modes()), 4)
        self.assertEqual(set(self.modes().values()), {0o600})

    def test_narrowed(self) -> None:
        """A spool that others may read is kept from them when it is opened."""
        self.open().append(event(0))
        for file in self.folder.iterdir():
            file.chmod(0o644)
        self.open().append(event(1))
        self.assertEqual({mode for name, mode in self.modes().items() if "lock" not in name}, {0o600})


class RefusedTest(FilesCase):
    """What cannot be a spool is refused, and stays as it is."""

    def test_other_program(self) -> None:
        """A database of another program, with large pages or small ones, with a log or without."""
        for page, mode in ((4096, "DELETE"), (4096, "WAL"), (512, "WAL")):
            with self.subTest(page=page, mode=mode), closing(sqlite3.connect(self.path)) as other:
                other.execute(f"PRAGMA page_size={page}")
                other.execute(f"PRAGMA journal_mode={mode}")
                other.execute("CREATE TABLE theirs (a)")
                other.execute("INSERT INTO theirs VALUES (1)")
                other.commit()
                self.path.chmod(0o644)
                before = self.path.read_bytes()
                self.assert_refused(self.path, "another program")
                self.assertEqual(self.path.read_bytes(), before)
                self.assertEqual(self.modes()[self.path.name], 0o644)
                self.assertEqual(other.execute("SELECT * FROM theirs").fetchall(), [(1,)])
            self.path.unlink()

    def test_newer(self) -> None:
        """A spool that a newer version wrote."""
        with closing(sqlite3.connect(self.path)) as newer:
            newer.execute(f"PRAGMA application_id={0x53457631}")
            newer.execute(f"PRAGMA user_version={0x02020202}")
            newer.execute("CREATE TABLE events (id, more)")
        before = self.path.read_bytes()
        self.assert_refused(self.path, "newer version: update")
        self.assertEqual(self.path.read_bytes(), before)

    def test_no_file(self) -> None:
        """A folder, a pipe, a folder that is missing, one in which nothing can be made."""
        pipe = self.folder / "pipe"
        os.mkfifo(pipe, 0o644)
        self.folder.chmod(0o755)
        for path in (self.folder, pipe):
            self.assert_refused(path, "is no file")
        self.assertEqual(stat.S_IMODE(self.folder.stat().st_mode), 0o755)
        self.assertEqual(self.modes()["pipe"], 0o644)
        self.assert_refused(self.folder / "missing" / "events.db", "No such file.*check the folder")
        self.assert_refused(Path("/proc/events.db"), "check the folder")

    @unittest.skipIf(os.geteuid() == 0, "root may write everywhere")
    def test_read_only(self) -> None:
        """A folder in which nothing may be made."""
        self.folder.chmod(0o500)
        self.addCleanup(self.folder.chmod, 0o700)
        self.assert_refused(self.path, "Permission denied.*check the folder")


class ReplacedTest(FilesCase):
    """What becomes of the file while it is in use."""

    def test_no_database(self) -> None:
        """A file that is no database is set aside, and a spool takes its place."""
        self.path.write_text("something else\n" * 1000)
        with self.assertLogs("segment_client", "ERROR"):
            spool = self.open()
            spool.append(event(1))
        (aside,) = (file for file in self.folder.iterdir() if ".damaged-" in file.name)
        self.assertEqual(aside.read_text(), "something else\n" * 1000)
        self.assertEqual(numbers_in(claim_all(spool)), [1])

    def test_deleted(self) -> None:
        """Where the file was deleted meanwhile, the next event makes a new one and is in it."""
        spool = self.open()
        spool.append(event(1))
        for file in list(self.folder.iterdir()):
            file.unlink()
        spool.append(event(2))
        self.assertTrue(self.path.exists())
        self.assertEqual(numbers_in(claim_all(self.open())), [2])

    def test_replaced(self) -> None:
        """Where another spool took its place, the next event is in that one."""
        other = self.folder / "other.db"
        made = open_spool(other)
        made.append(event(7))
        made.close()
        spool = self.open()
        spool.append(event(1))
        for suffix in ("", "-wal", "-shm"):
            self.path.with_name(f"events.db{suffix}").rename(self.folder / f"old.db{suffix}")
        other.replace(self.path)
        spool.append(event(2))
        self.assertEqual(numbers_in(claim_all(spool)), [7, 2])

    def test_under_way(self) -> None:
        """What was claimed from a file that was replaced meanwhile settles nothing of the new one."""
        spool = self.open()
        for number in range(3):
            spool.append(event(number))
        before = spool.claim(3, 100_000)
        for file in list(self.folder.iterdir()):
            file.unlink()
        for number in range(3, 6):
            spool.append(event(number))
        held = spool.claim(3, 100_000)
        self.assertEqual(numbers_in(held), [3, 4, 5])
        spool.release(before)
        self.assertEqual(spool.renew(before), set())
        self.assertEqual(spool.acknowledge(before, "delivered"), Settled(0, 0))
        self.assertEqual(spool.renew(held), {one.id for one in held})
        self.assertEqual(spool.acknowledge(held, "delivered"), Settled(3, 0))

    def test_link(self) -> None:
        """A link leads to the spool: its log is beside the file, and it is the file that is set aside."""
        link = self.folder / "link.db"
        link.symlink_to(self.path)
        spool = self.open(link)
        spool.append(event(1))
        self.assertTrue((self.folder / "events.db-wal").exists())
        self.assertEqual(numbers_in(claim_all(spool)), [1])
        spool.close()
        self.path.write_bytes(b"damaged")
        with self.assertLogs("segment_client", "ERROR"):
            self.open(link).append(event(2))
        self.assertTrue(link.is_symlink())
        self.assertEqual(len(list(self.folder.glob("events.db.damaged-*"))), 1)

    def test_salvage_goes_on(self) -> None:
        """A salvage that a crash broke off is finished by the next one, at whichever step it was."""
        for done in ({""}, {"", "-wal"}, {"-wal"}):
            for begun in (False, True):
                with self.subTest(done=done, begun=begun):
                    self.check_salvage_goes_on(done, begun=begun)

    def check_salvage_goes_on(self, done: set[str], *, begun: bool) -> None:
        """Move some files of a spool to where a salvage has them; perhaps it had made the new file."""
        folder = Path(tempfile.mkdtemp(dir=self.folder))
        path = folder / "events.db"
        spool = open_spool(path)
        for number in range(3):
            spool.append(event(number))
        for suffix in ("", "-wal"):
            target = f"events.db.salvaging{suffix}" if suffix in done else f"new{suffix}"
            (folder / target).write_bytes((folder / f"events.db{suffix}").read_bytes())
        spool.close()
        path.unlink()
        if begun:
            path.touch()
        elif "-wal" not in done:
            (folder / "new-wal").rename(folder / "events.db-wal")
        elif "" not in done:
            (folder / "new").rename(path)
        with self.assertLogs("segment_client", "ERROR"), closing(open_spool(path)) as following:
            found = numbers_in(claim_all(following))
        if not begun or "-wal" in done:
            self.assertEqual(found, [0, 1, 2])
        self.assertFalse(list(folder.glob("*.salvaging*")))


@unittest.skipUnless(os.name == "posix", "limits are POSIX's")
class FullDiskTest(FilesCase):
    """No room on the disk."""

    def test_full(self) -> None:
        """It is an error at the call; what is there is delivered when there is room, and nothing twice."""
        may_answer = threading.Event()

        def answer(_: Received) -> Answer:
            may_answer.wait(20)
            return Answer()

        with FakeServer(rule=answer) as server:
            command = "tests.delivery.programs.full_disk"
            with start(server, command, spool=str(self.path)) as process:
                assert process.stdout is not None
                self.assertEqual(process.stdout.readline(), "full\n")
                may_answer.set()
                out, _ = finish(process)
            self.assertGreater(len(said(out)), 20)
            self.assertEqual(sorted(numbers(server)), said(out))


if __name__ == "__main__":
    unittest.main()
