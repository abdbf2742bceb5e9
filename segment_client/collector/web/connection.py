"""One client's connection, with limits: slow clients are cut, and what is no HTTP is told so."""

from __future__ import annotations

import asyncio
import json
import logging
import socket
import struct
from collections import deque
from dataclasses import dataclass
from typing import Any

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from segment_client.collector.web.coming import MAX_HEAD, Coming, Part
from segment_client.collector.web.joined import Joined
from segment_client.collector.web.unchunked import unchunked

__all__ = ["Connection", "Patience"]

_log = logging.getLogger("segment_client.collector.http")
_log.setLevel(logging.ERROR)  # uvicorn would warn of each request that is no HTTP: whoever sends it is told

_LINGER_NOT = struct.pack("ii", 1, 0)
_PHRASES = {
    400: b"Bad Request",
    408: b"Request Timeout",
    431: b"Request Header Fields Too Large",
    503: b"Service Unavailable",
}
_VERSIONS = ("1.1", "1.0")
_AROUND = 4
"""Bytes of a header beside its name and value: the colon, the space and the line's end."""

_Refusal = tuple[int, str, str]
_NO_HTTP: _Refusal = (400, "invalid_http", "The request is no HTTP/1.1 that can be read.")
_LARGE_HEAD: _Refusal = (431, "head_too_large", f"The path and headers are over {MAX_HEAD} bytes.")
_TOO_MANY: _Refusal = (
    503,
    "too_many_connections",
    "So many clients are connected that no more are taken now.",
)


@dataclass(frozen=True, slots=True)
class Patience:
    """How many seconds a client has for the head of a request, and then for its body."""

    head: float = 10.0
    body: float = 60.0


