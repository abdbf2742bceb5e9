"""Direct delivery over real sockets: paths, envelopes, attempts and errors."""

import json
import socket
import threading
import unittest
from base64 import b64decode
from datetime import timedelta
from email.utils import format_datetime
from typing import Any

from segment_client import (
    DeliveryError,
    RateLimitedError,
    RejectedError,
    SegmentClient,
    TooLargeError,
    UnauthorizedError,
    UnreachableError,
)
from segment_client.testing import Answer, FakeServer, ManualClock
from tests.client.support import ENTITY, KEY, ROOT, USER, server_client

LONG = {"text": "x" * 2_000}


def sent_ats(waits: list[float]) -> list[str]:
    """Return the sentAt of each attempt between these waits, on a clock of tests."""
    clock, times = ManualClock(), []
    for wait in (0.0, *waits):
        clock.advance(wait)
        times.append(clock.now().isoformat(timespec="milliseconds").replace("+00:00", "Z"))
    return times


def call_each(client: SegmentClient) -> None:
    """Make one call of each type."""
    client.identify(ROOT, user_id=USER)
    client.track(ROOT, "E", user_id=USER)
    client.page(ROOT, user_id=USER)
    client.group(ROOT, "g", user_id=USER)
    client.screen(ROOT, user_id=USER)
    client.alias(ROOT, "p", user_id=USER)


class RequestTest(unittest.TestCase):
    """What one request looks like."""

    def test_paths(self) -> None:
        """Segment's format has a path for each call type, the semantic one has /event."""
        types = ["identify", "track", "page", "group", "screen", "alias"]
        for wire, paths in (("segment", types), ("semantic", ["event"] * 6)):
            with self.subTest(wire), FakeServer() as server:
                call_each(server_client(server, wire=wire)[0])
                self.assertEqual(
                    [request.path for request in server.requests], [f"/v1/{path}" for path in paths]
                )

    def test_full_urls(self) -> None:
        """A full URL is posted to as it is; one that takes batches gets the batch envelope."""
        with FakeServer() as server:
            for name in ("batch", "import", "event", "track"):
                server_client(server, endpoint=f"{server.url}/{name}")[0].track(ROOT, "E", user_id=USER)
            batch, bulk, event, track = server.requests
        self.assertEqual(
            [r.path for r in (batch, bulk, event, track)],
            [f"/v1/{n}" for n in ("batch", "import", "event", "track")],
        )
        for request in (batch, bulk):
            envelope = json.loads(request.body)
            self.assertEqual((set(envelope), envelope["writeKey"]), ({"batch", "sentAt", "writeKey"}, KEY))
        for request in (event, track):
            self.assertEqual(json.loads(request.body)["event"], "E")

    def test_authorization(self) -> None:
        """The write key is the user name of Basic authentication, with an empty password."""
        with FakeServer() as server:
            server_client(server)[0].track(ROOT, "E", user_id=USER)
            scheme, token = server.requests[0].headers["authorization"].split()
        self.assertEqual((scheme, b64decode(token)), ("Basic", f"{KEY}:".encode()))

    def test_keep_alive(self) -> None:
        """The calls of one thread share one connection, another thread has its own."""
        with FakeServer() as server:
            client, _ = server_client(server)
            call_each(client)
            self.assertEqual(server.connections, 1)
            thread = threading.Thread(target=call_each, args=(client,))
            thread.start()
            thread.join()
            self.assertEqual(server.connections, 2)

    def test_gzip(self) -> None:
        """Bodies from 1 KB on are compressed, unless gzip is asked for or refused."""
        for gzip, properties, expected in (
            (None, LONG, "gzip"),
            (None, {}, None),
            (True, {}, "gzip"),
            (False, LONG, None),
        ):
            with self.subTest(gzip=gzip, expected=expected), FakeServer() as server:
                server_client(server, gzip=gzip)[0].track(ROOT, "E", user_id=USER, properties=properties)
                self.assertEqual(server.requests[0].headers.get("content-encoding"), expected)
                self.assertEqual(server.events[0]["properties"], properties)

    def test_size_limit(self) -> None:
        """An event over 32 KB is an error at the call, before any request; the limit can be set."""
        with FakeServer() as server:
            client, _ = server_client(server)
            for limited, size in ((client, 33_000), (server_client(server, max_event_bytes=1_000)[0], 1_000)):
                with self.assertRaises(TooLargeError):
                    limited.track(ROOT, "E", user_id=USER, properties={"text": "x" * size})
            client.track(ROOT, "E", user_id=USER, properties={"text": "x" * 31_000})
            self.assertEqual(len(server.requests), 1)


