"""A real HTTP server on loopback that answers by a script, faults and all."""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from gzip import decompress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Literal, Self

from segment_client.errors import InvalidTypeError

__all__ = ["Answer", "FakeServer", "Fault", "Received"]

Fault = Literal["reset", "close", "hang"]


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of the script.

    `delay` is waited first, in seconds. A `fault` takes the answer's place once the request was read: "reset"
    resets the connection, "close" closes it without an answer, "hang" never answers (until the server is
    closed). With `then_close` the connection is closed after the answer, although it was not announced.
    """

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b'{"success": true}'
    delay: float = 0.0
    fault: Fault | None = None
    then_close: bool = False

    def __post_init__(self) -> None:
        """Raise InvalidTypeError for headers and a body that cannot be written."""
        if not isinstance(self.headers, Mapping) or not isinstance(self.body, bytes):
            raise InvalidTypeError(
                "an Answer has a dict of headers and bytes as its body: Answer(400, body=b'{}')"
            )


@dataclass(frozen=True, slots=True)
class Received:
    """A request that came; header names are lower-case, `body` is inflated."""

    path: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)

    @property
    def events(self) -> list[dict[str, Any]]:
        """The events in the body, batches taken apart."""
        decoded = json.loads(self.body)
        if isinstance(decoded, list):
            return decoded
        batch: list[dict[str, Any]] = decoded.get("batch", [decoded])
        return batch


class FakeServer:
    """Answers POST requests on a free port of 127.0.0.1 by a script, then by a rule, or with 200.

    >>> with FakeServer(Answer(503), Answer(429, {"Retry-After": "1"})) as server:
    ...     client = SegmentClient("key", entity_gid, "default", server.url)

    `requests` lists what came, in order, `connections` counts the connections that were opened. Thread-safe;
    at the end of the `with` all of them are closed.
    """

    def __init__(self, *script: Answer, rule: Callable[[Received], Answer] | None = None) -> None:
        self._script: deque[Answer] = deque()
        self._rule = rule
        self._lock = threading.Lock()
        self._arrived = threading.Condition(self._lock)
        self._released = threading.Event()
        self._open: set[socket.socket] = set()
        self.requests: list[Received] = []
        self.connections = 0
        self.script(*script)
        self._server = _Server(self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)

    @property
    def url(self) -> str:
        """The base URL to send to."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    @property
    def events(self) -> list[dict[str, Any]]:
        """The events of all requests, in order, also of those that were not answered with 200."""
        with self._lock:
            return [event for request in self.requests for event in request.events]

    def script(self, *answers: Answer) -> None:
        """Add answers to the script; raises InvalidTypeError for what is none."""
        for answer in answers:
            if not isinstance(answer, Answer):
                raise InvalidTypeError(
                    f"a script got a {type(answer).__name__}: pass its answers one by one, as Answer(503)"
                )
        with self._lock:
            self._script.extend(answers)

    def wait_for_requests(self, count: int, timeout: float = 10.0) -> bool:
        """Wait until that many requests came in all; return False after `timeout` seconds."""
        with self._arrived:
            return self._arrived.wait_for(lambda: len(self.requests) >= count, timeout)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._released.set()
        self._server.shutdown()
        with self._lock:
            for connection in self._open:
                with suppress(OSError):  # the other side may have gone before
                    connection.shutdown(socket.SHUT_RDWR)
        self._server.server_close()
        self._thread.join()

    def enter(self, connection: socket.socket) -> None:
        """Note a connection that was opened."""
        with self._lock:
            self.connections += 1
            self._open.add(connection)

    def leave(self, connection: socket.socket) -> None:
        """Forget a connection that is to be closed."""
        with self._lock:
            self._open.discard(connection)

    def take(self, request: Received) -> Answer:
        """Note a request and return its answer."""
        with self._lock:
            self.requests.append(request)
            self._arrived.notify_all()
            if self._script:
                return self._script.popleft()
        return self._rule(request) if self._rule else Answer()

    def wait(self, seconds: float | None) -> None:
        """Wait for some seconds, or without an end, but never longer than the server lives."""
        self._released.wait(seconds)


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # closing the server waits for its threads, so that none outlives a test
    request_queue_size = 128

    def __init__(self, fake: FakeServer) -> None:
        self.fake = fake
        super().__init__(("127.0.0.1", 0), _Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away is part of many a test."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def setup(self) -> None:
        """Open a connection."""
        super().setup()
        self.server.fake.enter(self.connection)

    def finish(self) -> None:
        """Close a connection."""
        self.server.fake.leave(self.connection)
        super().finish()

    def do_POST(self) -> None:  # the name that http.server looks for
        """Answer by the script."""
        headers = {name.lower(): value for name, value in self.headers.items()}
        length = int(headers.get("content-length", 0))
        body = self.rfile.read(length)
        if len(body) < length:  # the sender was killed half-way, and nothing was received
            self.close_connection = True
            return
        if headers.get("content-encoding") == "gzip":
            body = decompress(body)
        answer = self.server.fake.take(Received(self.path, headers, body))
        if answer.delay:
            self.server.fake.wait(answer.delay)
        if answer.fault is not None:
            self._fail(answer.fault)
            return
        self.send_response(answer.status)
        for name, value in {"Content-Type": "application/json", **answer.headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)
        self.close_connection = answer.then_close

    def _fail(self, fault: Fault) -> None:
        self.close_connection = True
        if fault == "hang":
            self.server.fake.wait(None)
        elif fault == "reset":
            self.server.fake.leave(self.connection)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the parent's name
        """Say nothing."""
