"""The one place that speaks HTTP: the transport over `requests`."""

from __future__ import annotations

import os
import threading
import weakref
from collections.abc import Mapping

import requests
import requests.auth
from urllib3.exceptions import HTTPError

from segment_client.errors import UnreachableError
from segment_client.transport import Request, Response

__all__ = ["RequestsTransport"]


_MAX_ANSWER = 65_536


class RequestsTransport:
    """A `requests.Session` for each thread: keep-alive, TLS verified, no redirect followed.

    `proxies` is as in `requests`: {scheme: URL}. Without it the environment's proxy settings hold.
    """

    def __init__(self, proxies: Mapping[str, str] | None = None) -> None:
        self._proxies = dict(proxies or {})
        self._local = threading.local()
        self._sessions: weakref.WeakSet[requests.Session] = weakref.WeakSet()
        self._lock = threading.Lock()

    def send(self, request: Request) -> Response:
        """POST the request; each exception of `requests` becomes an UnreachableError without the URL."""
        try:
            with self._session().post(
                request.url,
                data=request.body,
                headers=dict(request.headers),
                timeout=request.timeout,
                allow_redirects=False,
                stream=True,
            ) as answer:
                body = answer.raw.read(_MAX_ANSWER, decode_content=True)
                return Response(answer.status_code, {k.lower(): v for k, v in answer.headers.items()}, body)
        except (requests.RequestException, OSError, HTTPError) as error:
            raise UnreachableError(f"no answer from the server: {type(error).__name__}") from None

    def close(self) -> None:
        """Close the sessions of all threads."""
        with self._lock:
            sessions = list(self._sessions)
        for session in sessions:
            session.close()

    def _session(self) -> requests.Session:
        """A session belongs to one thread of one process: a forked child must not share a socket."""
        if getattr(self._local, "pid", None) != os.getpid():
            session = requests.Session()
            session.auth = _KeepAuthorization()
            session.proxies.update(self._proxies)
            self._local.session, self._local.pid = session, os.getpid()
            with self._lock:
                self._sessions.add(session)
        return self._local.session  # type: ignore[no-any-return]  # threading.local is untyped


class _KeepAuthorization(requests.auth.AuthBase):
    """Leaves our Authorization header alone; with no auth set, `requests` would prefer a ~/.netrc entry."""

    def __call__(self, r: requests.PreparedRequest) -> requests.PreparedRequest:
        return r
