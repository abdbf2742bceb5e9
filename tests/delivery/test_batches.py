"""What one request of a background client is: how many events, how many bytes, over which connection."""

import unittest
from typing import Any

from segment_client.testing import FakeServer, ManualClock
from tests.client.support import ROOT, USER
from tests.delivery.support import SECONDS, background, track

LIMIT = 500_000
"""Segment's limit for the bytes of a batch, before gzip."""

EVENTS = 16
SHORT = {"type": "track", "event": "E", "userId": "u", "timestamp": "2026-01-31T09:30:00Z"}


class BatchesTest(unittest.TestCase):
    """The limits of Segment's batches."""

    def sent(self, sizes: list[int], **options: Any) -> list[int]:
        """Deliver events with texts of these lengths, flushed together; return the bytes of each request."""
        options = {"clock": ManualClock(), "batch_size": 2_500, "flush_interval": 60, **options}
        with FakeServer() as server, background(server.url, **options) as client:
            for size in sizes:
                client.track(ROOT, "E", user_id=USER, properties={"text": "x" * size})
            self.assertTrue(client.flush(SECONDS))
            self.assertEqual(len(server.events), len(sizes))
            return [len(request.body) for request in server.requests]

    def test_bytes(self) -> None:
        """A batch of 500,000 bytes goes in one request, its envelope counted; one byte more makes two."""
        for wire in ("segment", "semantic"):
            with self.subTest(wire=wire):
                (bare,) = self.sent([0] * EVENTS, wire=wire)
                share, rest = divmod(LIMIT - bare, EVENTS)
                fitting = [share] * (EVENTS - 1) + [share + rest]
                self.assertEqual(self.sent(fitting, wire=wire), [LIMIT])
                self.assertEqual(len(self.sent([*fitting[:-1], fitting[-1] + 1], wire=wire)), 2)

    def test_events(self) -> None:
        """A batch has at most 2,500 events, whatever batch size is asked for."""
        with FakeServer() as server:
            client = background(server.url, batch_size=10_000, flush_interval=60, clock=ManualClock())
            for number in range(2_600):
                client.pass_on({**SHORT, "messageId": f"{number}"})  # the bytes of others would end a batch
            self.assertTrue(client.flush(SECONDS))
            client.close()
            self.assertEqual([len(request.events) for request in server.requests], [2_500, 100])

    def test_connection(self) -> None:
        """Batches are zipped, and go over one connection."""
        with FakeServer() as server, background(server.url) as client:
            for number in range(3):
                track(client, 10, 10 * number)
                self.assertTrue(client.flush(SECONDS))
            self.assertEqual({request.headers["content-encoding"] for request in server.requests}, {"gzip"})
            self.assertEqual(server.connections, 1)


if __name__ == "__main__":
    unittest.main()
