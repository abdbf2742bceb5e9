"""The transport over HTTP: what it makes of answers, whole and broken, straight and through a proxy."""

import gzip
import socket
import socketserver
import threading
import unittest
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from typing import NamedTuple

from segment_client import UnreachableError
from segment_client.http import RequestsTransport
from segment_client.lines import Pooled, Straight
from segment_client.routes import Routes
from segment_client.testing import Answer, FakeServer
from segment_client.transport import Request, Response

SECONDS = 10.0
KEPT = 65_536
WAYS = ("straight", "proxy")
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


class Step(NamedTuple):
    """What a server writes once it has read a request, or so much of its body; then it may hang up."""

    answer: bytes
    hangs_up: bool = False
    reads: int | None = None


class Server(socketserver.ThreadingTCPServer):
    """Goes through its steps on a free port of 127.0.0.1.

    `heads` are those of the requests that came; `ended` is released by each connection that is closed.
    """

    daemon_threads = True

    def __init__(self, *steps: Step) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.steps = list(steps)
        self.connections = 0
        self.heads: list[bytes] = []
        self.ended = threading.Semaphore(0)

    def shutdown_request(self, request: socket.socket | tuple[bytes, socket.socket]) -> None:
        """Close a connection, and tell that it is closed."""
        super().shutdown_request(request)
        self.ended.release()

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up, too, is no news."""


class Handler(socketserver.StreamRequestHandler):
    """Answers until there is no step or no request left."""

    server: Server

    def handle(self) -> None:
        """Answer one connection."""
        self.server.connections += 1
        while self.server.steps and (head := b"".join(iter(self.rfile.readline, b"\r\n"))):
            self.server.heads.append(head)
            step = self.server.steps.pop(0)
            length = int(head.lower().partition(b"content-length: ")[2].split()[0])
            self.rfile.read(length if step.reads is None else step.reads)
            self.wfile.write(step.answer)
            if step.hangs_up:
                return


class Poster:
    """What posts a body to a server, or through it to another one."""

    def __init__(self, address: str, way: str) -> None:
        self._transport = RequestsTransport({"http": address} if way == "proxy" else None)
        self._base = "http://events.test" if way == "proxy" else address
        self.close = self._transport.close

    def __call__(
        self, path: str = "/b", body: bytes = b"{}", timeout: float = SECONDS, key: str = "k"
    ) -> Response:
        """Post, and return the answer."""
        return self._transport.send(Request(self._base + path, body, {"X-Key": key}, timeout))


@contextmanager
def serving(way: str, *steps: Step) -> Iterator[tuple[Server, Poster]]:
    """Serve some steps, and make what posts there."""
    with Server(*steps) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            with closing(Poster(f"http://127.0.0.1:{server.server_address[1]}", way)) as post:
                yield server, post
        finally:
            server.shutdown()
            thread.join()


def answer(body: bytes, *headers: str, status: int = 200) -> bytes:
    """Write an answer with its length."""
    lines = (f"HTTP/1.1 {status} Said", *headers, f"Content-Length: {len(body)}", "", "")
    return "\r\n".join(lines).encode() + body


class AnswersTest(unittest.TestCase):
    """Each answer comes by each way as it is."""

    def test_request(self) -> None:
        """A request has its own headers, the length, and the client's name."""
        for way in WAYS:
            with self.subTest(way), serving(way, Step(OK)) as (server, post):
                post("/v1/b?x=1", b"12345")
                line, *headers = server.heads[0].decode().splitlines()
                self.assertRegex(line, r"^POST (http://events\.test)?/v1/b\?x=1 HTTP/1\.1$")
                self.assertIn("X-Key: k", headers)
                self.assertIn("Content-Length: 5", headers)
                self.assertRegex("\n".join(headers), r"(?m)^User-Agent: python-segment-client/\d")
                host = "events.test" if way == "proxy" else f"127.0.0.1:{server.server_address[1]}"
                self.assertIn(f"Host: {host}", headers)

    def test_line_break(self) -> None:
        """A header that would be two by its value is refused, and nothing is sent."""
        for way in WAYS:
            with self.subTest(way), serving(way, Step(OK)) as (server, post):
                for value in ("a\r\nX-Other: b", "a\nX-Other: b"):
                    with self.assertRaises(ValueError):
                        post(key=value)
                post()
                self.assertEqual([head.count(b"X-Other") for head in server.heads], [0])

    def test_parts(self) -> None:
        """Status, lower-case headers and body are told, whatever the status; a redirect is not followed."""
        for way in WAYS:
            for status in (200, 204, 302, 413, 503):
                body = b"" if status == 204 else b"said"
                step = Step(answer(body, "Location: /elsewhere", "Retry-After: 7", status=status))
                with self.subTest(way, status=status), serving(way, step) as (server, post):
                    got = post()
                    self.assertEqual((got.status, got.body, got.headers["retry-after"]), (status, body, "7"))
                    self.assertEqual(len(server.heads), 1)

    def test_framings(self) -> None:
        """A body in chunks, one to the connection's end and one after a 100 are read whole."""
        chunks = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n"
        to_the_end = b"HTTP/1.1 200 OK\r\n\r\nabcdefg"
        continued = b"HTTP/1.1 100 Continue\r\n\r\n" + answer(b"abcdefg")
        for way in WAYS:
            for wrote in (Step(chunks), Step(to_the_end, hangs_up=True), Step(continued)):
                with self.subTest(way, wrote=wrote), serving(way, wrote, Step(OK)) as (_, post):
                    self.assertEqual(post().body, b"abcdefg")
                    self.assertEqual(post().body, b"ok")

    def test_codings(self) -> None:
        """A body that is coded, though nobody asked, is decoded."""
        for way in WAYS:
            for name, coded in (("gzip", gzip.compress(b"said")), ("deflate", zlib.compress(b"said"))):
                step = Step(answer(coded, f"Content-Encoding: {name}"))
                with self.subTest(way, name=name), serving(way, step, Step(OK)) as (server, post):
                    self.assertEqual((post().body, post().body), (b"said", b"ok"))
                    self.assertEqual(server.connections, 1)

    def test_bound(self) -> None:
        """Of a long body the first 64 KB are kept, coded or not, and the next request is answered."""
        long = b"a" * 3_000_000
        chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2dc6c0\r\n" + long + b"\r\n0\r\n\r\n"
        coded = answer(gzip.compress(long), "Content-Encoding: gzip")
        for way in WAYS:
            for wrote in (answer(long), chunked, coded):
                with self.subTest(way, wrote=wrote[:60]), serving(way, Step(wrote), Step(OK)) as (_, post):
                    self.assertEqual(post().body, long[:KEPT])
                    self.assertEqual(post().body, b"ok")

    def test_early(self) -> None:
        """An answer that comes before the request was read is heard, although the server then hangs up."""
        for way in WAYS:
            step = Step(answer(b"", "Connection: close", status=413), hangs_up=True, reads=10_000_000)
            with self.subTest(way), serving(way, step) as (_, post):
                self.assertEqual(post(body=b"a" * 10_000_001).status, 413)


