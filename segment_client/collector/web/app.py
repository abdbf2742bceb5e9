"""The ASGI application: which path is whose, and what a problem looks like as an answer."""

from __future__ import annotations

from collections.abc import Collection

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route, request_response

from segment_client.collector.access import Access
from segment_client.collector.faults import Faults
from segment_client.collector.problem import Problem
from segment_client.collector.web.access import Accessed
from segment_client.collector.web.answers import answer, failure
from segment_client.collector.web.cors import Cors
from segment_client.collector.web.faulty import Faulty
from segment_client.collector.web.front import Front
from segment_client.collector.web.guard import Guard
from segment_client.collector.web.intake import Intake
from segment_client.collector.web.operating import Operating
from segment_client.collector.web.pages import Pages
from segment_client.collector.web.reading import Reading

__all__ = ["application", "reading_routes"]

_READ = ("/", "/catalogue", "/api/{rest:path}")
_CODES = {404: "not_found", 405: "method_not_allowed"}


def application(
    intake: Intake,
    reading: Reading | None,
    operating: Operating,
    hosts: Collection[str] | None,
    faults: Faults,
    access: Access,
) -> Accessed:
    """Return the application: a route for each path that is read, all other paths are for posting to.

    Without `reading` nothing is kept that could be read. `hosts` are the names beside loopback's under which
    may be read, None for any. `faults` are met by what is posted, `access` is told of each request.
    """
    routes = [
        *operating.routes(),
        Route("/v1/projects/{key}/settings", intake.settings),
        Route("/projects/{key}/settings", intake.settings),
        Route("/sourceConfig", intake.source_config),
        Route("/sourceConfig/", intake.source_config),
        *(_nothing_routes() if reading is None else _page_routes(Pages(reading)) + reading_routes(reading)),
    ]
    refusing = dict.fromkeys((Problem, HTTPException, ClientDisconnect, Exception), _refuse)
    app = Starlette(routes=routes, exception_handlers=refusing)
    app.router.redirect_slashes = False
    app.router.default = request_response(_nothing_there)
    front = Front(app, intake)
    return Accessed(Guard(Cors(Faulty(front, faults) if faults else front), hosts), access)


def reading_routes(reading: Reading) -> list[Route]:
    """Return the routes of the API."""
    return [
        Route("/api/events", reading.events, methods=["GET", "DELETE"]),
        Route("/api/events/{message_id}", reading.event),
        Route("/api/events/{message_id}/call", reading.call_of_event),
        Route("/api/rejected", reading.rejected),
        Route("/api/warnings", reading.warnings),
        Route("/api/calls", reading.calls),
        Route("/api/calls/{seq}", reading.call),
        Route("/api/stats", reading.stats),
        Route("/api/wait", reading.wait),
        Route("/api/stream", reading.stream),
        Route("/api/export", reading.export),
        Route("/api/catalogue", reading.catalogue),
    ]


def _page_routes(pages: Pages) -> list[Route]:
    return [
        Route("/", pages.shell),
        Route("/assets/{name}", pages.asset),
        Route("/catalogue", pages.catalogue),
    ]


def _nothing_routes() -> list[Route]:
    return [Route(path, _nothing_kept, methods=["GET", "DELETE"]) for path in _READ]


async def _nothing_there(_request: Request) -> Response:
    message = "There is nothing at this path: POST events to /v1/batch, read /api/events."
    return answer(Problem(404, "not_found", message))


async def _nothing_kept(_request: Request) -> Response:
    message = "This collector keeps no events: its sink has them. Start it with --db FILE to keep them too."
    return answer(Problem(404, "nothing_kept", message))


def _refuse(_request: Request, error: Exception) -> Response:
    match error:
        case Problem():
            return answer(error)
        case HTTPException():
            code = _CODES.get(error.status_code, "bad_request")
            return answer(Problem(error.status_code, code, error.detail, headers=error.headers))
        case ClientDisconnect():
            return Response(status_code=400)  # nobody is there to read it
        case _:
            return failure()
