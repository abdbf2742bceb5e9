"""The one place that speaks HTTP: the transport over `requests`."""

from __future__ import annotations

import os
import threading
import weakref
from collections.abc import Mapping
from urllib.parse import urlsplit

import requests
import requests.auth
from urllib3.exceptions import HTTPError

from segment_client.errors import UnreachableError
from segment_client.loopback import is_loopback
from segment_client.transport import Request, Response

__all__ = ["RequestsTransport"]


_NO_PROXY = {"http": "", "https": ""}
_MAX_ANSWER = 65_536


class RequestsTransport:
    """A `requests.Session` for each thread: keep-alive, TLS verified, no redirect followed.

    `proxies` is as in `requests`: {scheme: URL}. A scheme that it does not name has the environment's proxy.
    """

    def __init__(self, proxies: Mapping[str, str] | None = None) -> None:
        self._proxies = dict(proxies or {})
        self._local = threading.local()
        self._sessions: dict[weakref.ref[requests.Session], int] = {}

    def send(self, request: Request) -> Response:
        """POST the request; each exception of `requests` becomes an UnreachableError without the URL."""
        try:
            with self._session().post(
                request.url,
                data=request.body,
                headers=dict(request.headers),
                timeout=request.timeout,
                proxies=self._proxies_for(request.url),
                allow_redirects=False,
                stream=True,
            ) as answer:
                headers = {name.lower(): value for name, value in answer.headers.items()}
                return Response(answer.status_code, headers, _start(answer))
        except (requests.RequestException, OSError, HTTPError) as error:
            raise UnreachableError(f"no answer from the server: {type(error).__name__}") from None

    def close(self) -> None:
        """Close the sessions of all threads of this process; those of a parent may hold locks."""
        for reference, pid in self._sessions.copy().items():
            session = reference()
            if session is not None and pid == os.getpid():
                session.close()

    def _proxies_for(self, url: str) -> dict[str, str]:
        """A proxy cannot reach this machine's own servers, and what is given goes before the environment."""
        if is_loopback(urlsplit(url).hostname):
            return {**_NO_PROXY, **self._proxies}
        return self._proxies

    def _session(self) -> requests.Session:
        """A session belongs to one thread of one process: a forked child must not share a socket."""
        if getattr(self._local, "pid", None) != os.getpid():
            session = requests.Session()
            session.auth = _KeepAuthorization()
            self._local.session, self._local.pid = session, os.getpid()
            # no lock here: a fork could leave it held for ever; setting and removing a key are atomic
            self._sessions[weakref.ref(session, self._sessions.pop)] = os.getpid()
        return self._local.session  # type: ignore[no-any-return]  # threading.local is untyped


class _KeepAuthorization(requests.auth.AuthBase):
    """Leaves our Authorization header alone; with no auth set, `requests` would prefer a ~/.netrc entry."""

    def __call__(self, r: requests.PreparedRequest) -> requests.PreparedRequest:
        return r


def _start(answer: requests.Response) -> bytes:
    """Read a body as far as it is kept; read to its end, it leaves its connection for the next request."""
    body = b""
    for chunk in answer.iter_content(_MAX_ANSWER):
        body += chunk
        if len(body) >= _MAX_ANSWER:
            break
    return body[:_MAX_ANSWER]
