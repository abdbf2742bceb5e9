"""Events that land beside the spool: durable at once, moved together, each once whatever comes between."""

import os
import stat
import subprocess
import sys
import threading
import unittest
from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from segment_client.delivery.spool import Spool
from segment_client.delivery.spool.frame import MAGIC, Framed, pack
from segment_client.delivery.spool.holder import Holder, this_process
from segment_client.delivery.spool.inspector import Inspector
from segment_client.delivery.spool.landing import LARGEST, LandedFile, frames_in, landed_files
from segment_client.errors import QueueFullError, SpoolError
from tests.delivery.spool.support import claim_all, event, numbers_in
from tests.delivery.spool.test_store import StoreCase
from tests.laws import law
from tests.sources import ROOT

FULL = 600
"""More events than one file takes."""

LEAVES = """
import os, sys
from pathlib import Path
from tests.delivery.spool.support import event, open_spool

spool = open_spool(Path(sys.argv[1]), lands=True)
for number in range(5):
    spool.append(event(number))
{more}
os._exit(0)
"""
"""A program that ends with events beside its spool: the first one is in it, as it made the file."""

MOVES = """
(landed,) = Path(sys.argv[1]).parent.glob("*-new-*")
content = landed.read_bytes()
spool.move()
landed.write_bytes(content)
"""
"""What it does to end between the two: the events are in the spool, and their file is not deleted yet."""


class LandingCase(StoreCase):
    """A spool beside which events land."""

    def landing(self, count: int = 0) -> Spool:
        """Return a spool, to which so many events have come."""
        spool = self.open(lands=True)
        for number in range(count):
            spool.append(event(number))
        return spool

    def landed(self) -> list[Path]:
        """Return the files beside the spool."""
        return [path for path, _, _ in landed_files(self.path)]

    def left(self, count: int, holder: Holder, first: int = 0) -> Path:
        """Return a file with events that a client has left beside the spool, and has open no more."""
        file = LandedFile(self.path.resolve(), holder, 1)
        for number in range(first, first + count):
            os.write(file.descriptor, pack(Framed(event(number), 1, holder.id, 0.0)))
        os.close(file.descriptor)
        return file.path


