"""A WSGI application whose client is made, and used, before the server forks its workers."""

import os
from collections.abc import Callable, Iterable
from typing import Any

from tests.delivery.processes import server_client, tell

client = server_client()
tell(client, 20, 0)


def application(environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
    """Track as many events as the path says, from a number on, and answer with the worker's id."""
    tell(client, 5, int(environ["PATH_INFO"].strip("/")))
    start_response("200 OK", [])
    return [str(os.getpid()).encode()]
