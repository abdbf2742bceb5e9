"""Long runs of processes that share a spool's file, and are killed."""

import os
import random
import tempfile
import unittest
from collections import Counter
from collections.abc import Iterable, Sequence, Set
from datetime import datetime
from itertools import chain
from pathlib import Path

from tests.soak.client import RATE, SECONDS
from tests.soak.clock import FastClock
from tests.soak.expected import bad, differing, good
from tests.soak.fates import Fate, refusal
from tests.soak.lives import Lives
from tests.soak.server import FaultyServer
from tests.soak.spool_file import dead_letters, waiting
from tests.soak.tally import Tally

PROCESSES = 4
SHARE = 10_000
"""How many events each of the processes tracks."""

EVENTS = 20_000
KILLS = 8
"""How often a process that tracks alone is killed, and with how many events."""

LEAD = 2_000
"""More calls than a pipe of 64 KB tells of: so far a process may be ahead of what was read from it."""


class ProcessesTest(unittest.TestCase):
    """SIGKILL at any moment, and a server that fails in every way."""

    def setUp(self) -> None:
        """Make a folder for the spool, and random moments that can be had again."""
        self.path = Path(self.enterContext(tempfile.TemporaryDirectory())) / "events.db"
        self.seed = os.environ.get("SOAK_SEED", "1")
        self.random = random.Random(self.seed)  # noqa: S311 - moments, no secrets
        self.clock = FastClock(RATE)

    def test_shared(self) -> None:
        """Of 4 processes with one spool one is killed and started again: each sends what any left, once."""
        with self.subTest(SOAK_SEED=self.seed), FaultyServer(self.seed, self.clock) as server:
            kills = {self.random.randrange(PROCESSES): [self.random.randrange(SHARE - LEAD)]}
            processes = [
                self.lives(f"process {n}", server, range(n * SHARE, (n + 1) * SHARE), kills.get(n, ()))
                for n in range(PROCESSES)
            ]
            self.finish(processes)
            self.check(processes, server)
            for n in range(PROCESSES):
                if n not in kills:
                    self.check_stats(processes[n])

    def test_killed(self) -> None:
        """A process that is killed again and again loses none of the events that it was told are safe."""
        with self.subTest(SOAK_SEED=self.seed), FaultyServer(self.seed, self.clock) as server:
            kills = [self.random.randrange((EVENTS - LEAD) // KILLS) for _ in range(KILLS)]
            process = self.lives("process", server, range(EVENTS), kills)
            self.finish([process])
            self.assertEqual(len(process.killed), KILLS)
            self.check([process], server)

    def lives(self, name: str, server: FaultyServer, numbers: range, kills: Sequence[int]) -> Lives:
        """Start a process."""
        lives = Lives(name, server.url, self.path, self.clock, numbers, kills)
        lives.start()
        self.addCleanup(lives.end)
        return lives

    def finish(self, processes: Sequence[Lives]) -> None:
        """Wait for the ends of processes."""
        for process in processes:
            process.join(SECONDS)
            self.assertFalse(process.is_alive(), process.name)
        self.assertEqual([process.faults for process in processes], [[] for _ in processes])

    def check(self, processes: Sequence[Lives], server: FaultyServer) -> None:
        """Hold the server's count and the file against what the calls returned."""
        tally = server.tally
        self.assertEqual(set(tally.fates), set(Fate))
        self.assertEqual((tally.changed, server.too_early, waiting(self.path)), ([], [], []))
        came = {*tally.taken, *(number for number, _ in tally.refused)}
        returned = {number: call for process in processes for number, call in process.returned.items()}
        cut = {number for process in processes for number in process.cut}
        self.assertEqual(
            returned.keys() | cut, {number for process in processes for number in process.numbers}
        )
        self.assertEqual(sorted(returned.keys() - came)[:20], [], "lost")
        self.assertLessEqual(came - returned.keys(), cut)
        for number in good(returned):
            call, (message_id, timestamp) = returned[number], tally.stamps[number]
            self.assertEqual(message_id, call.message_id)
            self.assertTrue(call.before <= datetime.fromisoformat(timestamp) <= call.after, timestamp)
        self.assertEqual(dead_letters(self.path), bad(came))
        self.check_duplicates(tally, came, chain.from_iterable(process.killed for process in processes))

    def check_duplicates(self, tally: Tally, came: Set[int], killed: Iterable[str]) -> None:
        """Hold events that came again against withheld answers, and last requests of killed workers.

        Such a worker may have had no time to note what it was answered.
        """
        unnoted = Counter(number for worker in killed for number in tally.last.get(worker, ()))
        answered = tally.taken - tally.lost
        for number, status in tally.refused.elements():
            self.assertEqual(refusal(number), status)
            answered[number] += 1
        once = Counter(came)
        again = answered - once
        self.assertEqual(differing(answered - (again & unnoted), once), {})

    def check_stats(self, process: Lives) -> None:
        """Hold the counts of a process that lived through it all against its events, whoever sent them."""
        names = ("accepted", "delivered", "rejected", "dropped", "spooled", "pending")
        self.assertEqual(
            [process.stats[name] for name in names],
            [SHARE, len(good(process.numbers)), len(bad(process.numbers)), 0, 0, 0],
        )


if __name__ == "__main__":
    unittest.main()
