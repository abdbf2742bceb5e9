"""A spool's leases while a batch is under way: what another process has taken over is not posted again."""

import tempfile
import unittest
from collections.abc import Iterable
from pathlib import Path

from segment_client import SegmentClient
from segment_client.config import destination_of
from segment_client.delivery.spool import Claimed, Spool
from segment_client.endpoint import parse_endpoint
from segment_client.testing import Answer, FakeServer, ManualClock, Received
from tests.client.support import KEY
from tests.delivery.spool.support import LEASE, open_spool
from tests.delivery.support import SECONDS, background, numbers_of, track


class LeasesTest(unittest.TestCase):
    """A client with one batch, and another process that claims what is free; both have one clock."""

    def setUp(self) -> None:
        """Make a folder and a clock."""
        self.path = Path(self.enterContext(tempfile.TemporaryDirectory())) / "events.db"
        self.clock = ManualClock()

    def other(self, server: FakeServer) -> Spool:
        """Return another process's view of the spool, for the same destination."""
        destination = destination_of(parse_endpoint(server.url, "segment"), KEY)
        spool = open_spool(self.path, self.clock, destination=destination)
        self.addCleanup(spool.close)
        return spool

    def client(self, server: FakeServer, events: int) -> SegmentClient:
        """Return a client that has tracked events, which it sends in one batch, and claims no other ahead."""
        client = background(
            server.url, spool=self.path, clock=self.clock, batch_size=2 * events, flush_interval=1
        )
        self.addCleanup(client.close, 0)
        track(client, events)
        self.clock.advance(1)
        return client

    def wait_for_pause(self, server: FakeServer, requests: int) -> None:
        """Wait until the client has made so many requests, and waits before the next one."""
        self.assertTrue(server.wait_for_requests(requests))
        self.assertTrue(self.clock.wait_for_timer())

    def test_taken_over(self) -> None:
        """An event that was taken over in a wait is left out, also where the others are split."""

        def refuse_batches(request: Received) -> Answer:
            return Answer(400) if len(request.events) > 1 else Answer()

        first = Answer(503, {"Retry-After": str(LEASE + 10)})
        with FakeServer(first, rule=refuse_batches) as server:
            client, other = self.client(server, 3), self.other(server)
            self.wait_for_pause(server, 1)
            self.clock.advance(LEASE + 5)
            self.assertEqual(_numbers(other.claim(1, 1_000_000)), [0])
            self.clock.advance(5)
            self.assertTrue(server.wait_for_requests(4))
            client.close(SECONDS)
            requests = [numbers_of(request) for request in server.requests]
        self.assertEqual(requests, [[0, 1, 2], [1, 2], [1], [2]])
        self.assertEqual((client.stats().delivered, client.stats().spooled), (2, 1))

    def test_half(self) -> None:
        """While one half of a split batch is tried again the lease of the other one may end."""
        answers = [
            Answer(400),
            Answer(503, {"Retry-After": "45"}),
            Answer(503, {"Retry-After": "30"}),
        ]
        with FakeServer(*answers) as server:
            client, other = self.client(server, 2), self.other(server)
            self.wait_for_pause(server, 2)
            self.clock.advance(45)
            self.wait_for_pause(server, 3)
            self.clock.advance(20)
            taken = other.claim(10, 1_000_000)
            self.assertEqual(_numbers(taken), [1])
            self.clock.advance(10)
            self.assertTrue(server.wait_for_requests(4))
            other.acknowledge(taken, "delivered")
            self.assertTrue(client.flush(SECONDS))
            client.close(SECONDS)
            requests = [numbers_of(request) for request in server.requests]
        self.assertEqual(requests, [[0, 1], [0], [0], [0]])
        self.assertEqual(client.stats().delivered, 2)


def _numbers(claimed: Iterable[Claimed]) -> list[int]:
    return [int(one.event.decoded()["properties"]["n"]) for one in claimed]


if __name__ == "__main__":
    unittest.main()
