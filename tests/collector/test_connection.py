"""Requests as bytes on a plain socket: how they may follow one another, and what is no HTTP."""

import json
import re
import socket
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, ClassVar

from hypothesis import given
from hypothesis import strategies as st

from segment_client.collector.web.connection import Patience
from tests.collector.support import BASIC, WRITE_KEY, CollectorCase, track
from tests.laws import law

_LINES = (f"{BASIC[0]}: {BASIC[1]}", "Host: localhost")
_LENGTH = re.compile(rb"\r\ncontent-length: (\d+)\r\n")
_CHUNKED = "Transfer-Encoding: chunked"
_LAST = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
_LAST_ANSWER = (200, {"status": "ok"})
_LAW = law(25)


def request(message_id: str, *lines: str, path: str = "/v1/track", body: bytes | None = None) -> bytes:
    """Return a request that posts an event; without lines of its own it says the body's length."""
    data = json.dumps(track(message_id)).encode() if body is None else body
    head = (f"POST {path} HTTP/1.1", *_LINES, *(lines or (f"Content-Length: {len(data)}",)))
    return "\r\n".join((*head, "", "")).encode("latin-1") + data


def chunked(data: bytes, size: int, extension: bytes = b"", trailer: bytes = b"") -> bytes:
    """Return a body in chunks of a size."""
    parts = [data[start : start + size] for start in range(0, len(data), size)]
    chunks = b"".join(b"%x%s\r\n%s\r\n" % (len(part), extension, part) for part in parts)
    return chunks + b"0\r\n" + trailer + b"\r\n"


