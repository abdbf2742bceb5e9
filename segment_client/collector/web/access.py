"""The access log and the counts of requests: one record a request, without a key or any value of a query."""

from __future__ import annotations

import time

from segment_client.collector.access import Access, Record, shown_path
from segment_client.collector.web.asgi import App, Message, Receive, Send

__all__ = ["Accessed"]


class Accessed:
    """ASGI middleware: hands a record of each request to `access` once it is answered, or will not be."""

    def __init__(self, app: App, access: Access) -> None:
        self._app = app
        self._access = access

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Handle one ASGI connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status, sent, received = time.monotonic(), 0, 0, 0

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            return message

        async def noted(message: Message) -> None:
            nonlocal status, sent
            status = message.get("status", status)
            sent += len(message.get("body", b""))
            await send(message)

        try:
            await self._app(scope, counted, noted)
        finally:
            client = (scope.get("client") or ("",))[0]
            path = shown_path(scope["path"])
            seconds = time.monotonic() - began
            self._access(Record(client, scope["method"], path, status, received, sent, seconds))
