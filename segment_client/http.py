"""The transport over HTTP: each thread's own connections, by the way that leads to a server."""

from __future__ import annotations

import os
import threading
import weakref
from collections.abc import Mapping
from http.client import HTTPException

from requests import RequestException
from urllib3.exceptions import HTTPError

from segment_client.errors import UnreachableError
from segment_client.routes import Routes
from segment_client.transport import Request, Response

__all__ = ["RequestsTransport"]


class RequestsTransport:
    """Connections of each thread's own: keep-alive, TLS verified, no redirect followed.

    Proxies and certificates are those that `requests` would use. `proxies` is as there: {scheme: URL}. A
    scheme that it does not name has the environment's proxy.
    """

    def __init__(self, proxies: Mapping[str, str] | None = None) -> None:
        self._proxies = dict(proxies or {})
        self._local = threading.local()
        self._all: dict[weakref.ref[Routes], int] = {}

    def send(self, request: Request) -> Response:
        """POST the request; each exception on the way becomes an UnreachableError without the URL."""
        try:
            route = self._routes().to(request.url)
            return route.line.post(route.target, request)
        # a UnicodeError is a host's name that none can have
        except (OSError, HTTPException, HTTPError, RequestException, UnicodeError) as error:
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
