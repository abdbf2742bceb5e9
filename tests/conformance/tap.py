"""A relay in front of a server that changes no byte, and tells which requests went through it."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from gzip import decompress
from http.client import parse_headers
from io import BytesIO
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

__all__ = ["Exchange", "Tap"]

_GZIP_MAGIC = b"\x1f\x8b"
_CHUNK = 65536
_BODILESS = {"204", "304"}


@dataclass(frozen=True)
class Exchange:
    """A request and the status that it was answered with; `body` is inflated."""

    method: str
    path: str
    body: bytes
    status: int

    @property
    def calls(self) -> list[dict[str, Any]]:
        """The tracking calls in the body."""
        value = json.loads(self.body)
        batch: list[dict[str, Any]] = value.get("batch", [value])
        return batch


class Tap:
    """Listens on a free port of 127.0.0.1 and relays each connection to a server, until the `with` ends.

    `url` is to be used in place of the server's.
    """

    def __init__(self, target: str) -> None:
        parts = urlsplit(target)
        self._target = (parts.hostname, parts.port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._lock = threading.Lock()
        self._connections: list[tuple[socket.socket, socket.socket, bytearray, bytearray]] = []
        self._threads = [threading.Thread(target=self._accept)]

    def exchanges(self) -> list[Exchange]:
        """Return what went through so far, of connections in the order of their opening.

        A request that was not answered, or not yet, has the status 0.
        """
        with self._lock:
            streams = [(bytes(sent), bytes(answered)) for _, _, sent, answered in self._connections]
        return [exchange for sent, answered in streams for exchange in _exchanges(sent, answered)]

    def posts(self) -> list[Exchange]:
        """Return the requests that carry events."""
        return [exchange for exchange in self.exchanges() if exchange.method == "POST"]

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._threads[0].join()
        self._listener.close()
        for client, server, _, _ in self._connections:
            for end in (client, server):
                _shut(end, socket.SHUT_RDWR)
        for thread in self._threads[1:]:
            thread.join()
        for client, server, _, _ in self._connections:
            client.close()
            server.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return  # the tap is closed
            server = socket.create_connection(self._target)
            sent, answered = bytearray(), bytearray()
            relays = [
                threading.Thread(target=self._relay, args=(client, server, sent)),
                threading.Thread(target=self._relay, args=(server, client, answered)),
            ]
            with self._lock:
                self._connections.append((client, server, sent, answered))
            self._threads += relays
            for relay in relays:
                relay.start()

    def _relay(self, source: socket.socket, sink: socket.socket, seen: bytearray) -> None:
        with suppress(OSError):  # an end that breaks off is passed on to the other, as an orderly one is
            while data := source.recv(_CHUNK):
                with self._lock:
                    seen += data
                sink.sendall(data)
        _shut(sink, socket.SHUT_WR)


def _shut(end: socket.socket, how: int) -> None:
    with suppress(OSError):  # it may be closed already
        end.shutdown(how)


def _exchanges(sent: bytes, answered: bytes) -> Iterator[Exchange]:
    answers = (first.split()[1] for first, _ in _messages(answered))
    for first, body in _messages(sent):
        method, path, _ = first.split()
        inflated = decompress(body) if body.startswith(_GZIP_MAGIC) else body
        yield Exchange(method, path, inflated, int(next(answers, "0")))


def _messages(stream: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield the first line and the body of each whole HTTP/1.1 message."""
    file = BytesIO(stream)
    while first := file.readline().decode("latin-1"):
        headers = parse_headers(file)
        if headers.get("transfer-encoding", "") == "chunked":
            body = b"".join(_chunks(file))
        else:
            length = 0 if first.split()[1] in _BODILESS else int(headers.get("content-length", "0"))
            body = file.read(length)
            if len(body) < length:
                return
        yield first, body


def _chunks(file: BytesIO) -> Iterator[bytes]:
    while length := int(file.readline() or b"0", 16):
        yield file.read(length)
        file.readline()
    file.readline()
