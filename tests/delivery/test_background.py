"""Background delivery over real sockets: nothing is lost, and what is not kept is named."""

import json
import threading
import unittest
from functools import partial

from pydantic import ValidationError

from segment_client import Failure, QueueFullError, SegmentClient, SegmentError, Stats
from segment_client.testing import Answer, FakeServer, ManualClock, Received
from tests.client.support import ENTITY, KEY, ROOT, USER
from tests.delivery.support import SECONDS, background, numbers, numbers_of, track

REFUSED = b'{"code": "invalid_event", "message": "no such event"}'


class BackgroundTest(unittest.TestCase):
    """Batches, retries, refusals, bounds, ends."""

    def test_order_and_batches(self) -> None:
        """Events arrive once, in order, in batches of at most the batch size."""
        with FakeServer() as server, background(server.url, batch_size=30) as client:
            track(client, 100)
            self.assertTrue(client.flush(SECONDS))
            self.assertEqual(numbers(server), list(range(100)))
            self.assertLessEqual(max(len(request.events) for request in server.requests), 30)
            self.assertEqual({request.path for request in server.requests}, {"/v1/batch"})

    def test_receipts_and_counts(self) -> None:
        """A call says "queued", and the counts add up to delivered."""
        with FakeServer() as server, background(server.url) as client:
            self.assertEqual(client.track(ROOT, "E", user_id=USER).status, "queued")
            self.assertTrue(client.flush(SECONDS))
            stats = client.stats()
            self.assertEqual((stats.accepted, stats.delivered, stats.pending), (1, 1, 0))

    def test_semantic_arrays(self) -> None:
        """In the semantic format a batch is a JSON array posted to /event."""
        with FakeServer() as server, background(server.url, wire="semantic") as client:
            track(client, 3)
            self.assertTrue(client.flush(SECONDS))
            self.assertEqual({request.path for request in server.requests}, {"/v1/event"})
            self.assertEqual(numbers(server), [0, 1, 2])

    def test_batches_stay_within_bytes(self) -> None:
        """A batch's body is at most 500,000 bytes, its envelope counted."""
        with FakeServer() as server, background(server.url, batch_size=2_500) as client:
            for _ in range(60):
                client.track(ROOT, "E", user_id=USER, properties={"text": "x" * 20_000})
            self.assertTrue(client.flush(SECONDS))
            self.assertEqual(len(server.events), 60)
            self.assertLessEqual(max(len(request.body) for request in server.requests), 500_000)

    def test_transient_failures(self) -> None:
        """Answers that may pass, resets and lost connections cost no event."""
        faults = [
            Answer(503),
            Answer(429, {"Retry-After": "0"}),
            Answer(fault="reset"),
            Answer(fault="close"),
        ]
        with FakeServer(*faults) as server, background(server.url) as client:
            track(client, 50)
            self.assertTrue(client.flush(SECONDS))
            self.assertEqual(client.stats().delivered, 50)
            self.assertEqual(set(numbers(server)), set(range(50)))

    def test_sent_at_is_new(self) -> None:
        """Each attempt has its own sentAt; the events' bytes stay."""
        clock = ManualClock()
        with FakeServer(Answer(503, {"Retry-After": "60"})) as server:
            client = background(server.url, clock=clock, batch_size=1)
            client.track(ROOT, "E", user_id=USER)
            self.assertTrue(clock.wait_for_timer())
            clock.advance(60)
            self.assertTrue(client.flush(SECONDS))
            client.close()
            first, second = (json.loads(request.body) for request in server.requests)
            self.assertEqual(first["batch"], second["batch"])
            self.assertNotEqual(first["sentAt"], second["sentAt"])

    def test_one_bad_event(self) -> None:
        """One bad event of a hundred is found and named with the server's words; the others are delivered."""
        failures: list[Failure] = []

        def refuse_41(request: Received) -> Answer:
            return Answer(400, body=REFUSED) if 41 in numbers_of(request) else Answer()

        with FakeServer(rule=refuse_41) as server:
            client = background(server.url, on_error=failures.append)
            track(client, 100)
            self.assertTrue(client.flush(SECONDS))
            client.close()
            stats = client.stats()
        self.assertEqual((stats.delivered, stats.rejected, stats.rejected_reasons), (99, 1, {"rejected": 1}))
        (failure,) = failures
        self.assertEqual([event["properties"]["n"] for event in failure.events], ["41"])
        self.assertEqual(failure.server_message, "invalid_event: no such event")

    def test_too_large_batches(self) -> None:
        """A batch too large for the server is split until it fits; an event that never fits is rejected."""

        def at_most_ten(request: Received) -> Answer:
            return Answer(413) if len(request.events) > 10 or 7 in numbers_of(request) else Answer()

        with FakeServer(rule=at_most_ten) as server, background(server.url) as client:
            track(client, 40)
            self.assertTrue(client.flush(SECONDS))
            stats = client.stats()
        self.assertEqual((stats.delivered, stats.rejected_reasons), (39, {"too_large": 1}))

    def test_refused_key(self) -> None:
        """A refused key opens the circuit: one error, nothing lost, and delivery goes on once it is taken."""
        failures: list[Failure] = []
        clock = ManualClock()
        with FakeServer(Answer(401), Answer(403)) as server:
            client = background(server.url, clock=clock, batch_size=1, on_error=failures.append)
            track(client, 3)
            for refusals in (1, 2):
                self.assertTrue(server.wait_for_requests(refusals))
                self.assertTrue(clock.wait_for_timer())
                self.assertEqual(client.stats().pending, 3)
                clock.advance(60)
            self.assertTrue(client.flush(SECONDS))
            client.close()
            self.assertEqual([failure.reason for failure in failures], ["unauthorized"])
            self.assertEqual(numbers(server), [0, 0, 0, 1, 2])

    def test_exhausted(self) -> None:
        """After the last attempt events are dropped, with the reason counted and told."""
        failures: list[Failure] = []
        with FakeServer(Answer(500), Answer(500)) as server:
            client = background(server.url, max_attempts=2, on_error=failures.append)
            track(client, 1)
            self.assertFalse(client.flush(SECONDS))
            client.close()
            self.assertEqual(client.stats().dropped_reasons, {"unreachable": 1})
        self.assertEqual(
            [(failure.reason, failure.retryable) for failure in failures], [("unreachable", True)]
        )

    def test_full_queue(self) -> None:
        """Beyond its bounds a queue drops and counts, raises, or blocks for a time and then raises."""
        with FakeServer(rule=lambda _: Answer(fault="hang")) as server:
            options = {"max_queue": 2, "batch_size": 1}
            dropping = background(server.url, on_full="drop", **options)
            self.assertEqual(
                [_status(dropping) for _ in range(4)], ["queued", "queued", "dropped", "dropped"]
            )
            self.assertEqual(dropping.stats().dropped_reasons, {"queue_full": 2})
            raising = background(server.url, on_full="raise", **options)
            blocking = background(server.url, on_full="block", block_timeout=0.01, **options)
            for client in (raising, blocking):
                track(client, 2)
                with self.assertRaisesRegex(QueueFullError, "max_queue"):
                    track(client, 1)
                self.assertEqual(client.stats().accepted, 2)
            for client in (dropping, raising, blocking):
                client.close(0)

    def test_queue_is_bounded_in_bytes(self) -> None:
        """The queue's bytes are bounded as well as its events."""
        with FakeServer(Answer(fault="hang")) as server:
            client = background(server.url, max_queue_bytes=2_000)
            self.assertIn("dropped", {_status(client) for _ in range(10)})
            client.close(0)

    def test_hung_server(self) -> None:
        """Flush and close come back by their timeouts from a server that hangs, or answers 503 for ever.

        What is left is told as dropped.
        """
        for answer in (Answer(fault="hang"), Answer(503), Answer(503, {"Retry-After": "300"})):
            failures: list[Failure] = []
            with self.subTest(answer), FakeServer(rule=partial(_same, answer)) as server:
                client = background(server.url, on_error=failures.append)
                track(client, 5)
                self.assertFalse(client.flush(0.05))
                self.assertFalse(client.close(0.05))
                stats = client.stats()
            self.assertEqual((stats.accepted, stats.dropped_reasons, stats.pending), (5, {"closed": 5}, 0))
            self.assertEqual([(len(told.events), told.reason) for told in failures], [(5, "closed")])

    def test_disabled(self) -> None:
        """A disabled client validates and sends nothing, starts no thread, and needs no key."""
        before = set(threading.enumerate())
        for key in (KEY, "", None):
            with self.subTest(key=key), FakeServer() as server:
                client = SegmentClient(
                    key, ENTITY, "default", server.url, delivery="background", enabled=False
                )
                self.assertEqual(client.track(ROOT, "E", user_id=USER).status, "skipped")
                with self.assertRaises(ValidationError):
                    client.track(ROOT, "E", user_id=USER, context={"ip": 5})
                with self.assertRaisesRegex(ValueError, "user_id and anonymous_id"):
                    client.track(ROOT, "E")
                new = {thread.name for thread in set(threading.enumerate()) - before}
                self.assertEqual([name for name in new if name.startswith("segment-client")], [])
                self.assertTrue(client.flush(0))
                self.assertTrue(client.close())
                self.assertEqual((server.requests, client.stats()), ([], Stats()))

    def test_close_ends_waits(self) -> None:
        """A server that asks for a long wait does not hold up close."""
        with FakeServer(rule=lambda _: Answer(503, {"Retry-After": "300"})) as server:
            client = background(server.url)
            track(client, 1)
            self.assertTrue(server.wait_for_requests(1))
            self.assertFalse(client.close(SECONDS))
            self.assertEqual(client.stats().dropped_reasons, {"closed": 1})
            self.assertLessEqual(len(server.requests), 2)

    def test_closed_clients(self) -> None:
        """A closed client refuses calls, and closing again is harmless."""
        with FakeServer() as server:
            client = background(server.url)
            track(client, 2)
            self.assertTrue(client.close())
            self.assertTrue(client.close())
            with self.assertRaisesRegex(SegmentError, "closed"):
                track(client, 1)
            self.assertEqual(numbers(server), [0, 1])

    def test_callbacks(self) -> None:
        """Callbacks that raise, block, flush or close do no harm, and what they raise is counted."""
        with FakeServer() as server:
            held = threading.Event()
            blocked = background(server.url, on_delivered=lambda _: held.wait(SECONDS))
            raising = background(server.url, on_delivered=lambda _: 1 / 0)
            flushing: SegmentClient = background(server.url, on_delivered=lambda _: flushing.flush(SECONDS))
            closing: SegmentClient = background(server.url, on_delivered=lambda _: closing.close(SECONDS))
            for client in (blocked, raising, flushing, closing):
                track(client, 1)
                self.assertTrue(client.flush(SECONDS))
            track(blocked, 1)
            self.assertTrue(blocked.flush(SECONDS))
            held.set()
            for client in (blocked, raising, flushing, closing):
                client.close()
            self.assertEqual(raising.stats().callback_errors, 1)

    def test_blocked_callback_is_bounded(self) -> None:
        """What waits for a callback that blocks is bounded in bytes; the calls beyond are counted."""
        with FakeServer() as server:
            held = threading.Event()
            client = background(
                server.url, batch_size=1, max_queue_bytes=5_000, on_delivered=lambda _: held.wait(SECONDS)
            )
            for number in range(30):
                track(client, 1, number)
                self.assertTrue(client.flush(SECONDS))
            self.assertGreater(client.stats().callback_errors, 10)
            held.set()
            client.close()

    def test_threads(self) -> None:
        """Events of eight threads all arrive, once."""
        with FakeServer() as server, background(server.url) as client:
            threads = [
                threading.Thread(target=track, args=(client, 100, 100 * number)) for number in range(8)
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            self.assertTrue(client.flush(SECONDS))
            self.assertEqual(sorted(numbers(server)), list(range(800)))


def _same(answer: Answer, _: Received) -> Answer:
    return answer


def _status(client: SegmentClient) -> str:
    return client.track(ROOT, "E", user_id=USER, properties={"text": "x" * 500, "n": 1}).status


if __name__ == "__main__":
    unittest.main()