class Bytes(CollectorCase):
    """A collector that is sent bytes."""

    options: ClassVar[dict[str, Any]] = {"write_key": WRITE_KEY, "patience": Patience(head=0.7, body=5.0)}

    @contextmanager
    def connected(self) -> Iterator[socket.socket]:
        """Give a connection to the collector."""
        port = int(self.collector.url.rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            yield connection

    def answers(self, *pieces: bytes) -> list[tuple[int, Any]]:
        """Send pieces, and that this was all; return the status and JSON of each answer to them."""
        rest = b""
        with self.connected() as connection:
            with suppress(ConnectionError):  # as who is refused cannot send on
                for piece in (*pieces, _LAST):
                    connection.sendall(piece)
            with suppress(ConnectionError):
                while part := connection.recv(65_536):
                    rest += part
        found: list[tuple[int, Any]] = []
        while rest:
            head, _, rest = rest.partition(b"\r\n\r\n")
            length = _LENGTH.search(head + b"\r\n")
            size = int(length[1]) if length else 0
            found.append((int(head.split()[1]), json.loads(rest[:size])))
            rest = rest[size:]
        return [answer for answer in found if answer != _LAST_ANSWER]

    def statuses(self, *pieces: bytes) -> list[int]:
        """Send pieces; return the status of each answer."""
        return [status for status, _ in self.answers(*pieces)]

    def assert_no_http(self, sent: bytes) -> None:
        """Check that what was sent gets one answer, that it is no HTTP."""
        answers = [(status, body["code"]) for status, body in self.answers(sent)]
        self.assertEqual(answers, [(400, "invalid_http")], sent[:200])

    def assert_none_is_http(self, *several: bytes) -> None:
        """Hold that each of several requests is refused as no HTTP."""
        for bad in several:
            with self.subTest(bad=bad[:60]):
                self.assert_no_http(bad)

    def assert_stored(self, message_ids: Iterable[str]) -> None:
        """Check that just these events are stored."""
        self.assertEqual(sorted(self.message_ids()), sorted(message_ids))

    def test_one_after_another(self) -> None:
        """Requests in one piece are each answered, in their order, whatever is wrong with one of them."""
        sent = [request("m1"), request("m2", body=b"{"), request("m3"), request("m4", path="/nowhere")]
        self.assertEqual(self.statuses(b"".join(sent) * 3), [200, 400, 200, 404] * 3)
        self.assert_stored({"m1", "m3"})

    @_LAW
    @given(st.lists(st.integers(1, 700), max_size=6))
    def test_pieces(self, cuts: list[int]) -> None:
        """However requests are cut into pieces on their way, the answers are the same."""
        whole = b"".join(
            (
                request("m1"),
                request("m2", _CHUNKED, body=chunked(json.dumps(track("m2")).encode(), 7)),
                request("m3", body=b"[]"),
            )
        )
        ends = sorted(min(cut, len(whole)) for cut in cuts)
        pieces = [whole[start:end] for start, end in zip([0, *ends], [*ends, len(whole)], strict=True)]
        self.assertEqual(self.statuses(*pieces), [200, 200, 400])

    def test_garbage_behind(self) -> None:
        """What is no HTTP behind good requests is told so after them, and takes nothing from them."""
        for garbage in (
            b"\x00\x01\r\n\r\n",
            request("x", _CHUNKED, body=b"zz\r\n"),
            b"GET / HTTP/1.1\r\n\r\n",
        ):
            with self.subTest(garbage=garbage[:20]):
                answers = self.statuses(request("m1") + request("m2") + garbage)
                self.assertEqual(answers, [200, 200, 400])
        self.assert_stored({"m1", "m2"})

    def test_garbage_in_body(self) -> None:
        """A body that breaks off into what is no HTTP is refused alone, and nothing of it is stored."""
        body = chunked(json.dumps(track("m2")).encode(), 1000).replace(b"\r\n0\r\n", b"\r\nzz\r\n")
        self.assertEqual(self.statuses(request("m1") + request("m2", _CHUNKED, body=body)), [200, 400])
        self.assert_stored({"m1"})

    def test_two_lengths(self) -> None:
        """A body whose end could be understood in two ways is refused: no request hides in another."""
        body = chunked(json.dumps(track("m1")).encode(), 1000)
        for lines in (
            ("Content-Length: 5", _CHUNKED),
            (_CHUNKED, "Content-Length: 5"),
            ("Content-Length: 5", "Content-Length: 6"),
            ("Content-Length: 5, 6",),
            ("Content-Length: +5",),
            ("Content-Length: 0x5",),
            ("Content-Length: 99999999999999999999",),
            ("Transfer-Encoding: chunked, gzip",),
            ("Transfer-Encoding: xchunked",),
            (_CHUNKED, "Transfer-Encoding: identity"),
            ("Transfer-Encoding : chunked",),
        ):
            with self.subTest(lines=lines):
                self.assert_no_http(request("m1", *lines, body=body))
        self.assert_stored(())

    def test_lines(self) -> None:
        """Lines that end otherwise, go on in the next one, or hold controls are refused."""
        good = request("m1")
        self.assert_none_is_http(
            good.replace(b"\r\n", b"\n"),
            good.replace(b"\r\nHost", b"\nHost"),
            good.replace(b"localhost", b"local\r\n host"),
            good.replace(b"localhost", b"local\x00host"),
            good.replace(b"localhost", b"local\rX: host"),
            good.replace(b"Host", b"Ho st"),
            good.replace(b"/v1/track", b"/v1/tr\xffck"),
            good.replace(b"/v1/track", b"/v1/track x"),
            request("m1", _CHUNKED, body=b"2\n{}\n0\n\n"),
            request("m1", _CHUNKED, body=b"-2\r\n{}\r\n0\r\n\r\n"),
            request("m1", _CHUNKED, body=b"ffffffffffffffffff\r\n{}"),
        )
        self.assert_stored(())

    def test_heads(self) -> None:
        """Another version of HTTP, and a host that is missing or said twice, is refused."""
        good = request("m1")
        self.assert_none_is_http(
            good.replace(b"HTTP/1.1", b"HTTP/2.0"),
            good.replace(b"HTTP/1.1", b"HTTP/0.9"),
            good.replace(b" HTTP/1.1", b""),
            b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            good.replace(b"Host: localhost\r\n", b""),
            good.replace(b"Host", b"Host: evil.example\r\nHost"),
        )
        old = good.replace(b"HTTP/1.1", b"HTTP/1.0").replace(b"Host: localhost\r\n", b"")
        self.assertEqual(self.statuses(old), [200])

    def test_large_heads(self) -> None:
        """A head over 64 KB is refused, whole or not, also behind another request; one below it is taken."""
        for size, status in ((60_000, 200), (70_000, 431)):
            sent = request("m1", f"X-Large: {'x' * size}", "Content-Length: 0", body=b"")
            for before, first in ((b"", []), (request("m2"), [200])):
                with self.subTest(size=size, before=bool(before)):
                    self.assertEqual(self.statuses(before + sent)[: len(first)], first)
                    found = self.answers(before + sent)[len(first) :]
                    self.assertEqual(
                        [body["code"] for _, body in found][:1],
                        ["empty_body" if status == 200 else "head_too_large"],
                    )
        for header, count in (("X-Some: x", 10_000), ("X: x", 12_000)):
            many = request("m1", *[header] * count)
            self.assertEqual(self.statuses(many), [431])

    def test_framing(self) -> None:
        """Chunks may be small; endless bytes that are none of the body are refused."""
        body = json.dumps(track("m1")).encode()
        small = request("m1", _CHUNKED, body=chunked(body, 1, b";a=b"))
        self.assertEqual(self.statuses(small), [200])
        large = request("m2", _CHUNKED, body=chunked(body, 1, b";" + b"x" * 20_000))
        self.assertEqual(self.statuses(*_pieces(large, 50_000)), [400])
        trailer = b"".join(b"X-%d: y\r\n" % number for number in range(100_000))
        self.assertEqual(
            self.statuses(*_pieces(request("m3", _CHUNKED, body=chunked(body, 99, b"", trailer)), 50_000)),
            [400],
        )

    def test_trailers(self) -> None:
        """What comes like a header behind a body is no header: it brings no key, and no host."""
        body = chunked(json.dumps(track("m1")).encode(), 50, b"", b"X-Test-Id: t1\r\nHost: evil.example\r\n")
        self.assertEqual(self.statuses(request("m1", _CHUNKED, body=body) + request("m2")), [200, 200])
        keyless = request("m3", _CHUNKED, body=chunked(b"{}", 50, b"", f"{_LINES[0]}\r\n".encode()))
        self.assertEqual(self.statuses(keyless.replace(f"{_LINES[0]}\r\n".encode(), b"", 1)), [401])
        stored = self.get("/api/calls?limit=10")
        self.assertNotIn("t1", json.dumps(stored))

    def test_upgrade(self) -> None:
        """Who asks for another protocol is answered in this one, and may go on in it."""
        lines = ("Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABk")
        body = json.dumps(track("m1")).encode()
        asked = request("m1", *lines, f"Content-Length: {len(body)}", body=body)
        self.assertEqual(self.statuses(asked + request("m2"), asked[:-9], asked[-9:]), [200, 200, 200])
        self.assert_stored({"m1", "m2"})
        connect = request("m3").replace(b"POST /v1/track", b"CONNECT localhost:80")
        self.assert_no_http(connect)
        self.assert_no_http(connect.replace(b"localhost:80", b"/v1/track"))

    def test_old_client(self) -> None:
        """A client of HTTP/1.0 gets what has no length as it is, until the connection is closed."""
        self.assertEqual(self.statuses(*(request(f"m{number}") for number in range(3))), [200] * 3)
        for method, lines in ((b"GET", 3), (b"HEAD", 0)):
            with self.connected() as connection:
                connection.sendall(method + b" /api/export HTTP/1.0\r\nHost: localhost\r\n\r\n")
                head, _, body = b"".join(iter(lambda: connection.recv(65_536), b"")).partition(b"\r\n\r\n")
            self.assertNotIn(b"transfer-encoding", head)
            self.assertIn(b"\r\nconnection: close", head)
            found = [json.loads(line)["message_id"] for line in body.splitlines()]
            self.assertEqual(len(found), lines)

    def test_close(self) -> None:
        """What follows a request that closes the connection is not looked at."""
        body = json.dumps(track("m1")).encode()
        last = request("m1", "Connection: close", f"Content-Length: {len(body)}", body=body)
        self.assertEqual(self.statuses(last + request("m2")), [200])
        self.assert_stored({"m1"})

    def test_blank_lines(self) -> None:
        """Blank lines before a request do no harm, and keep no connection open that brings nothing else."""
        self.assertEqual(
            self.statuses(b"\r\n" + request("m1") + b"\r\n\r\n" + request("m2") + b"\r\n"), [200, 200]
        )

    def test_refused_body(self) -> None:
        """A body that is refused before its end is received and dropped, and the next request is taken."""
        large = request("m1", body=b"x" * 6_000_000)
        self.assertEqual(self.statuses(*_pieces(large, 100_000), request("m2")), [413, 200])


def _pieces(data: bytes, size: int) -> list[bytes]:
    return [data[start : start + size] for start in range(0, len(data), size)]
