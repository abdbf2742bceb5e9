"""One client's connection, with limits: slow clients are cut, and what is no HTTP is told so."""

from __future__ import annotations

import asyncio
import json
import logging
import socket
import struct
from dataclasses import dataclass
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from segment_client.collector.web.joined import Joined

__all__ = ["MAX_HEAD", "Connection", "Patience"]

MAX_HEAD = 64 * 1024
"""The largest head of a request in bytes, its path and headers together."""

_log = logging.getLogger("segment_client.collector.http")
_log.setLevel(logging.ERROR)  # uvicorn would warn of each request that is no HTTP: whoever sends it is told

_LINGER_NOT = struct.pack("ii", 1, 0)
_PHRASES = {400: b"Bad Request", 408: b"Request Timeout", 431: b"Request Header Fields Too Large"}


@dataclass(frozen=True, slots=True)
class Patience:
    """How many seconds a client has for the head of a request, and then for its body."""

    head: float = 10.0
    body: float = 60.0


class Connection(H11Protocol):
    """uvicorn's protocol with a clock for what a client sends, and `reset` in the state of each request.

    A head or body that takes too long is answered 408; a client that sends nothing is cut without a word.
    """

    def __init__(self, *args: Any, patience: Patience, **options: Any) -> None:
        super().__init__(*args, **options)
        self.logger = _log
        self._patience = patience
        self._stage: str | None = None
        self._clock: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Start the clock."""
        super().connection_made(Joined(transport, self.loop))
        self.app_state = {**self.app_state, "reset": self._reset}
        self._watch("head")

    def data_received(self, data: bytes) -> None:
        """Take data, and start the clock anew where the client has come one stage further."""
        super().data_received(data)
        self._watch(self._expected())

    def on_response_complete(self) -> None:
        """Let the next request begin."""
        super().on_response_complete()
        self._watch(self._expected())

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the clock."""
        self._watch(None)
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - uvicorn's own text
        """Say what was wrong with what came."""
        head = self.conn.trailing_data[0]
        if self._stage == "head" and len(head) > MAX_HEAD:
            self._refuse(431, "head_too_large", f"The path and headers are over {MAX_HEAD} bytes.")
        else:
            self._refuse(400, "invalid_http", "The request is no HTTP/1.1 that can be read.")

    def _expected(self) -> str | None:
        """Return what the client is sending: a head, a body, or nothing."""
        if self.transport.is_closing():
            return None
        if self.conn.their_state is h11.SEND_BODY:
            return "body"
        return "head" if self.conn.their_state is h11.IDLE and self.conn.trailing_data[0] else None

    def _watch(self, stage: str | None) -> None:
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
        if self._stage == "head" and not self.conn.trailing_data[0]:
            self.transport.close()
        else:
            self._refuse(408, "too_slow", f"The {self._stage} of the request took too long: send it again.")

    def _refuse(self, status: int, code: str, message: str) -> None:
        """Answer in place of the application, unless it has begun to, and close the connection."""
        if self.cycle is None or not self.cycle.response_started or self.cycle.response_complete:
            body = json.dumps({"code": code, "message": message}, separators=(",", ":")).encode()
            lines = (
                b"HTTP/1.1 %d %s" % (status, _PHRASES[status]),
                b"content-type: application/json",
                b"content-length: %d" % len(body),
                b"connection: close",
            )
            self.transport.write(b"\r\n".join((*lines, b"", body)))
        self.transport.close()

    def _reset(self) -> None:
        """End the connection at once, so that the client's system says it was reset."""
        connection: Any = self.transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NOT)
        self.transport.abort()