class BrokenTest(unittest.TestCase):
    """What is no whole answer is an UnreachableError, and costs no later request."""

    def test_broken(self) -> None:
        """None, one that is cut, one that is no HTTP, and one in a coding that it is not in."""
        broken = (
            b"",
            b"HTTP/1.1 2",
            OK[:-1],
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nab",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\nab",
            b"SSH-2.0-OpenSSH\r\n",
            answer(b"said", "Content-Encoding: gzip"),
        )
        for way in WAYS:
            for wrote in broken:
                step = Step(wrote, hangs_up=True)
                with self.subTest(way, wrote=wrote), serving(way, step, Step(OK)) as (server, post):
                    with self.assertRaisesRegex(UnreachableError, "^no answer from the server: [A-Za-z]+$"):
                        post()
                    self.assertTrue(server.ended.acquire(timeout=SECONDS))
                    self.assertEqual(post().body, b"ok")

    def test_slow(self) -> None:
        """An answer that does not come within the timeout is none; each request has its own timeout."""
        for way in WAYS:
            server = FakeServer(Answer(), Answer(fault="hang"), Answer(delay=0.2))
            with self.subTest(way), server, closing(Poster(server.url.removesuffix("/v1"), way)) as post:
                self.assertEqual(post().status, 200)
                with self.assertRaises(UnreachableError):
                    post(timeout=0.05)
                self.assertEqual(post().status, 200)

    def test_addresses(self) -> None:
        """A name that no server can have and a port where none is are told without the address."""
        transport = RequestsTransport()
        self.addCleanup(transport.close)
        for host in (f"{'a' * 64}.test", "a..test", "127.0.0.1:1"):
            with self.subTest(host=host), self.assertRaises(UnreachableError) as caught:
                transport.send(Request(f"http://{host}/v1/b", b"{}", {}, SECONDS))
            self.assertNotIn(host, str(caught.exception))


class ConnectionsTest(unittest.TestCase):
    """One connection serves one thread, as long as it can."""

    def test_dotted(self) -> None:
        """A name that ends with a dot is left to a pool, which verifies the name without it."""
        routes = Routes({})
        self.addCleanup(routes.close)
        for url, kind in (("https://events.test./b", Pooled), ("https://events.test/b", Straight)):
            self.assertIsInstance(routes.to(url).line, kind)

    def test_shared(self) -> None:
        """All paths of a server are asked over one connection."""
        for way in WAYS:
            with self.subTest(way), serving(way, *[Step(OK)] * 4) as (server, post):
                for path in ("/v1/track", "/v1/page", "/v1/track", "/v1/b?x=1"):
                    post(path)
                self.assertEqual(server.connections, 1)

    def test_closed_meanwhile(self) -> None:
        """To close a transport ends no request of another thread, and another one may follow."""
        for way in WAYS:
            server, other = FakeServer(Answer(delay=0.1)), ThreadPoolExecutor(1)
            post = Poster(server.url.removesuffix("/v1"), way)
            with self.subTest(way), server, other, closing(post):
                answer = other.submit(post)
                self.assertTrue(server.wait_for_requests(1))
                post.close()
                self.assertEqual(answer.result(SECONDS).status, 200)
                self.assertEqual(other.submit(post).result(SECONDS).status, 200)

    def test_closed_by_the_server(self) -> None:
        """Where the server closed a connection, announced or not, the next request has a new one."""
        for way in WAYS:
            for wrote in (OK, answer(b"ok", "Connection: close"), OK.replace(b"HTTP/1.1", b"HTTP/1.0")):
                steps = (Step(wrote, hangs_up=True), Step(OK))
                with self.subTest(way, wrote=wrote), serving(way, *steps) as (server, post):
                    post()
                    self.assertTrue(server.ended.acquire(timeout=SECONDS))
                    self.assertEqual((post().body, server.connections), (b"ok", 2))


if __name__ == "__main__":
    unittest.main()
