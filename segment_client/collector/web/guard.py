"""Who may read: the page that this collector serves, and programs; no page of another site."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import urlsplit

from segment_client.collector.paths import is_reading
from segment_client.collector.web.asgi import App, Message, Receive, Send
from segment_client.loopback import is_loopback

__all__ = ["Guard"]

_PAGES = ("/", "/catalogue")
_FOREIGN_HOST = (
    b'{"code":"foreign_host","message":"This Host is not allowed to read: use localhost or 127.0.0.1, '
    b'or name it with --allow-host."}'
)
_FOREIGN_ORIGIN = (
    b'{"code":"foreign_origin","message":"Pages of another site must not read what was collected."}'
)


class Guard:
    """ASGI middleware: refuses to show anything under a name that is not this collector's.

    A page of another site cannot read answers (no CORS there), but it may let its own name point to 127.0.0.1
    (DNS rebinding): then the request's Host is that name. `hosts` are the names to allow beside loopback's;
    with None any may be used, as on a host where the write key is asked for. Posting stays open to all.
    """

    def __init__(self, app: App, hosts: Collection[str] | None) -> None:
        self._app = app
        self._hosts = None if hosts is None else {host.lower() for host in hosts}

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Handle one ASGI connection."""
        if scope["type"] != "http" or not is_reading(scope["path"]):
            await self._app(scope, receive, send)
            return
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        if not self._is_own(headers.get(b"host", "")):
            await _refuse(send, 421, _FOREIGN_HOST)
        elif _is_foreign(headers, is_page=scope["path"] in _PAGES):
            await _refuse(send, 403, _FOREIGN_ORIGIN)
        else:
            await self._app(scope, receive, send)

    def _is_own(self, host: str) -> bool:
        name = _name(host)
        return self._hosts is None or name in self._hosts or (name is not None and is_loopback(name))


def _is_foreign(headers: dict[bytes, str], *, is_page: bool) -> bool:
    origin = headers.get(b"origin")
    if origin is not None:
        return origin.partition("://")[2] != headers.get(b"host")
    return headers.get(b"sec-fetch-site") in ("cross-site", "same-site") and not is_page


def _name(host: str) -> str | None:
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:  # such as brackets that are not closed
        return None


async def _refuse(send: Send, status: int, body: bytes) -> None:
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
