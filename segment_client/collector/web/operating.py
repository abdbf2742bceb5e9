"""What those ask who run a collector: whether it is up and can write, its counts, and what it answers."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from segment_client.collector.access import Tally
from segment_client.collector.metrics import CONTENT_TYPE, metrics
from segment_client.collector.openapi import openapi
from segment_client.collector.problem import Problem
from segment_client.collector.store import Store
from segment_client.version import VERSION

__all__ = ["Operating"]

_log = logging.getLogger("segment_client.collector")


@dataclass(frozen=True, slots=True)
class Operating:
    """The handlers for operators. `check` raises a Problem for who may not see counts."""

    store: Store | None
    tally: Tally
    check: Callable[[Request], None]

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("/healthz", self.health),
            Route("/readyz", self.ready),
            Route("/metrics", self.metrics),
            Route("/openapi.json", self.openapi),
        ]

    async def health(self, _request: Request) -> Response:
        """Say that the process answers."""
        return JSONResponse({"status": "ok"})

    async def ready(self, _request: Request) -> Response:
        """Say whether events can be stored; 503 where not."""
        if self.store is not None:
            try:
                await run_in_threadpool(self.store.probe)
            except OSError as error:
                _log.error("the store cannot be written: %s", error)
                message = "The store cannot be written: the log says why."
                raise Problem(503, "not_ready", message, headers={"retry-after": "5"}) from error
        return JSONResponse({"status": "ready"})

    async def metrics(self, request: Request) -> Response:
        """Return the counts in the form of Prometheus."""
        self.check(request)
        return Response(await run_in_threadpool(self._metrics), headers={"content-type": CONTENT_TYPE})

    async def openapi(self, _request: Request) -> Response:
        """Return the document of all that is answered."""
        return JSONResponse(openapi(VERSION))

    def _metrics(self) -> str:
        if self.store is None:
            return metrics(None, 0, self.tally)
        return metrics(self.store.find.counts(), self.store.size(), self.tally)
