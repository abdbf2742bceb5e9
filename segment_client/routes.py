"""How a URL is reached: what `requests` knows of proxies, certificates and the environment, asked once.

Asking costs more than a whole request, so each request itself goes straight over the pool that was found.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

import requests
from requests import PreparedRequest
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool

from segment_client.loopback import is_loopback

__all__ = ["Route", "Routes"]

_NO_PROXY = {"http": "", "https": ""}


class Route(NamedTuple):
    """The pool of a server or its proxy, what to ask of that, and the usual headers."""

    pool: HTTPConnectionPool
    target: str
    headers: Mapping[str, str]


class _Adapter(HTTPAdapter):
    """What `requests` has for whoever wants its connections: they are given to subclasses only."""

    def route(
        self,
        request: PreparedRequest,
        proxies: Mapping[str, str],
        verify: bool | str | None,
        headers: Mapping[str, str],
    ) -> Route:
        """Return the route of a request, its server's certificate verified as `requests` does."""
        pool = self.get_connection_with_tls_context(request, verify, proxies=dict(proxies))
        if not isinstance(pool, HTTPConnectionPool):
            raise TypeError(f"requests has a {type(pool).__name__} for its connections")
        self.cert_verify(pool, request.url, verify, None)  # type: ignore[no-untyped-call]  # the stubs lack its types
        return Route(pool, self.request_url(request, dict(proxies)), headers)


class Routes:
    """The routes of one thread, with connections that are kept alive.

    `proxies` is as in `requests`: {scheme: URL}. A scheme that it does not name has the environment's proxy.
    """

    def __init__(self, proxies: Mapping[str, str]) -> None:
        self._proxies = proxies
        self._session = requests.Session()
        self._adapter = _Adapter()
        self._found: dict[str, Route] = {}

    def to(self, url: str) -> Route:
        """Return the route to a URL."""
        route = self._found.get(url)
        return route if route is not None else self._found.setdefault(url, self._find(url))

    def close(self) -> None:
        """Close all connections; a later request opens new ones."""
        self._found.clear()
        self._adapter.close()

    def _find(self, url: str) -> Route:
        request = requests.Request("POST", url).prepare()
        given = self._session.merge_environment_settings(url, self._proxies_for(url), True, None, None)
        headers = {name: str(value) for name, value in self._session.headers.items()}
        return self._adapter.route(request, given["proxies"], given["verify"], headers)

    def _proxies_for(self, url: str) -> dict[str, str]:
        """A proxy cannot reach this machine's own servers, and what is given goes before the environment."""
        if is_loopback(urlsplit(url).hostname):
            return {**_NO_PROXY, **self._proxies}
        return dict(self._proxies)
