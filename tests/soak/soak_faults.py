"""A long run against a server that fails in every way: nothing is lost, and all counts agree."""

import os
import unittest
from collections import Counter
from typing import Any

from segment_client import Delivered, Failure, Stats
from tests.soak.client import RATE, SECONDS, soak_client
from tests.soak.clock import FastClock
from tests.soak.expected import REASONS, bad, check_order, differing, good
from tests.soak.fates import Fate
from tests.soak.server import FaultyServer
from tests.soak.tally import Tally, number_of
from tests.soak.watch import Producer, Sampler

EVENTS = 50_000
SHARE = EVENTS // 8
SHARES = [range(first, first + SHARE) for first in range(0, EVENTS, SHARE)]
"""The numbers that each thread tracks."""

GOOD = good(range(EVENTS))
BAD = bad(range(EVENTS))


class Outcomes:
    """What a client's callbacks were told."""

    def __init__(self) -> None:
        self.delivered: Counter[int] = Counter()
        self.failures: list[Failure] = []

    def on_delivered(self, delivered: Delivered) -> None:
        """Count delivered events by their numbers."""
        self.delivered.update(map(number_of, delivered.events))

    def on_error(self, failure: Failure) -> None:
        """Keep a failure."""
        self.failures.append(failure)


class MemoryTest(unittest.TestCase):
    """With the queue in memory."""

    def test_faults(self) -> None:
        """Of 50,000 events by 8 threads none is lost, each refused one is named, and all the counts agree."""
        seed = os.environ.get("SOAK_SEED", "1")
        clock = FastClock(RATE)
        outcomes = Outcomes()
        with self.subTest(SOAK_SEED=seed), FaultyServer(seed, clock) as server:
            client = soak_client(
                server.url,
                clock,
                "the worker",
                on_delivered=outcomes.on_delivered,
                on_error=outcomes.on_error,
                **self.options(),
            )
            self.addCleanup(client.close, 0)
            producers = [Producer(client, numbers) for numbers in SHARES]
            with (
                self.assertLogs("segment_client", "ERROR") as log,
                Sampler(client, producers, server.tally) as sampler,
            ):
                for producer in producers:
                    producer.start()
                for producer in producers:
                    producer.join()
                self.assertTrue(client.flush(SECONDS), client.stats())
            self.assertTrue(client.close())
            self.assertEqual(sampler.wrong[:10], [])
            self.assertGreater(sampler.samples, 100)
            self.assertEqual(server.too_early, [])
            self.assertEqual(len(log.records), BAD.total(), log.output)
            self.check_server(server.tally)
            self.check_client(client.stats(), outcomes, server.tally)

    def options(self) -> dict[str, Any]:
        """Return how the client keeps its events."""
        return {
            "delivery": "background",
            "max_queue": 2_000,
            "on_full": "block",
            "block_timeout": SECONDS * RATE,
            "max_attempts": 100,
        }

    def check_server(self, tally: Tally) -> None:
        """Hold the server's count against what was sent, and duplicates against the answers it withheld."""
        self.assertEqual(set(tally.fates), set(Fate))
        self.assertEqual(differing(tally.taken - tally.lost, GOOD), {})
        self.assertGreater(tally.lost.total(), 0)
        self.assertEqual(tally.refused, BAD)
        self.assertEqual(tally.changed, [])
        check_order(self, tally, SHARES)

    def check_client(self, stats: Stats, outcomes: Outcomes, tally: Tally) -> None:
        """Hold what the client counted and told against the server's count."""
        self.assertEqual(differing(outcomes.delivered, GOOD), {})
        named = Counter((number_of(failure.events[0]), failure.status_code) for failure in outcomes.failures)
        self.assertEqual(named, BAD)
        for failure in outcomes.failures:
            self.assertEqual(failure.reason, REASONS[failure.status_code or 0])
            self.assertEqual((len(failure.events), failure.retryable), (1, False))
            self.assertEqual(failure.server_message, "refused: not this one")
        expected = Stats(
            accepted=EVENTS,
            delivered=tally.answered,
            rejected=tally.refusals,
            rejected_reasons=Counter(REASONS[status] for _, status in BAD),
        )
        self.assertEqual(stats, expected)


if __name__ == "__main__":
    unittest.main()
