"""Long runs with the queue on disk: the same faults, and a server that is down for a minute."""

import os
import tempfile
import unittest
from itertools import chain
from pathlib import Path
from typing import Any

from segment_client import Stats
from tests.soak import soak_faults
from tests.soak.client import RATE, SECONDS, soak_client
from tests.soak.clock import FastClock
from tests.soak.expected import bad, check_order, differing, good
from tests.soak.server import FaultyServer
from tests.soak.spool_file import dead_letters, waiting
from tests.soak.tally import Tally
from tests.soak.watch import Producer

OUTAGE = 60.0
"""Seconds of the clock for which the server is down."""

SHARE = 1_000
WORKERS = 2
THREADS = 2
"""How many threads use the client of each worker."""


class SpoolTest(soak_faults.MemoryTest):
    """With the queue on disk."""

    def setUp(self) -> None:
        """Make a folder for the spool."""
        self.path = Path(self.enterContext(tempfile.TemporaryDirectory())) / "events.db"

    def options(self) -> dict[str, Any]:
        """Return how the client keeps its events."""
        return {"spool": self.path}

    def check_client(self, stats: Stats, outcomes: soak_faults.Outcomes, tally: Tally) -> None:
        """Hold the file against the counts too: nothing is left in it but the refused events."""
        super().check_client(stats, outcomes, tally)
        self.assertEqual(waiting(self.path), [])
        self.assertEqual(dead_letters(self.path), soak_faults.BAD)


class OutageTest(unittest.TestCase):
    """A server that is down at first, and a spool that two clients share."""

    def test_outage(self) -> None:
        """What was tracked while no server was there arrives, from each worker in order of acceptance."""
        seed = os.environ.get("SOAK_SEED", "1")
        clock = FastClock(RATE)
        path = Path(self.enterContext(tempfile.TemporaryDirectory())) / "events.db"
        shares = [range(first, first + SHARE) for first in range(0, WORKERS * THREADS * SHARE, SHARE)]
        server = FaultyServer(seed, clock)
        clients = [soak_client(server.url, clock, f"worker {n}", spool=path) for n in range(WORKERS)]
        for client in clients:
            self.addCleanup(client.close, 0)
        producers = [Producer(clients[n % WORKERS], numbers) for n, numbers in enumerate(shares)]
        began = clock.monotonic()
        for producer in producers:
            producer.start()
        for producer in producers:
            producer.join()
        clock.sleep(max(0.0, began + OUTAGE - clock.monotonic()))
        self.assertEqual([client.stats().spooled for client in clients], [THREADS * SHARE] * WORKERS)
        with (
            self.subTest(SOAK_SEED=seed),
            self.assertLogs("segment_client", "ERROR") as log,
            server,
        ):
            self.assertEqual([client.flush(SECONDS) for client in clients], [True] * WORKERS)
            self.assertEqual([client.close() for client in clients], [True] * WORKERS)
        for client, own in zip(clients, (shares[n::WORKERS] for n in range(WORKERS)), strict=True):
            stats, numbers = client.stats(), list(chain.from_iterable(own))
            self.assertEqual((stats.delivered, stats.rejected), (len(good(numbers)), len(bad(numbers))))
        everything = range(WORKERS * THREADS * SHARE)
        tally = server.tally
        self.assertEqual(differing(tally.taken - tally.lost, good(everything)), {})
        self.assertEqual(tally.refused, bad(everything))
        self.assertEqual(dead_letters(path), bad(everything))
        self.assertEqual(len(log.records), bad(everything).total(), log.output)
        self.assertEqual((waiting(path), tally.changed, server.too_early), ([], [], []))
        self.assertEqual(len(tally.order), WORKERS)
        check_order(self, tally, shares)


if __name__ == "__main__":
    unittest.main()