class MoveTest(LandingCase):
    """One client's own events."""

    def test_moved(self) -> None:
        """What has landed comes into the spool in its order, and nothing of it stays beside it."""
        spool = self.landing(5)
        self.assertEqual(numbers_in(claim_all(self.open())), [0])
        self.assertEqual((spool.landed(), spool.landing), (4, 4))
        spool.move()
        self.assertEqual((spool.landed(), spool.landing), (4, 0))
        self.assertEqual(numbers_in(claim_all(self.open())), [1, 2, 3, 4])
        spool.close()
        self.assertEqual(self.landed(), [])

    def test_private(self) -> None:
        """Only the owner may read a file of these."""
        self.landing(2)
        (file,) = self.landed()
        self.assertEqual(stat.S_IMODE(file.stat().st_mode), 0o600)

    def test_full(self) -> None:
        """A file that is full is moved by the call that finds it so, in order, whatever the sizes."""
        spool = self.landing()
        for number in range(FULL):
            spool.append(event(number, LARGEST + 1 if number % 100 == 50 else 100))
        self.assertGreater(len(claim_all(self.open())), FULL // 2)
        spool.move()
        spool.close()
        with Inspector(self.path, self.clock) as inspector:
            self.assertEqual(inspector.counts(1), (FULL, 0))

    def test_side_by_side(self) -> None:
        """Eight threads land, others move and claim: each event comes once, each thread's in order."""
        spool = self.landing()
        self.addCleanup(sys.setswitchinterval, sys.getswitchinterval())
        sys.setswitchinterval(1e-6)  # threads change in the middle of everything

        def call(first: int) -> None:
            for number in range(first, first + FULL):
                spool.append(event(number))

        callers = [threading.Thread(target=call, args=(each * FULL,)) for each in range(8)]
        for caller in callers:
            caller.start()
        found = list[int]()
        while any(caller.is_alive() for caller in callers):
            spool.move()
            found += numbers_in(spool.claim(100, 1_000_000))
        spool.move()
        found += numbers_in(claim_all(spool))
        self.assertEqual(sorted(found), list(range(8 * FULL)))
        for each in range(8):
            mine = [number for number in found if number // FULL == each]
            self.assertEqual(mine, sorted(mine))

    def test_bound(self) -> None:
        """At its bound the spool refuses what comes, whether or not it would land."""
        bound, size = 10_000_000, 10_000
        spool = self.open(lands=True, max_bytes=bound)
        with self.assertRaises(QueueFullError):
            for number in range(2 * bound // size):
                spool.append(event(number, size))
        spool.close()
        self.assertLess(self.path.stat().st_size, 1.1 * bound)

    def test_locked(self) -> None:
        """Where the spool cannot be written a move says so, and all is moved once when it can be."""
        spool = self.landing(3)
        spool.rest()
        self.log.mkdir()  # SQLite cannot make its log there
        for work in (spool.move, lambda: spool.append(event(9))):
            with self.assertRaises(SpoolError):
                work()
        self.log.rmdir()
        spool.append(event(3))
        spool.move()
        self.assertEqual(numbers_in(claim_all(spool)), [0, 1, 2, 3])


class LeftTest(LandingCase):
    """What clients have left behind."""

    ended = replace(this_process(), started="1")
    elsewhere = replace(this_process(), place="another machine")

    def test_ended(self) -> None:
        """What an ended process has left is found by all who look: in order, unchanged, once."""
        for more in ("", MOVES):
            with self.subTest(more=more):
                program = LEAVES.format(more=more)
                subprocess.run([sys.executable, "-c", program, str(self.path)], check=True, cwd=ROOT)
                self.assertTrue(self.landed())
                with Inspector(self.path, self.clock) as inspector:
                    self.assertEqual(inspector.counts(1), (5, 0))
                self.assertEqual(self.landed(), [])
                spool = self.open()
                claimed = spool.claim(10, 1_000_000)
                self.assertEqual([one.event for one in claimed], [event(number) for number in range(5)])
                spool.acknowledge(claimed, "delivered")

    def test_alone(self) -> None:
        """Where only such a file is left of a spool, it is found as one."""
        self.left(3, self.ended)
        with Inspector(self.path, self.clock) as inspector:
            self.assertEqual([waiting.events for waiting in inspector.waiting()], [3])

    def test_living(self) -> None:
        """The events of a process that lives are left to it."""
        self.left(3, replace(this_process(), id=1))
        self.assertFalse(self.open().adopt())
        self.assertEqual(len(self.landed()), 1)

    def test_unseen(self) -> None:
        """Of a process that cannot be seen they are taken after a minute, once, and deleted after a day."""
        path = self.left(3, self.elsewhere)
        spool = self.open()
        self.assertFalse(spool.adopt())
        for age, found, more in ((100, 3, True), (100, 0, True), (100_000, 0, False)):
            os.utime(path, (path.stat().st_atime - age, path.stat().st_mtime - age))
            self.assertEqual((spool.adopt(), bool(self.landed())), (found > 0, more))
        self.assertEqual(numbers_in(claim_all(spool)), [0, 1, 2])

    def test_back_to_life(self) -> None:
        """A client whose events were taken meanwhile, as it stood still, moves the others only."""
        slow = self.landing(3)
        (path,) = self.landed()
        os.utime(path, (0, path.stat().st_mtime - 100))
        other = self.open()
        self.assertTrue(other.adopt())
        slow.append(event(3))
        slow.move()
        self.assertEqual(numbers_in(claim_all(other)), [0, 1, 2, 3])

    def test_at_the_end(self) -> None:
        """A rest that a process had no time to write whole is told, and takes none of the others along."""
        with self.left(3, self.ended).open("ab") as file:
            file.write(pack(Framed(event(3), 1, 1, 0.0))[:-5])
        spool = self.open()
        with self.assertLogs("segment_client", "ERROR") as log:
            self.assertTrue(spool.adopt())
        self.assertIn("are no events", log.output[0])
        self.assertEqual(numbers_in(claim_all(spool)), [0, 1, 2])

    def test_first_line(self) -> None:
        """Damage to the line that says whose they are takes none of them along, wherever in it."""
        spool = self.open()
        for end in (False, True):
            with self.subTest(end=end):
                self.left(3, self.ended)
                (path,) = self.landed()
                content = bytearray(path.read_bytes())
                content[content.index(b"\n") if end else 0] ^= 0x20
                path.write_bytes(content)
                os.utime(path, (0, 0))
                with self.assertLogs("segment_client", "ERROR"):
                    self.assertTrue(spool.adopt())
                self.assertEqual(numbers_in(spool.claim(10, 1_000_000)), [0, 1, 2])

    def test_no_folder(self) -> None:
        """Where there is no folder nothing was left in it."""
        file = self.path.with_name("file")
        file.touch()
        for path in (self.path.with_name("none") / "events.db", file / "events.db"):
            self.assertEqual(landed_files(path), [])

    def test_no_owner(self) -> None:
        """A file that does not say whose it is may be about to be written, and is left for a minute."""
        path = self.path.with_name("events.db-new-7-1")
        path.write_bytes(b"")
        spool = self.open()
        spool.adopt()
        self.assertEqual(len(self.landed()), 1)
        os.utime(path, (0, 0))
        spool.adopt()
        self.assertEqual(self.landed(), [])


class FramesTest(unittest.TestCase):
    """Events among other bytes."""

    @law()
    @given(st.lists(st.binary(max_size=40) | st.integers(0, 99) | st.just(MAGIC)))
    def test_any(self, parts: list[bytes | int]) -> None:
        """Whatever stands between events, each that is whole is found, in order, with its end."""
        content, events = b"", []
        for part in parts:
            if isinstance(part, int):
                frame = pack(Framed(event(part), 1, 2, 3.0))
                content += frame
                events.append((len(content), frame))
            else:
                content += part
        self.assertEqual([(found.end, found.frame) for found in frames_in(content)], events)


if __name__ == "__main__":
    unittest.main()
