"""Clients that are slow or send what is no HTTP, on a plain socket."""

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any, ClassVar

from segment_client.collector import Collector
from segment_client.collector.web.connection import Patience
from segment_client.errors import InvalidValueError
from tests.collector.support import BASIC, WRITE_KEY, CollectorCase, track

_HEAD = f"POST /v1/track HTTP/1.1\r\nHost: x\r\n{BASIC[0]}: {BASIC[1]}\r\n"


class Slow(CollectorCase):
    """A collector with little patience."""

    options: ClassVar[dict[str, Any]] = {"write_key": WRITE_KEY, "patience": Patience(head=0.7, body=0.7)}

    @contextmanager
    def connected(self) -> Iterator[socket.socket]:
        """Give a connection to the collector."""
        host, _, port = self.collector.url.removeprefix("http://").partition(":")
        with socket.create_connection((host, int(port)), timeout=10) as connection:
            yield connection

    def answer(self, sent: bytes) -> tuple[int, Any]:
        """Send bytes and return the status and JSON of the answer after which the connection is closed."""
        with self.connected() as connection:
            connection.sendall(sent)
            head, _, body = _rest(connection).partition(b"\r\n\r\n")
        return int(head.split()[1]), json.loads(body)

    def assert_refused(self, sent: bytes, status: int, code: str) -> None:
        """Check that what was sent is refused in the common form."""
        found, body = self.answer(sent)
        self.assertEqual((found, body["code"]), (status, code))
        self.assertIsInstance(body["message"], str)

    def test_nothing(self) -> None:
        """Who connects and says nothing is cut."""
        with self.connected() as connection:
            self.assertEqual(_rest(connection), b"")

    def test_slow_head(self) -> None:
        """A head that does not end is answered 408."""
        self.assert_refused(_HEAD.encode(), 408, "too_slow")

    def test_slow_body(self) -> None:
        """A body that does not end is answered 408, and nothing of it is stored."""
        body = json.dumps(track("m1"))
        for framing in (
            f"Content-Length: {len(body) + 1}\r\n\r\n{body}",
            "Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n",
        ):
            with self.subTest(framing=framing[:16]):
                self.assert_refused(f"{_HEAD}{framing}".encode(), 408, "too_slow")
        self.assertEqual(self.get("/api/stats")["received"], 0)

    def test_second_request(self) -> None:
        """The clock starts anew for each request of a connection."""
        body = json.dumps(track("m1"))
        whole = f"{_HEAD}Content-Length: {len(body)}\r\n\r\n{body}".encode()
        with self.connected() as connection:
            connection.sendall(whole)
            self.assertIn(b"200", connection.recv(9999))
            connection.sendall(whole[:20])
            self.assertIn(b" 408 ", _rest(connection))

    def test_no_http(self) -> None:
        """What is no HTTP is answered 400."""
        bad = (
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\r\n\r\n",
            b"GET\r\n\r\n",
            f"{_HEAD}Content-Length: x\r\n\r\n".encode(),
        )
        for sent in bad:
            with self.subTest(sent=sent[:20]):
                self.assert_refused(sent, 400, "invalid_http")

    def test_bad_chunk(self) -> None:
        """A body in chunks that are none is answered 400."""
        self.assert_refused(f"{_HEAD}Transfer-Encoding: chunked\r\n\r\nzz\r\n".encode(), 400, "invalid_http")

    def test_large_head(self) -> None:
        """A head over the limit is answered 431."""
        self.assert_refused(f"{_HEAD}X-Large: {'x' * 70_000}".encode(), 431, "head_too_large")


class Many(CollectorCase):
    """A collector that two clients may be connected to at a time."""

    def test_surplus(self) -> None:
        """Whoever comes beyond is answered 503, and taken once another has gone; the others are served on."""
        collector = self.enterContext(Collector(max_connections=2))
        port = int(collector.url.rpartition(":")[2])
        asked = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
        first, second, third = (
            self.enterContext(socket.create_connection(("127.0.0.1", port), timeout=10)) for _ in range(3)
        )
        for connection in (first, second):
            connection.sendall(asked)
            self.assertIn(b" 200 ", connection.recv(9999))
        third.sendall(asked)
        head, _, body = _rest(third).partition(b"\r\n\r\n")
        self.assertIn(b" 503 ", head)
        self.assertIn(b"\r\nretry-after: 1\r\n", head)
        self.assertEqual(json.loads(body)["code"], "too_many_connections")
        first.sendall(asked.replace(b"Host", b"Connection: close\r\nHost"))
        self.assertIn(b" 200 ", _rest(first))
        with socket.create_connection(("127.0.0.1", port), timeout=10) as fourth:
            fourth.sendall(asked)
            self.assertIn(b" 200 ", fourth.recv(9999))

    def test_wrong(self) -> None:
        """A limit that lets nobody in is refused."""
        with self.assertRaisesRegex(InvalidValueError, "pass 1 or more"):
            Collector(max_connections=0)


class Stopping(CollectorCase):
    """A collector that is told to stop."""

    def test_drain(self) -> None:
        """A request under way is taken and answered before the collector ends."""
        collector = Collector(write_key=WRITE_KEY)
        self.addCleanup(collector.close)
        body = json.dumps(track("m1"))
        host, _, port = collector.url.removeprefix("http://").partition(":")
        with socket.create_connection((host, int(port)), timeout=10) as connection:
            connection.sendall(f"{_HEAD}Content-Length: {len(body)}\r\nExpect: 100-continue\r\n\r\n".encode())
            self.assertIn(b" 100 ", connection.recv(999))  # the collector waits for the body now
            stopping = Thread(target=collector.close)
            stopping.start()
            connection.sendall(body.encode())
            answer = _rest(connection)
            stopping.join()
        self.assertIn(b" 200 ", answer.partition(b"\r\n")[0])
        self.assertTrue(answer.endswith(b'{"success":true}'))


def _rest(connection: socket.socket) -> bytes:
    """Return what comes until the connection is closed."""
    return b"".join(iter(lambda: connection.recv(65_536), b""))
