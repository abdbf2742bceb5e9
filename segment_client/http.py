"""The one place that speaks HTTP: the transport over the connection pools of `requests`."""

from __future__ import annotations

import os
import threading
import weakref
from collections.abc import Mapping
from typing import TYPE_CHECKING

from requests import RequestException
from urllib3 import Timeout
from urllib3.exceptions import HTTPError

from segment_client.errors import UnreachableError
from segment_client.routes import Routes
from segment_client.transport import Request, Response

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse  # from urllib3 2 on; `requests` takes 1.26, too

__all__ = ["RequestsTransport"]

_MAX_ANSWER = 65_536


class RequestsTransport:
    """Connections of each thread's own: keep-alive, TLS verified, no redirect followed.

    `proxies` is as in `requests`: {scheme: URL}. A scheme that it does not name has the environment's proxy.
    """

    def __init__(self, proxies: Mapping[str, str] | None = None) -> None:
        self._proxies = dict(proxies or {})
        self._local = threading.local()
        self._all: dict[weakref.ref[Routes], int] = {}

    def send(self, request: Request) -> Response:
        """POST the request; each exception on the way becomes an UnreachableError without the URL."""
        try:
            route = self._routes().to(request.url)
            answer = route.pool.urlopen(
                "POST",
                route.target,
                body=request.body,
                headers={**route.headers, **request.headers},
                timeout=Timeout(connect=request.timeout, read=request.timeout),
                retries=False,
                redirect=False,
                assert_same_host=False,  # what is asked of a proxy names another host than its own
                preload_content=False,
            )
            try:
                headers = {name.lower(): value for name, value in answer.headers.items()}
                return Response(answer.status, headers, _start(answer))
            finally:
                answer.close()
        except (RequestException, OSError, HTTPError) as error:
            raise UnreachableError(f"no answer from the server: {type(error).__name__}") from None

    def close(self) -> None:
        """Close the connections of all threads of this process; those of a parent may hold locks."""
        for reference, pid in self._all.copy().items():
            routes = reference()
            if routes is not None and pid == os.getpid():
                routes.close()

    def _routes(self) -> Routes:
        """Connections belong to one thread of one process: a forked child must not share a socket."""
        if getattr(self._local, "pid", None) != os.getpid():
            routes = Routes(self._proxies)
            self._local.routes, self._local.pid = routes, os.getpid()
            # no lock here: a fork could leave it held for ever; setting and removing a key are atomic
            self._all[weakref.ref(routes, self._all.pop)] = os.getpid()
        return self._local.routes  # type: ignore[no-any-return]  # threading.local is untyped


def _start(answer: BaseHTTPResponse) -> bytes:
    """Read a body as far as it is kept; read to its end, it leaves its connection for the next request."""
    body = b""
    while len(body) < _MAX_ANSWER and (chunk := answer.read(_MAX_ANSWER, decode_content=True)):
        body += chunk
        if answer.length_remaining == 0 and not answer.headers.get("content-encoding"):
            break  # another read would only find out the same
    return body[:_MAX_ANSWER]
