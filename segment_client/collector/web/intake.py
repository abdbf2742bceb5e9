"""The taking side over HTTP: events on any path of any vendor's client, and what browsers ask before."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from segment_client.collector.auth import sent_key
from segment_client.collector.body import BodyReader
from segment_client.collector.head import read_head
from segment_client.collector.paths import Target
from segment_client.collector.receive import Judge, Receiver
from segment_client.collector.settings import browser_settings, source_config
from segment_client.collector.web.asgi import Message, Receive
from segment_client.collector.web.keeping import Keeping

__all__ = ["Intake"]


_SMALL = 8_192
"""A body of so many bytes is judged sooner than another thread would have begun to."""

_SUCCESS = JSONResponse({"success": True})
"""Exactly this all vendors' clients take for success; as an application it holds no state."""

_THREADS = 16
"""How many judge larger bodies, or wait for a sink, at a time."""


@dataclass(frozen=True, slots=True)
class Intake:
    """The handlers of what clients send. What takes long or touches the disk runs in a worker thread.

    `judge` is asked about bodies that take long.
    """

    receiver: Receiver
    judge: Judge
    keeping: Keeping
    workers: ThreadPoolExecutor

    @classmethod
    def of(cls, receiver: Receiver, judge: Judge) -> Intake:
        """Return an intake with worker threads of its own, which start when they are needed."""
        keeping = Keeping(receiver.keep, _THREADS if receiver.asks_others else 1)
        return cls(receiver, judge, keeping, ThreadPoolExecutor(_THREADS, "collector-intake"))

    def close(self) -> None:
        """End the threads, once they have done what they were given."""
        self.workers.shutdown()
        self.keeping.close()

    async def collect(self, target: Target, scope: Message, receive: Receive) -> Response:
        """Take a posted body; raises Problem for what is refused."""
        headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]]
        query = scope["query_string"].decode("latin-1")
        head = read_head("POST", scope["path"], query, headers)
        body = await _read_body(receive)
        key = sent_key(dict(headers), dict(parse_qsl(query, keep_blank_values=True)) if query else {})
        if len(body) <= _SMALL:
            judged = self.receiver.judge(target, body, key, head)
        else:
            judged = await self._in_thread(self.judge, target, body, key, head)
        await self.keeping(judged)
        return _SUCCESS

    async def settings(self, request: Request) -> Response:
        """Tell a browser client where to send."""
        key = self.receiver.authenticator.check(request.path_params["key"])
        return JSONResponse(browser_settings(key, _host(request), request.scope["scheme"]))

    async def source_config(self, request: Request) -> Response:
        """Tell a RudderStack client about its source, which it asks for by its write key."""
        self.receiver.authenticator.check(sent_key(request.headers, request.query_params))
        return JSONResponse(source_config())

    async def _in_thread(self, work: Callable[..., Any], *given: object) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self.workers, work, *given)


async def _read_body(receive: Receive) -> bytes:
    """Read a body within the limits; what follows a refused part uvicorn receives and drops."""
    reader = BodyReader()
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise ClientDisconnect
        reader.feed(message.get("body", b""))
        if not message.get("more_body", False):
            return reader.finish()


def _host(request: Request) -> str:
    host, port = request.scope["server"]
    return request.headers.get("host") or f"{host}:{port}"
