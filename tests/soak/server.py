"""A real HTTP server on loopback that fails at random."""

import json
import socket
import struct
import threading
from contextlib import suppress
from datetime import datetime
from gzip import decompress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from segment_client.clock import Clock
from tests.soak.fates import LOSING, UNREAD, Fate, Fates
from tests.soak.tally import Tally, number_of

__all__ = ["TIMEOUT", "WORKER", "FaultyServer"]

TIMEOUT = 120.0
"""Seconds of the clock that a client waits for an answer; a server that is alive needs a fraction of it."""

WORKER = "Soak-Worker"
"""The header by which a client says which of the workers it is."""

_TAKEN = b'{"success": true}'
_REFUSED = b'{"code": "refused", "message": "not this one"}'


class FaultyServer:
    """Takes batches of numbered events, or refuses, breaks off or hangs, as its fates have it.

    `tally` is its own count; `too_early` lists by how many seconds requests came before the time that a
    429 or 5xx had asked their worker to wait for. It shares the clients' `clock`. Before the `with` it is
    down: its port is taken, and refuses connections.
    """

    def __init__(self, seed: str, clock: Clock) -> None:
        self.tally = Tally()
        self.too_early: list[float] = []
        self._fates = Fates(seed)
        self._clock = clock
        self._lock = threading.Lock()
        self._wait_until: dict[str, datetime] = {}
        self._connections: set[socket.socket] = set()
        self._server = _Server(self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)

    @property
    def url(self) -> str:
        """The base URL to send to."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def __enter__(self) -> Self:
        self._server.server_activate()
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        with self._lock:
            for connection in self._connections:
                with suppress(OSError):  # the client may have gone before
                    connection.shutdown(socket.SHUT_RDWR)
        self._server.server_close()
        self._thread.join()

    def begin(self, worker: str) -> Fate:
        """Return the fate of a worker's request that has come."""
        now = self._clock.now()
        with self._lock:
            wait_until = self._wait_until.pop(worker, now)
            if now < wait_until:
                self.too_early.append((wait_until - now).total_seconds())
            fate = self._fates.draw()
        self.tally.begin(worker, fate)
        return fate

    def judge(self, worker: str, fate: Fate, events: list[dict[str, Any]]) -> tuple[int, dict[str, str]]:
        """Take events or refuse them; return the status and the headers of the answer."""
        with self._lock:
            refused = self._fates.refuse(fate, [number_of(event) for event in events], self._clock.now())
            if refused is not None and refused.wait_until is not None:
                self._wait_until[worker] = refused.wait_until
        if refused is None:
            self.tally.take(worker, events, lost=fate in LOSING)
            return 200, {}
        if len(events) == 1 and refused.status in (400, 413, 422) and fate not in LOSING:
            self.tally.refuse(worker, events[0], refused.status)
        return refused.status, refused.headers

    def hesitate(self) -> None:
        """Let a client wait; meanwhile no other one may bring the same events."""
        self._clock.sleep(TIMEOUT / 2)

    def enter(self, connection: socket.socket) -> None:
        """Note a connection that was opened."""
        with self._lock:
            self._connections.add(connection)

    def leave(self, connection: socket.socket) -> None:
        """Forget a connection that is to be closed."""
        with self._lock:
            self._connections.discard(connection)


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # closing the server waits for its threads, so that none outlives a test
    request_queue_size = 128

    def __init__(self, faulty: FaultyServer) -> None:
        self.faulty = faulty
        super().__init__(("127.0.0.1", 0), _Handler, bind_and_activate=False)
        self.server_bind()

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away has had no answer; the counts tell what that means."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def setup(self) -> None:
        """Open a connection."""
        super().setup()
        self.server.faulty.enter(self.connection)

    def finish(self) -> None:
        """Close a connection."""
        self.server.faulty.leave(self.connection)
        super().finish()

    def do_POST(self) -> None:  # the name that http.server looks for
        """Do with a request what its fate says."""
        worker = self.headers[WORKER]
        fate = self.server.faulty.begin(worker)
        if fate in UNREAD:
            self._break_off(fate)
            return
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers.get("Content-Encoding") == "gzip":
            body = decompress(body)
        status, headers = self.server.faulty.judge(worker, fate, json.loads(body)["batch"])
        if fate in LOSING:
            self._break_off(fate)
            return
        if fate is Fate.TAKE_SLOWLY:
            self.server.faulty.hesitate()
        self._answer(status, headers)
        self.close_connection = fate is Fate.TAKE_AND_CLOSE

    def _answer(self, status: int, headers: dict[str, str], *, missing: int = 0) -> None:
        body = _TAKEN if status == 200 else _REFUSED
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: len(body) - missing])
        self.wfile.flush()

    def _break_off(self, fate: Fate) -> None:
        self.close_connection = True
        if fate is Fate.HANG:
            self.connection.recv(1)  # nothing comes until the client gives up
        elif fate is Fate.CUT:
            self._answer(200, {}, missing=5)
        elif fate in (Fate.RESET_UNREAD, Fate.RESET_TAKEN):
            self.server.faulty.leave(self.connection)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the parent's name
        """Say nothing."""