class AttemptsTest(unittest.TestCase):
    """What is tried again, when, and how it ends."""

    def test_retries(self) -> None:
        """What may pass is tried again: the event stays, sentAt is new, waits are within the jitter."""
        for status in (408, 410, 425, 429, 460, 500, 502, 503, 504):
            with self.subTest(status), FakeServer(Answer(status), Answer(status)) as server:
                client, clock = server_client(server)
                receipt = client.track(ROOT, "E", user_id=USER)
                self.assertEqual((receipt.attempts, len(server.requests)), (3, 3))
                bodies = [json.loads(request.body) for request in server.requests]
                self.assertEqual([body.pop("sentAt") for body in bodies], sent_ats(clock.slept))
                self.assertEqual(bodies[0], bodies[2])
                self.assertTrue(
                    all(0 <= wait <= 0.25 * 2**n for n, wait in enumerate(clock.slept)), clock.slept
                )
                self.assertEqual(len(clock.slept), 2)

    def test_server_asks_to_wait(self) -> None:
        """Retry-After in seconds or as a date, and X-RateLimit-Reset, say how long to wait."""
        date = format_datetime(ManualClock().now() + timedelta(seconds=7), usegmt=True)
        for headers in ({"Retry-After": "7"}, {"Retry-After": date}, {"X-RateLimit-Reset": "7"}):
            with self.subTest(headers), FakeServer(Answer(503, headers)) as server:
                client, clock = server_client(server)
                client.track(ROOT, "E", user_id=USER)
                self.assertEqual(clock.slept, [7.0])

    def test_bounds(self) -> None:
        """Attempts end with their number, or where the next wait would lead out of the total time."""
        with FakeServer(rule=lambda _: Answer(503)) as server:
            with self.assertRaises(UnreachableError) as caught:
                server_client(server, max_attempts=3)[0].track(ROOT, "E", user_id=USER)
            self.assertEqual((caught.exception.attempts, len(server.requests)), (3, 3))
        with FakeServer(Answer(429, {"Retry-After": "31"})) as server:
            client, clock = server_client(server)
            with self.assertRaises(RateLimitedError):
                client.track(ROOT, "E", user_id=USER)
            self.assertEqual((len(server.requests), clock.slept), (1, []))

    def test_errors(self) -> None:
        """Each final answer is an error of its own kind, counted, with the server's words aside."""
        words = b'{"code": "no", "message": "sentinel words"}'
        for status, kind, outcome in (
            (400, RejectedError, "rejected"),
            (401, UnauthorizedError, "rejected"),
            (403, UnauthorizedError, "rejected"),
            (404, RejectedError, "rejected"),
            (413, TooLargeError, "rejected"),
            (422, RejectedError, "rejected"),
            (302, RejectedError, "rejected"),
            (501, RejectedError, "rejected"),
            (505, RejectedError, "rejected"),
            (429, RateLimitedError, "dropped"),
            (500, UnreachableError, "dropped"),
        ):
            answer = Answer(status, {"Location": "http://127.0.0.1:9/"} if status == 302 else {}, words)
            with self.subTest(status), FakeServer(answer) as server:
                client, _ = server_client(server, max_attempts=1)
                with self.assertRaises(kind) as caught:
                    client.track(ROOT, "E", user_id=USER)
                error, stats = caught.exception, client.stats()
                self.assertEqual((error.status_code, error.server_message), (status, "no: sentinel words"))
                self.assertNotIn("sentinel", str(error))
                self.assertEqual((getattr(stats, outcome), stats.accepted, stats.pending), (1, 1, 0))

    def test_success(self) -> None:
        """Any 2xx is a success, whatever the body."""
        for answer in (Answer(204, body=b""), Answer(202, body=b"not json"), Answer(200, body=b"[1]")):
            with self.subTest(answer=answer), FakeServer(answer) as server:
                receipt = server_client(server)[0].track(ROOT, "E", user_id=USER)
                self.assertEqual((receipt.status, receipt.status_code), ("delivered", answer.status))

    def test_no_answer(self) -> None:
        """Resets, closed connections, hung servers and closed ports are UnreachableErrors."""
        for fault in ("reset", "close", "hang"):
            with self.subTest(fault), FakeServer(Answer(fault=fault)) as server:
                self.assert_unreachable(server_client(server, timeout=0.1, max_attempts=1)[0])
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))
            url = f"http://127.0.0.1:{unused.getsockname()[1]}/v1"
            self.assert_unreachable(SegmentClient(KEY, ENTITY, "p", url, max_attempts=1))

    def test_error_bodies(self) -> None:
        """A body of an error that is no JSON object is tolerated."""
        bodies: list[bytes] = [b"<html>", b"\xff\xfe", b"[1]", b'"text"', b"", b"[" * 100_000]
        for body in bodies:
            with self.subTest(body=body[:9]), FakeServer(Answer(400, body=body)) as server:
                with self.assertRaises(RejectedError) as caught:
                    server_client(server)[0].track(ROOT, "E", user_id=USER)
                self.assertIsNone(caught.exception.server_message)

    def assert_unreachable(self, client: SegmentClient) -> None:
        """Check that a call fails for want of an answer, and that the text does not tell the address."""
        with self.assertRaises(UnreachableError) as caught:
            client.track(ROOT, "E", user_id=USER)
        error: DeliveryError = caught.exception
        self.assertIsNone(error.status_code)
        self.assertNotIn("127.0.0.1", str(error))


class AccountingTest(unittest.TestCase):
    """Callbacks, counts and ends."""

    def test_threads(self) -> None:
        """The calls of eight threads are counted as the server counts them."""
        with FakeServer() as server:
            client, _ = server_client(server)
            threads = [threading.Thread(target=call_each, args=(client,)) for _ in range(8)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            self.assertEqual((client.stats().delivered, len(server.events)), (48, 48))
            self.assertTrue(client.flush())

    def test_callbacks(self) -> None:
        """Callbacks get the events; one that raises does no harm and is counted."""
        told: list[Any] = []

        def tell(outcome: object) -> None:
            told.append(outcome)
            raise ZeroDivisionError

        with FakeServer(Answer(400)) as server:
            client, _ = server_client(server, on_delivered=tell, on_error=tell)
            with self.assertRaises(RejectedError):
                client.track(ROOT, "Refused", user_id=USER)
            client.track(ROOT, "Taken", user_id=USER)
            self.assertEqual([outcome.events[0]["event"] for outcome in told], ["Refused", "Taken"])
            self.assertEqual((told[0].reason, client.stats().callback_errors), ("rejected", 2))
            self.assertFalse(told[0].retryable)


if __name__ == "__main__":
    unittest.main()
