"""What each answer of a server means for an event, whatever the answer's body is."""

import unittest

from segment_client import Failure
from segment_client.testing import Answer, FakeServer, ManualClock
from tests.delivery.support import SECONDS, background, numbers, track

BODIES = (b"", b"<html>no</html>", b"[1]", b'"text"', b"\xff\xfe", b"[" * 50_000, b'{"message": {"a": [1]}}')
COUNT = len(BODIES)

REJECTED = dict.fromkeys((302, 308, 400, 404, 422, 501, 505), "rejected") | {413: "too_large"}
"""Answers that are final, and their reason; a redirect is not followed, and is no success."""

EXHAUSTED = dict.fromkeys((408, 410, 425, 460, 500, 503), "unreachable") | {429: "rate_limited"}
"""Answers after which an event is tried again, and the reason once there is no attempt left."""


class AnswersTest(unittest.TestCase):
    """A client that tries once: its first events get answers with one body each, the last one gets 200."""

    def test_final(self) -> None:
        """A final answer rejects or drops its event by the reason of its status, and the next one is sent."""
        for status, reason in {**REJECTED, **EXHAUSTED}.items():
            failures: list[Failure] = []
            server = FakeServer(*(Answer(status, body=body) for body in BODIES))
            with self.subTest(status=status), server:
                client = background(server.url, batch_size=1, max_attempts=1, on_error=failures.append)
                track(client, COUNT + 1)
                self.assertEqual(client.flush(SECONDS), status in REJECTED)
                client.close()
                stats = client.stats()
                counted = stats.rejected_reasons if status in REJECTED else stats.dropped_reasons
                self.assertEqual((stats.delivered, counted), (1, {reason: COUNT}))
                told = [(failure.status_code, failure.reason, failure.retryable) for failure in failures]
                self.assertEqual(told, [(status, reason, status in EXHAUSTED)] * COUNT)
                self.assertEqual(numbers(server), list(range(COUNT + 1)))

    def test_success(self) -> None:
        """Any 2xx delivers, whatever it says."""
        for status in (200, 201, 202):
            server = FakeServer(*(Answer(status, body=body) for body in BODIES))
            with self.subTest(status=status), server, background(server.url, batch_size=1) as client:
                track(client, COUNT)
                self.assertTrue(client.flush(SECONDS))
                self.assertEqual((client.stats().delivered, len(server.requests)), (COUNT, COUNT))

    def test_refused_key(self) -> None:
        """401 and 403 keep the events, are told once, and the first event is tried again each minute."""
        for status in (401, 403):
            failures: list[Failure] = []
            clock = ManualClock()
            server = FakeServer(*(Answer(status, body=body) for body in BODIES))
            with self.subTest(status=status), server:
                client = background(server.url, batch_size=1, clock=clock, on_error=failures.append)
                track(client, 2)
                for refusals in range(1, COUNT + 1):
                    self.assertTrue(server.wait_for_requests(refusals))
                    self.assertTrue(clock.wait_for_timer())
                    clock.advance(60)
                self.assertTrue(client.flush(SECONDS))
                client.close()
                self.assertEqual([failure.reason for failure in failures], ["unauthorized"])
                self.assertEqual(numbers(server), [0] * (COUNT + 1) + [1])


if __name__ == "__main__":
    unittest.main()
