"""A spool's promises: order, limits, leases, counts. The clock stands still; the files are real."""

import tempfile
import threading
import unittest
from collections.abc import Callable
from itertools import cycle
from pathlib import Path
from typing import Any

from segment_client import QueueFullError
from segment_client.delivery.spool import Claimed, Settled, Spool, Tally
from segment_client.delivery.spool.inspector import Inspector
from segment_client.testing import ManualClock
from tests.delivery.spool.support import LEASE, claim_all, event, numbers_in, open_spool


class StoreCase(unittest.TestCase):
    """A folder for a spool, and a clock that all its clients share."""

    def setUp(self) -> None:
        """Make both."""
        self.path = Path(self.enterContext(tempfile.TemporaryDirectory())) / "events.db"
        self.log = self.path.with_name("events.db-wal")
        self.clock = ManualClock()

    def open(self, destination: int = 1, **options: Any) -> Spool:
        """Return a spool on the file."""
        spool = open_spool(self.path, self.clock, destination=destination, **options)
        self.addCleanup(spool.close)
        return spool

    def filled(self, count: int, destination: int = 1) -> Spool:
        """Return a spool that was given events."""
        spool = self.open(destination)
        for number in range(count):
            spool.append(event(number))
        return spool


class ClaimTest(StoreCase):
    """Who gets what."""

    def test_order(self) -> None:
        """Events come out as they went in, the oldest first, with the time at which each was accepted."""
        spool = self.open()
        for number in range(5):
            self.clock.advance(1)
            spool.append(event(number))
        claimed = spool.claim(10, 1_000_000)
        self.assertEqual([one.event for one in claimed], [event(number) for number in range(5)])
        end = self.clock.now().timestamp()
        self.assertEqual([one.accepted for one in claimed], [end - 4 + number for number in range(5)])

    def test_limits(self) -> None:
        """A claim ends at its limit in events or bytes, but has one event at least."""
        spool = self.open()
        for number in range(6):
            spool.append(event(number, 1_000))
        self.assertEqual(numbers_in(spool.claim(2, 1_000_000)), [0, 1])
        self.assertEqual(numbers_in(spool.claim(10, 2_500)), [2, 3])
        self.assertEqual(numbers_in(spool.claim(10, 1)), [4])
        self.assertEqual(numbers_in(spool.claim(10, 1)), [5])
        self.assertEqual(spool.claim(10, 1), [])

    def test_destinations(self) -> None:
        """A claim has only what goes where its spool does."""
        one, other = self.filled(2, 1), self.filled(3, -5)
        self.assertEqual(numbers_in(claim_all(one)), [0, 1])
        self.assertEqual(numbers_in(claim_all(other)), [0, 1, 2])

    def test_exclusive(self) -> None:
        """Two spools of one process never hold the same event."""
        one, two = self.filled(40), self.open()
        held = [*one.claim(7, 10_000), *two.claim(9, 10_000), *one.claim(40, 10_000), *two.claim(40, 10_000)]
        self.assertEqual(sorted(numbers_in(held)), list(range(40)))

    def test_release(self) -> None:
        """What was let go of is claimed again, in the old order, by whoever comes first."""
        one, two = self.filled(6), self.open()
        one.release(one.claim(4, 10_000)[1:])
        self.assertEqual(numbers_in(two.claim(10, 10_000)), [1, 2, 3, 4, 5])

    def test_lease(self) -> None:
        """When its lease ends an event is taken over, and no sooner; to renew it begins the lease anew."""
        one, two = self.filled(2), self.open()
        held = one.claim(2, 10_000)
        self.clock.advance(LEASE - 1)
        self.assertEqual(two.claim(2, 10_000), [])
        self.assertEqual(one.renew(held[:1]), {held[0].id})
        self.clock.advance(1)
        self.assertEqual(numbers_in(two.claim(2, 10_000)), [1])
        self.clock.advance(LEASE - 1)
        self.assertEqual(numbers_in(two.claim(2, 10_000)), [0])

    def test_clock_set_back(self) -> None:
        """A lease that ends later than one can has ended: the clock was set back."""
        one, two = self.filled(1), self.open()
        self.assertEqual(len(one.claim(1, 10_000)), 1)
        self.clock.advance(-LEASE)
        self.assertEqual(two.claim(1, 10_000), [])
        self.clock.advance(-1)
        self.assertEqual(len(two.claim(1, 10_000)), 1)

    def test_stale(self) -> None:
        """Who has lost an event to another one can no longer renew, release, settle or bury it."""
        one, two = self.filled(3), self.open()
        lost = one.claim(3, 10_000)
        self.clock.advance(LEASE)
        taken = two.claim(3, 10_000)
        self.assertEqual(one.renew(lost), set())
        one.release(lost)
        self.assertEqual(one.acknowledge(lost, "delivered"), Settled(0, 0))
        self.assertEqual(one.bury(lost, "rejected", 400, "no"), Settled(0, 0))
        self.assertEqual(one.claim(3, 10_000), [])
        self.assertEqual(two.renew(taken), {held.id for held in taken})
        with Inspector(self.path, self.clock) as inspector:
            self.assertEqual(inspector.dead(), [])

    def test_ids(self) -> None:
        """An id is never used again, so that nobody can settle or wait for what came later."""
        spool = self.filled(3)
        newest = spool.newest()
        old = claim_all(spool)
        spool.acknowledge(old, "delivered")
        spool.rest()
        spool.append(event(9))
        self.assertFalse(spool.has_any(newest))
        self.assertEqual(spool.acknowledge(old, "delivered"), Settled(0, 0))
        self.assertEqual(numbers_in(claim_all(spool)), [9])

    def test_newest(self) -> None:
        """What waits is asked for by the id of the last event that was accepted, of its own destination."""
        spool, other = self.open(), self.filled(3, 2)
        self.assertEqual(spool.newest(), 0)
        spool.append(event(1))
        newest = spool.newest()
        other.append(event(2))
        self.assertEqual(spool.newest(), newest)
        self.assertTrue(spool.has_any(newest))
        spool.acknowledge(claim_all(spool), "delivered")
        self.assertFalse(spool.has_any(newest))
        self.assertEqual(spool.newest(), 0)


