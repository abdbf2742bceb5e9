"""The taking side over HTTP: events on any path of any vendor's client, and what browsers ask before."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from segment_client.collector.auth import Authenticator, sent_key
from segment_client.collector.body import BodyReader
from segment_client.collector.head import read_head
from segment_client.collector.paths import find_target
from segment_client.collector.receive import Receiver
from segment_client.collector.settings import browser_settings, source_config

__all__ = ["Intake"]


@dataclass(frozen=True, slots=True)
class Intake:
    """The handlers of what clients send. What computes or touches the disk runs in a worker thread."""

    receiver: Receiver
    authenticator: Authenticator

    async def collect(self, request: Request) -> Response:
        """Take a posted body on any path of any vendor's client."""
        target = find_target(request.scope["path"])
        if target is None:
            raise HTTPException(
                404, "There is nothing at this path: POST events to /v1/batch, read /api/events."
            )
        if request.method != "POST":
            raise HTTPException(405, "This path takes POST only.", {"allow": "OPTIONS, POST"})
        head = read_head("POST", request.url.path, request.url.query, request.headers.items())
        body = await _read_body(request)
        key = sent_key(request.headers, request.query_params)
        await run_in_threadpool(self.receiver.receive, target, body, key, head)
        return JSONResponse({"success": True})

    async def settings(self, request: Request) -> Response:
        """Tell a browser client where to send."""
        key = self.authenticator.check(request.path_params["key"])
        return JSONResponse(browser_settings(key, _host(request), request.scope["scheme"]))

    async def source_config(self, request: Request) -> Response:
        """Tell a RudderStack client about its source, which it asks for by its write key."""
        self.authenticator.check(sent_key(request.headers, request.query_params))
        return JSONResponse(source_config())


async def _read_body(request: Request) -> bytes:
    """Read a body within the limits; what follows a refused part uvicorn receives and drops."""
    reader = BodyReader()
    async for chunk in request.stream():
        reader.feed(chunk)
    return reader.finish()


def _host(request: Request) -> str:
    host, port = request.scope["server"]
    return request.headers.get("host") or f"{host}:{port}"
