"""Cross-origin answers: any page may post events, none may read back what was collected."""

from __future__ import annotations

from segment_client.collector.paths import is_reading
from segment_client.collector.web.asgi import App, Message, Receive, Send

__all__ = ["Cors"]

_Headers = list[tuple[bytes, bytes]]

_PREFLIGHT = {
    b"access-control-request-method": b"access-control-allow-methods",
    b"access-control-request-headers": b"access-control-allow-headers",
}
_PRIVATE = b"access-control-request-private-network"
_MAX_AGE = b"600"


class Cors:
    """ASGI middleware: answers preflights by echoing what they ask for, and lets any origin read the answers.

    Vendors' clients ask for different headers, so no list would do. The reading API stays closed: a page that
    happens to be open must not read, or delete, what a local collector holds.
    """

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Handle one ASGI connection."""
        headers = dict(scope.get("headers", ()))
        origin = headers.get(b"origin")
        if scope["type"] != "http" or is_reading(scope["path"]):
            await self._app(scope, receive, send)
        elif scope["method"] == "OPTIONS":
            await send({"type": "http.response.start", "status": 204, "headers": _preflight(origin, headers)})
            await send({"type": "http.response.body", "body": b""})
        elif origin is None:
            await self._app(scope, receive, send)
        else:
            await self._app(scope, receive, _opening(send, origin))


def _opening(send: Send, origin: bytes) -> Send:
    async def opened(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message.get("headers", ()), *_allow(origin)]}
        await send(message)

    return opened


def _allow(origin: bytes) -> _Headers:
    return [
        (b"access-control-allow-origin", origin),
        (b"access-control-allow-credentials", b"true"),
        (b"vary", b"origin"),
    ]


def _preflight(origin: bytes | None, headers: dict[bytes, bytes]) -> _Headers:
    if origin is None:
        return [(b"allow", b"GET, HEAD, OPTIONS, POST")]
    answer = [*_allow(origin), (b"access-control-max-age", _MAX_AGE)]
    answer += [(allowed, headers[asked]) for asked, allowed in _PREFLIGHT.items() if asked in headers]
    if headers.get(_PRIVATE) == b"true":
        answer.append((b"access-control-allow-private-network", b"true"))
    return answer
