"""A server that takes whatever is posted to it, as fast as it can, and counts the events in it.

`python -m benchmarks.server` prints its URL and serves until its standard input ends. An event is counted by
its name, which stands once in it in every client's format; bodies may be gzip. The answer comes before the
counting. `GET /count` says what came since `GET /reset`; a path that begins with `/hang` is never answered,
one that begins with `/after/10` after 10 milliseconds.
"""

from __future__ import annotations

import json
import socket
import sys
import threading
import time
import zlib
from typing import BinaryIO

__all__ = ["main"]

EVENT_NAME = b"Report Exported"

_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
_SUCCESS = _HEAD % 16 + b'{"success":true}'
_GZIP = 31
"""What `zlib` calls a gzip header and the largest window."""


class _Counts:
    """What came since the last reset; `first` and `last` are on the machine's monotonic clock."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.reset()

    def reset(self) -> None:
        with self._lock:
            self._events = self._requests = self._bytes = 0
            self._first = self._last = 0.0

    def add(self, body: bytes, came: float) -> None:
        events = (zlib.decompress(body, _GZIP) if body[:2] == b"\x1f\x8b" else body).count(EVENT_NAME)
        with self._lock:
            self._first = self._first or came
            self._last = came
            self._events += events
            self._requests += 1
            self._bytes += len(body)

    def text(self) -> bytes:
        with self._lock:
            return json.dumps(
                {
                    "events": self._events,
                    "requests": self._requests,
                    "bytes": self._bytes,
                    "first": self._first,
                    "last": self._last,
                }
            ).encode()


def main() -> int:
    """Serve until standard input ends."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)
    counts = _Counts()
    threading.Thread(target=_accept, args=(listener, counts), daemon=True).start()
    sys.stdout.write(f"http://127.0.0.1:{listener.getsockname()[1]}\n")
    sys.stdout.flush()
    sys.stdin.read()
    return 0


def _accept(listener: socket.socket, counts: _Counts) -> None:
    while True:
        connection, _ = listener.accept()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        threading.Thread(target=_serve, args=(connection, counts), daemon=True).start()


def _serve(connection: socket.socket, counts: _Counts) -> None:
    with connection, connection.makefile("rb") as stream:
        try:
            while line := stream.readline():
                _answer(connection, line.split()[1], _body(stream), counts)
        except ConnectionError:  # a client that is done may well reset its connection
            return


def _answer(connection: socket.socket, path: bytes, body: bytes, counts: _Counts) -> None:
    if path.startswith(b"/hang"):
        threading.Event().wait()
    if path.startswith(b"/after/"):
        time.sleep(int(path.split(b"/")[2]) / 1000)
    if path == b"/reset":
        counts.reset()
    if path == b"/count":
        text = counts.text()
        connection.sendall(_HEAD % len(text) + text)
        return
    connection.sendall(_SUCCESS)
    if body:
        counts.add(body, time.monotonic())


def _body(stream: BinaryIO) -> bytes:
    """Read a request's headers, and return its body."""
    length = 0
    while (line := stream.readline()) not in (b"\r\n", b""):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    return stream.read(length)


if __name__ == "__main__":
    sys.exit(main())