class Connection(HttpToolsProtocol):
    """uvicorn's protocol with a clock for what a client sends, and `reset` in the state of each request.

    A head or body that takes too long is answered 408; a client that sends nothing is cut without a word.
    Requests may follow one another unasked: each is answered in its turn, and what is no HTTP after them.
    Whoever comes while `most` are connected is answered 503 as soon as they ask for something.
    """

    def __init__(self, *args: Any, patience: Patience, most: int, **options: Any) -> None:
        super().__init__(*args, **options)
        self.logger = _log
        self._patience = patience
        self._most = most
        self._is_surplus = False
        self._coming = Coming()
        self._unanswered: deque[RequestResponseCycle] = deque()
        self._refusal: _Refusal | None = None
        self._stage: Part | None = None
        self._clock: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Start the clock."""
        super().connection_made(Joined(transport, self.loop))
        self.app_state = {**self.app_state, "reset": self._reset}
        self._is_surplus = len(self.connections) > self._most
        self._watch("head")

    def data_received(self, data: bytes) -> None:
        """Take data, and start the clock anew where the client has come one stage further."""
        self._unset_keepalive_if_required()
        if self._is_surplus:
            self._refuse(*_TOO_MANY)
        elif self._refusal is None and not self.transport.is_closing():
            self._coming.take(len(data))
            self._parse(data)
            if self._coming.is_head_too_large():
                self._turn_away(_LARGE_HEAD)
            elif self._coming.is_cut_too_small():
                self._turn_away(_NO_HTTP)
        self._watch(self._expected())

    def on_message_begin(self) -> None:
        """Take the first byte of a request."""
        self._coming.begin()
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        """Take a part of the path."""
        self._coming.head += len(url)
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header; what comes in this form behind a body is dropped."""
        if self._coming.part == "head":
            self._coming.head += len(name) + len(value) + _AROUND
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Have the request answered; raises ValueError, which the parser passes on, for what must not be."""
        if self.parser.should_upgrade() and self.parser.get_method() != b"CONNECT":
            return  # the parser stops here, before a body: see `_parse`
        version, hosts = self.parser.get_http_version(), [name for name, _ in self.headers].count(b"host")
        if (
            self.parser.should_upgrade()
            or version not in _VERSIONS
            or hosts > 1
            or (version == "1.1" and not hosts)
        ):
            raise ValueError("this HTTP is another version's, or the host is not clear")
        if self._coming.head > MAX_HEAD:
            raise ValueError("the head is too large")
        super().on_headers_complete()
        if version == "1.0":
            self.cycle.send = unchunked(self.cycle)  # type: ignore[method-assign,assignment]  # as in `unchunked`
        self._coming.end_head()
        self._unanswered.append(self.cycle)

    def on_body(self, body: bytes) -> None:
        """Take a part of a body."""
        self._coming.add_to_body(len(body))
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Take the end of a request."""
        if self._coming.part == "body":
            self._coming.end()
            super().on_message_complete()

    def on_response_complete(self) -> None:
        """Let the next request begin."""
        self._unanswered.popleft()
        super().on_response_complete()
        if self._refusal is not None and not self._unanswered:
            self._refuse(*self._refusal)
        self._watch(self._expected())

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the clock, and let all that wait for the client know."""
        self._watch(None)
        for cycle in self._unanswered:
            cycle.disconnected = True
            cycle.message_event.set()
        super().connection_lost(exc)

    def _parse(self, data: bytes) -> None:
        while data:
            try:
                self.parser.feed_data(data)
                data = b""
            except httptools.HttpParserUpgrade as upgrade:  # to what is not spoken here
                data = self._head_without_upgrade() + data[upgrade.args[0] :]
                self.parser = httptools.HttpRequestParser(self)
            except httptools.HttpParserError:
                self._turn_away(_LARGE_HEAD if self._coming.head > MAX_HEAD else _NO_HTTP)
                data = b""

    def _head_without_upgrade(self) -> bytes:
        """Return the head that has come as one that asks for no other protocol."""
        headers = [b"%s: %s" % header for header in self.headers if header[0] != b"upgrade"]
        line = b"%s %s HTTP/%s" % (
            self.parser.get_method(),
            self.url,
            self.parser.get_http_version().encode(),
        )
        return b"\r\n".join((line, *headers, b"", b""))

    def _turn_away(self, refusal: _Refusal) -> None:
        """Refuse the request that is coming, after those that came before it are answered."""
        if self._coming.part == "body" and len(self._unanswered) > 1:
            self._unanswered.pop()
            self.pipeline.popleft()
            self._coming.end()
        if self._unanswered and self._coming.part != "body":
            self._refusal = refusal
            self.flow.pause_reading()
        else:
            self._refuse(*refusal)

    def _expected(self) -> Part | None:
        """Return what the client is sending, and is waited for: a head, a body, or nothing."""
        if self.transport.is_closing() or self._refusal is not None or len(self._unanswered) > 1:
            return None
        if self._coming.part == "body":
            return "body"
        return "head" if self._coming.is_begun and not self._unanswered else None

    def _watch(self, stage: Part | None) -> None:
        if stage == self._stage:
            return
        self._stage = stage
        if self._clock is not None:
            self._clock.cancel()
            self._clock = None
        if stage is not None:
            seconds = self._patience.body if stage == "body" else self._patience.head
            self._clock = self.loop.call_later(seconds, self._cut)

    def _cut(self) -> None:
        if self._coming.part is None:
            self.transport.close()
        else:
            self._refuse(408, "too_slow", f"The {self._stage} of the request took too long: send it again.")

    def _refuse(self, status: int, code: str, message: str) -> None:
        """Answer in place of the application, unless it has begun to, and close the connection."""
        if self._coming.part != "body" or (self._unanswered and not self._unanswered[0].response_started):
            body = json.dumps({"code": code, "message": message}, separators=(",", ":")).encode()
            lines = (
                b"HTTP/1.1 %d %s" % (status, _PHRASES[status]),
                b"content-type: application/json",
                b"content-length: %d" % len(body),
                *((b"retry-after: 1",) if status == 503 else ()),
                b"connection: close",
            )
            self.transport.write(b"\r\n".join((*lines, b"", body)))
        self.transport.close()

    def _reset(self) -> None:
        """End the connection at once, so that the client's system says it was reset."""
        connection: Any = self.transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NOT)
        self.transport.abort()
