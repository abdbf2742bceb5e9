"""The two ways to a server: straight to it, by Python's own `http.client`, or by a pool of `requests`.

A pool costs half as much again for what is not wanted here; but it knows all kinds of proxies.
"""

from __future__ import annotations

import ssl
from contextlib import suppress
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from typing import TYPE_CHECKING, Protocol

import urllib3
from urllib3 import HTTPConnectionPool, Timeout
from urllib3.util import wait_for_read

from segment_client.transport import Request, Response
from segment_client.version import VERSION

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse  # from urllib3 2 on; `requests` takes 1.26, too

__all__ = ["Line", "Pooled", "Straight"]

_MAX_ANSWER = 65_536
_USUAL = {"User-Agent": f"python-segment-client/{VERSION}"}
_STRAIGHT = {"Accept-Encoding": "identity", **_USUAL}


class Line(Protocol):
    """What requests to one server go over, one after the other."""

    def post(self, target: str, request: Request) -> Response:
        """Ask the server for a target, and return what it said."""
        ...


class Straight:
    """A connection that is kept alive, and made anew where the server closed it.

    `address` is the server's host with its port, `tls` how its certificate is verified: None for plain HTTP.
    """

    def __init__(self, address: str, tls: ssl.SSLContext | None) -> None:
        self._address = address
        self._tls = tls
        self._idle: list[HTTPConnection] = []  # empty during a request: `close` comes from other threads, too

    def post(self, target: str, request: Request) -> Response:
        """Ask by the connection."""
        connection = self._connection(request.timeout)
        is_over = False
        try:
            if connection.sock is None:
                connection.connect()
            with suppress(BrokenPipeError, ConnectionResetError):  # it may have said why before it hung up
                # at once: by `request`, head and body go apart, and the server is woken twice
                connection.send(self._head(target, request) + request.body)
            with HTTPResponse(connection.sock, method="POST") as answer:
                answer.begin()
                headers = {name.lower(): value for name, value in answer.headers.items()}
                body = _start(answer, headers)
                is_over = answer.isclosed() and not answer.will_close
            return Response(answer.status, headers, body)
        finally:
            if is_over:
                self._idle.append(connection)
            else:
                connection.close()

    def close(self) -> None:
        """Close the connection, unless it is in use."""
        with suppress(IndexError):
            self._idle.pop().close()

    def __del__(self) -> None:
        """Close the connection of a thread that ended, or of a client that was let go."""
        self.close()

    def _head(self, target: str, request: Request) -> bytes:
        """Return the head of a request; raises ValueError where one of its lines would be two."""
        headers = {"Host": self._address, **_STRAIGHT, **request.headers, "Content-Length": len(request.body)}
        lines = [f"POST {target} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
        if any("\n" in line or "\r" in line for line in lines):
            raise ValueError("the head of a request holds a line break")
        return "\r\n".join([*lines, "", ""]).encode("latin-1")

    def _connection(self, timeout: float) -> HTTPConnection:
        """Return the idle connection, or one that is still to be opened."""
        try:
            idle = self._idle.pop()
        except IndexError:
            return self._new(timeout)
        if wait_for_read(idle.sock, timeout=0.0):  # the server's end, or what nobody asked for
            idle.close()
            return self._new(timeout)
        idle.sock.settimeout(timeout)
        return idle

    def _new(self, timeout: float) -> HTTPConnection:
        if self._tls is None:
            return HTTPConnection(self._address, timeout=timeout)
        return HTTPSConnection(self._address, timeout=timeout, context=self._tls)


class Pooled:
    """A pool of connections to a server or its proxy."""

    def __init__(self, pool: HTTPConnectionPool) -> None:
        self._pool = pool

    def post(self, target: str, request: Request) -> Response:
        """Ask by a connection of the pool."""
        answer = self._pool.urlopen(
            "POST",
            target,
            body=request.body,
            headers={**_USUAL, **request.headers},
            timeout=Timeout(connect=request.timeout, read=request.timeout),
            retries=False,
            redirect=False,
            assert_same_host=False,  # what is asked of a proxy names another host than its own
            preload_content=False,
            enforce_content_length=True,  # urllib3 1.26 does not unless it is asked
        )
        try:
            headers = {name.lower(): value for name, value in answer.headers.items()}
            return Response(answer.status, headers, _decoded_start(answer))
        finally:
            answer.close()


def _start(answer: HTTPResponse, headers: dict[str, str]) -> bytes:
    """Read a body as far as it is kept, and raise where it is cut short."""
    if headers.get("content-encoding"):
        coded = urllib3.HTTPResponse(answer, headers, preload_content=False, enforce_content_length=True)
        return _decoded_start(coded)
    if answer.length is not None and answer.length <= _MAX_ANSWER:
        return answer.read()
    return answer.read(_MAX_ANSWER)


def _decoded_start(answer: BaseHTTPResponse) -> bytes:
    """Read a body as far as it is kept; read to its end, it leaves its connection for the next request."""
    body = b""
    while len(body) < _MAX_ANSWER and (chunk := answer.read(_MAX_ANSWER, decode_content=True)):
        body += chunk
        if answer.length_remaining == 0 and not answer.headers.get("content-encoding"):
            break  # another read would only find out the same
    return body[:_MAX_ANSWER]