class CountTest(StoreCase):
    """Who is told what became of an event."""

    def test_tallies(self) -> None:
        """What others do with a client's events it is told once, by outcome and reason."""
        one, two = self.filled(10), self.open()
        held = two.claim(10, 100_000)
        self.assertEqual(two.acknowledge(held[:3], "delivered"), Settled(0, 3))
        self.assertEqual(two.acknowledge(held[3:5], "delivered"), Settled(0, 2))
        self.assertEqual(two.acknowledge(held[5:6], "dropped", "expired"), Settled(0, 1))
        self.assertEqual(two.bury(held[6:9], "rejected", 422, "words"), Settled(0, 3))
        told = [Tally("delivered", "", 5), Tally("dropped", "expired", 1), Tally("rejected", "rejected", 3)]
        self.assertEqual(sorted(one.tallies(), key=str), told)
        self.assertEqual((one.tallies(), two.tallies()), ([], []))
        self.assertEqual(one.acknowledge(held[9:], "delivered"), Settled(0, 0))

    def test_own(self) -> None:
        """What a client settles itself is counted once: in the answer, and in no tally."""
        one, two = self.filled(4), self.open()
        two.append(event(4))
        self.assertEqual(one.acknowledge(claim_all(one), "delivered"), Settled(4, 1))
        self.assertEqual((one.tallies(), two.tallies()), ([], [Tally("delivered", "", 1)]))

    def test_written(self) -> None:
        """A client is told how many of its events are on disk in all; what was refused is none."""
        told = list[int]()
        spool = self.open(on_written=told.append, max_bytes=65_536)
        with self.assertRaises(QueueFullError):
            while True:
                spool.append(event(len(told), 10_000))
        self.assertEqual(told, list(range(1, len(claim_all(spool)) + 1)))

    def test_late(self) -> None:
        """What comes after close, an answer or an event, is noted as ever, and the file is closed again."""
        one, two = self.filled(3), self.open()
        held = one.claim(2, 10_000)
        one.close()
        two.close()
        self.assertFalse(self.log.exists())
        self.assertEqual(one.acknowledge(held[:1], "delivered"), Settled(1, 0))
        self.assertFalse(self.log.exists())
        one.release(held[1:])
        self.assertFalse(self.log.exists())
        found = claim_all(two)
        self.assertEqual(numbers_in(found), [1, 2])
        self.assertEqual(two.acknowledge(found, "delivered"), Settled(0, 2))
        one.append(event(3))
        self.assertFalse(self.log.exists())
        self.assertEqual(numbers_in(claim_all(two)), [3])

    def test_asked_late(self) -> None:
        """What is asked after close, by a worker that was not waited for, leaves no file open."""
        spool = self.filled(3)
        spool.close()
        late: list[Callable[[], object]] = [spool.newest, spool.free_ended, spool.tallies]
        late += [lambda: spool.has_any(1), lambda: spool.renew(spool.claim(1, 10_000))]
        for ask in late:
            ask()
            self.assertFalse(self.log.exists())


