"""How a URL is reached: what `requests` knows of proxies, certificates and the environment, asked once.

Asking costs more than a whole request, so each request itself goes over the line that was found.
"""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import requests
from requests import PreparedRequest
from requests.adapters import HTTPAdapter
from requests.utils import DEFAULT_CA_BUNDLE_PATH, select_proxy
from urllib3 import HTTPConnectionPool
from urllib3.util import parse_url

from segment_client.lines import Line, Pooled, Straight
from segment_client.loopback import is_loopback

__all__ = ["Route", "Routes"]

_NO_PROXY = {"http": "", "https": ""}


class Route(NamedTuple):
    """The line to a server, and what to ask for there."""

    line: Line
    target: str


class _Adapter(HTTPAdapter):
    """What `requests` has for whoever wants its connections: they are given to subclasses only."""

    def pooled(
        self, request: PreparedRequest, proxies: Mapping[str, str], verify: bool | str | None
    ) -> Route:
        """Return a route over a pool, the certificates verified as `requests` does."""
        pool = self.get_connection_with_tls_context(request, verify, proxies=dict(proxies))
        if not isinstance(pool, HTTPConnectionPool):
            raise TypeError(f"requests has a {type(pool).__name__} for its connections")
        self.cert_verify(pool, request.url, verify, None)  # type: ignore[no-untyped-call]  # the stubs lack its types
        return Route(Pooled(pool), self.request_url(request, dict(proxies)))


class Routes:
    """The routes of one thread, with connections that are kept alive.

    `proxies` is as in `requests`: {scheme: URL}. A scheme that it does not name has the environment's proxy.
    """

    def __init__(self, proxies: Mapping[str, str]) -> None:
        self._proxies = proxies
        self._session = requests.Session()
        self._adapter = _Adapter()
        self._straight: dict[tuple[str, str], Straight] = {}
        self._found: dict[str, Route] = {}

    def to(self, url: str) -> Route:
        """Return the route to a URL."""
        route = self._found.get(url)
        return route if route is not None else self._found.setdefault(url, self._find(url))

    def close(self) -> None:
        """Close all connections that are idle; a later request opens new ones."""
        self._found.clear()
        self._adapter.close()
        for line in list(self._straight.values()):
            line.close()

    def _find(self, url: str) -> Route:
        request = requests.Request("POST", url).prepare()
        given = self._session.merge_environment_settings(url, self._proxies_for(url), True, None, None)
        proxies, verify = given["proxies"], given["verify"]
        server = parse_url(str(request.url))
        is_dotted = str(server.host).endswith(".")  # as no certificate is: a pool knows what to compare
        if is_dotted or select_proxy(str(request.url), proxies):
            return self._adapter.pooled(request, proxies, verify)
        origin = (str(server.scheme), str(server.netloc))
        if origin not in self._straight:
            self._straight[origin] = Straight(origin[1], _tls(verify) if origin[0] == "https" else None)
        return Route(self._straight[origin], request.path_url)

    def _proxies_for(self, url: str) -> dict[str, str]:
        """A proxy cannot reach this machine's own servers, and what is given goes before the environment."""
        if is_loopback(urlsplit(url).hostname):
            return {**_NO_PROXY, **self._proxies}
        return dict(self._proxies)


def _tls(verify: bool | str | None) -> ssl.SSLContext:
    """Trust what `requests` does: its own list, or the file or folder that the environment names."""
    trusted = verify if isinstance(verify, str) else DEFAULT_CA_BUNDLE_PATH
    is_folder = Path(trusted).is_dir()
    context = ssl.create_default_context(
        cafile=None if is_folder else trusted, capath=trusted if is_folder else None
    )
    context.hostname_checks_common_name = False
    context.set_alpn_protocols(["http/1.1"])
    return context
