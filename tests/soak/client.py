"""Clients whose every second is one of a fast clock, those of their requests too."""

from dataclasses import replace
from typing import Any

from segment_client import SegmentClient
from segment_client.http import RequestsTransport
from segment_client.transport import Request, Response
from tests.client.support import ENTITY, KEY
from tests.soak.clock import FastClock
from tests.soak.server import TIMEOUT, WORKER

__all__ = ["RATE", "SECONDS", "soak_client"]

RATE = 20.0
"""How many times as fast as the machine's the clock runs; so much shorter are waits between attempts."""

SECONDS = 200.0
"""How long all of the events of a test may take in the end, in seconds of the machine."""


class _FastTransport:
    """Sends by HTTP, with timeouts of the fast clock, and says in a header which worker sends."""

    def __init__(self, rate: float, worker: str) -> None:
        self._rate = rate
        self._worker = worker
        self._http = RequestsTransport()

    def send(self, request: Request) -> Response:
        """Post a request."""
        headers = {**request.headers, WORKER: self._worker}
        return self._http.send(replace(request, headers=headers, timeout=request.timeout / self._rate))

    def close(self) -> None:
        """Close the connections."""
        self._http.close()


def soak_client(url: str, clock: FastClock, worker: str, **options: Any) -> SegmentClient:
    """Return a client for a faulty server, which knows it by the name of its worker.

    Its timeout is in seconds of the clock, as a spool's leases are: a lease is longer than a request.
    """
    return SegmentClient(
        KEY,
        ENTITY,
        "default",
        url,
        clock=clock,
        timeout=TIMEOUT,
        transport=_FastTransport(clock.rate, worker),
        **options,
    )