class BoundsTest(StoreCase):
    """What a spool refuses, and what it gives up."""

    def test_dead_letters(self) -> None:
        """A refused event is kept with reason, status and words, until it is as old as events may become."""
        spool = self.open(max_age=1_000)
        for number in range(2):
            spool.append(event(number))
            spool.bury(spool.claim(1, 10_000), "rejected", 400 + number, f"words {number}")
            self.clock.advance(1_001)
        with Inspector(self.path, self.clock) as inspector:
            (letter,) = inspector.dead()
        self.assertEqual((letter.message_id, letter.reason), ("1", "rejected"))
        self.assertEqual((letter.status, letter.words), (401, "words 1"))
        self.assertEqual(claim_all(spool), [])

    def test_full(self) -> None:
        """At its bound a spool takes nothing on; what it has leaves as ever, and makes room."""
        spool = self.open(max_bytes=65_536)
        count = 0
        with self.assertRaisesRegex(QueueFullError, "65536 bytes.*spool_max_bytes"):
            while True:
                spool.append(event(count, 2_000))
                count += 1
        self.assertGreater(count, 5)
        self.assertLess(self.path.stat().st_size, 65_536 + 20_000)
        held = spool.claim(count, 1_000_000)
        spool.bury(held[:1], "rejected", 400, None)
        self.assertEqual(spool.acknowledge(held[1:], "delivered").own, count - 1)
        spool.append(event(count, 2_000))
        self.assertEqual(numbers_in(claim_all(spool)), [count])

    def test_full_by_several(self) -> None:
        """Clients that fill one file at a time all stop at its bound, and none of them before it."""
        bound = 1_000_000
        spools = [self.open(max_bytes=bound) for _ in range(3)]
        full = set[int]()
        for number in cycle(range(3)):
            try:
                spools[number].append(event(0, 3_000))
            except QueueFullError:
                full.add(number)
                if len(full) == 3:
                    break
        for spool in spools:
            spool.rest()
        self.assertLess(abs(self.path.stat().st_size - bound), bound / 8)


class ThreadsTest(StoreCase):
    """Threads of one process on one spool."""

    def test_threads(self) -> None:
        """Eight threads append while two claim: each event is claimed once, and counted once."""
        told = list[int]()
        spool = self.open(on_written=told.append)
        other = self.open()
        over = threading.Event()
        held: list[list[Claimed]] = [[], []]

        def append(thread: int) -> None:
            for number in range(50):
                spool.append(event(thread * 50 + number))

        def claim(source: Spool, into: list[Claimed]) -> None:
            while not over.is_set():
                batch = source.claim(10, 100_000)
                source.acknowledge(batch, "delivered")
                into.extend(batch)

        writers = [threading.Thread(target=append, args=(thread,)) for thread in range(8)]
        readers = [
            threading.Thread(target=claim, args=pair) for pair in zip((spool, other), held, strict=True)
        ]
        for started in (*writers, *readers):
            started.start()
        for writer in writers:
            writer.join()
        over.set()
        for reader in readers:
            reader.join()
        numbers = numbers_in([*held[0], *held[1], *claim_all(spool)])
        self.assertEqual(sorted(numbers), list(range(400)))
        for thread in range(8):
            mine = [number for number in numbers_in(held[0]) if number // 50 == thread]
            self.assertEqual(mine, sorted(mine))
        self.assertEqual(told, sorted(set(told)))
        self.assertEqual(told[-1], 400)


if __name__ == "__main__":
    unittest.main()
