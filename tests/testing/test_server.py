"""The scripted server: every answer and every fault, as a plain HTTP client sees it."""

import gzip
import json
import threading
import unittest
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.client import HTTPConnection, HTTPException, RemoteDisconnected
from typing import Any
from urllib.parse import urlsplit

from segment_client import InvalidTypeError
from segment_client.retry import server_delay
from segment_client.testing import Answer, FakeServer, Received

EVENT = {"type": "track", "event": "E"}


class FakeServerTest(unittest.TestCase):
    """What `FakeServer` does with requests."""

    def connect(self, server: FakeServer) -> HTTPConnection:
        """Return a connection, which the test closes."""
        connection = HTTPConnection(urlsplit(server.url).netloc, timeout=10)
        self.addCleanup(connection.close)
        return connection

    def post(self, connection: HTTPConnection, body: bytes = b"{}", **headers: str) -> tuple[int, bytes]:
        """Post a body; return the answer's status and body."""
        connection.request("POST", "/v1/batch", body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read()

    def test_script(self) -> None:
        """Answers come in the order of the script, then by the rule, then as 200, over one connection."""

        def rule(request: Received) -> Answer:
            return Answer(202, body=request.body)

        with FakeServer(Answer(503), Answer(400, body=b"no"), rule=rule) as server:
            connection = self.connect(server)
            found = [self.post(connection, b'{"n": 1}') for _ in range(3)]
            self.assertEqual(found, [(503, b'{"success": true}'), (400, b"no"), (202, b'{"n": 1}')])
            self.assertEqual(server.connections, 1)
        with FakeServer() as server:
            self.assertEqual(self.post(self.connect(server))[0], 200)

    def test_no_answers(self) -> None:
        """What cannot be answered is told where it is written, not by a connection that breaks."""
        for wrong in ([Answer(503)], 503, None):
            with self.subTest(wrong=wrong), self.assertRaisesRegex(InvalidTypeError, "one by one"):
                FakeServer(wrong)  # type: ignore[arg-type]  # the case
        parts: list[Any] = [b"{}", '{"code": "x"}']
        for headers, body in ((parts[0], b""), ({}, parts[1])):
            with self.subTest(body=body), self.assertRaisesRegex(InvalidTypeError, "bytes as its body"):
                Answer(400, headers, body)

    def test_requests(self) -> None:
        """A request is kept with path, lower-case headers, and its events, whether zipped or in batches."""
        bodies = [EVENT, {"batch": [EVENT, EVENT]}, [EVENT]]
        with FakeServer() as server:
            connection = self.connect(server)
            for body in bodies:
                zipped = gzip.compress(json.dumps(body).encode())
                self.post(connection, zipped, **{"Content-Encoding": "gzip", "X-Test": "a"})
            self.assertTrue(server.wait_for_requests(3))
            self.assertFalse(server.wait_for_requests(4, timeout=0))
            self.assertEqual([len(request.events) for request in server.requests], [1, 2, 1])
            self.assertEqual(server.events, [EVENT] * 4)
            (first, *_) = server.requests
            self.assertEqual((first.path, first.headers["x-test"]), ("/v1/batch", "a"))

    def test_faults(self) -> None:
        """A reset, a closed connection, and one that is closed after an answer that announced nothing."""
        for answer, error in (
            (Answer(fault="reset"), ConnectionResetError),
            (Answer(fault="close"), RemoteDisconnected),
        ):
            with self.subTest(answer), FakeServer(answer) as server:
                with self.assertRaises(error):
                    self.post(self.connect(server))
                self.assertEqual(len(server.requests), 1)
        with FakeServer(Answer(then_close=True)) as server:
            connection = self.connect(server)
            connection.request("POST", "/", b"{}")
            response = connection.getresponse()
            self.assertEqual((response.status, response.getheader("Connection")), (200, None))
            response.read()
            assert connection.sock is not None
            self.assertEqual(connection.sock.recv(1), b"")

    def test_hang(self) -> None:
        """A request that hangs, or waits for a delay, is read; both end with the server at the latest."""
        for answer in (Answer(fault="hang"), Answer(delay=1_000)):
            with self.subTest(answer):
                with FakeServer(answer) as server:
                    waiting = threading.Thread(target=self.try_to_post, args=(self.connect(server),))
                    waiting.start()
                    self.assertTrue(server.wait_for_requests(1))
                    self.assertTrue(waiting.is_alive())
                waiting.join(10)
                self.assertFalse(waiting.is_alive())

    def try_to_post(self, connection: HTTPConnection) -> None:
        """Post a body to a server that is to end."""
        with suppress(OSError, HTTPException):
            self.post(connection)

    def test_retry_after(self) -> None:
        """A time to wait arrives in each form that the client reads."""
        now = datetime(2026, 1, 31, 9, 30, tzinfo=UTC)
        later = now + timedelta(seconds=20)
        forms = [
            {"Retry-After": "20"},
            {"Retry-After": format_datetime(later, usegmt=True)},
            {"X-RateLimit-Reset": "20"},
            {"X-RateLimit-Reset": str(int(later.timestamp()))},
        ]
        with FakeServer(*(Answer(429, form) for form in forms)) as server:
            connection = self.connect(server)
            for _ in forms:
                connection.request("POST", "/", b"{}")
                answer = connection.getresponse()
                answer.read()
                headers = {name.lower(): value for name, value in answer.getheaders()}
                self.assertEqual(server_delay(headers, now), 20)


if __name__ == "__main__":
    unittest.main()
