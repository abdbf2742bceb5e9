"""The HTTP side: requests to calls of the receiver and the API, their results and problems to answers.

The one importer of starlette and uvicorn. What computes or touches the disk runs in a worker thread, so that
the event loop answers health checks whatever arrives.
"""

from __future__ import annotations

from dataclasses import dataclass
from socket import socket
from threading import Event, Thread

from segment_client.collector.api import Api
from segment_client.collector.auth import Authenticator, sent_key
from segment_client.collector.body import BodyReader
from segment_client.collector.cors import Cors
from segment_client.collector.paths import find_target
from segment_client.collector.problem import Problem
from segment_client.collector.receive import Receiver
from segment_client.collector.settings import browser_settings

try:
    import uvicorn
    from starlette.applications import Starlette
    from starlette.concurrency import run_in_threadpool
    from starlette.exceptions import HTTPException
    from starlette.middleware import Middleware
    from starlette.requests import ClientDisconnect, Request
    from starlette.responses import JSONResponse, PlainTextResponse, Response
    from starlette.routing import Route, request_response
except ModuleNotFoundError as missing:
    raise ModuleNotFoundError(
        f"The collector needs {missing.name}: pip install 'python-segment-client[collector]'",
        name=missing.name,
    ) from missing

__all__ = ["Handlers", "ServerThread", "application"]

_ROOT = "segment-client collector: POST events to /v1/batch or /v1/track, read them at /api/events.\n"
_CODES = {404: "not_found", 405: "method_not_allowed"}


@dataclass(frozen=True, slots=True)
class Handlers:
    """The handlers of the routes. With `guarded` the reading API asks for the write key too."""

    receiver: Receiver
    api: Api
    authenticator: Authenticator
    guarded: bool

    async def collect(self, request: Request) -> Response:
        """Take a posted body on any path of any vendor's client."""
        target = find_target(request.scope["path"])
        if target is None:
            raise HTTPException(
                404, "There is nothing at this path: POST events to /v1/batch, read /api/events."
            )
        if request.method != "POST":
            raise HTTPException(405, "This path takes POST only.", {"allow": "OPTIONS, POST"})
        body = await _read_body(request)
        key = sent_key(request.headers, request.query_params)
        await run_in_threadpool(self.receiver.receive, target, body, key)
        return JSONResponse({"success": True})

    async def settings(self, request: Request) -> Response:
        """Tell a browser client where to send."""
        key = self.authenticator.check(request.path_params["key"])
        return JSONResponse(browser_settings(key, _host(request), request.scope["scheme"]))

    async def events(self, request: Request) -> Response:
        """List the stored events, or delete everything."""
        self._guard(request)
        if request.method == "DELETE":
            await run_in_threadpool(self.api.store.clear)
            return JSONResponse({"success": True})
        return _json(await run_in_threadpool(self.api.events, request.query_params))

    async def event(self, request: Request) -> Response:
        """Return one event."""
        self._guard(request)
        return _json(await run_in_threadpool(self.api.event, request.path_params["message_id"]))

    async def call(self, request: Request) -> Response:
        """Return the call that an event came as."""
        self._guard(request)
        return _json(await run_in_threadpool(self.api.call, request.path_params["message_id"]))

    async def rejected(self, request: Request) -> Response:
        """List the rejected calls."""
        self._guard(request)
        return _json(await run_in_threadpool(self.api.rejected, request.query_params))

    async def stats(self, request: Request) -> Response:
        """Return the counts."""
        self._guard(request)
        return JSONResponse(await run_in_threadpool(self.api.store.stats))

    def _guard(self, request: Request) -> None:
        if self.guarded:
            try:
                self.authenticator.check(sent_key(request.headers, request.query_params))
            except Problem as problem:
                problem.headers["www-authenticate"] = 'Basic realm="collector", charset="UTF-8"'
                raise


def application(handlers: Handlers) -> Starlette:
    """Return the ASGI application: a route for each path that is read, all other paths are for posting to."""
    routes = [
        Route("/", _root),
        Route("/healthz", _health),
        Route("/v1/projects/{key}/settings", handlers.settings),
        Route("/projects/{key}/settings", handlers.settings),
        Route("/api/events", handlers.events, methods=["GET", "DELETE"]),
        Route("/api/events/{message_id}", handlers.event),
        Route("/api/events/{message_id}/call", handlers.call),
        Route("/api/rejected", handlers.rejected),
        Route("/api/stats", handlers.stats),
    ]
    app = Starlette(
        routes=routes,
        middleware=[Middleware(Cors)],
        exception_handlers=dict.fromkeys((Problem, HTTPException, ClientDisconnect, Exception), _refuse),
    )
    app.router.redirect_slashes = False
    app.router.default = request_response(handlers.collect)
    return app


async def _root(_request: Request) -> Response:
    return PlainTextResponse(_ROOT)


async def _health(_request: Request) -> Response:
    return JSONResponse({"status": "ok"})


async def _read_body(request: Request) -> bytes:
    """Read a body within the limits; what follows a refused part uvicorn receives and drops."""
    reader = BodyReader()
    async for chunk in request.stream():
        reader.feed(chunk)
    return reader.finish()


def _host(request: Request) -> str:
    host, port = request.scope["server"]
    return request.headers.get("host") or f"{host}:{port}"


def _json(text: str) -> Response:
    return Response(text, media_type="application/json")


def _answer(problem: Problem) -> Response:
    return JSONResponse(problem.body(), problem.status, problem.headers)


def _refuse(_request: Request, error: Exception) -> Response:
    match error:
        case Problem():
            return _answer(error)
        case HTTPException():
            code = _CODES.get(error.status_code, "bad_request")
            return _answer(Problem(error.status_code, code, error.detail, headers=error.headers))
        case ClientDisconnect():
            return Response(status_code=400)  # nobody is there to read it
        case _:
            return _answer(Problem(500, "internal_error", "The collector failed: its log says why."))


class ServerThread:
    """uvicorn in a thread of its own, on a socket that listens already; constructed when it answers."""

    def __init__(self, app: Starlette, listener: socket) -> None:
        config = uvicorn.Config(
            app, loop="asyncio", http="h11", ws="none", lifespan="off", log_config=None, access_log=False,
            server_header=False, timeout_keep_alive=75, timeout_graceful_shutdown=5,
        )  # fmt: skip
        self._answering = Event()
        self._server = _Server(config, self._answering)
        self._thread = Thread(target=self._run, args=(listener,), name="collector", daemon=True)
        self._thread.start()
        self._answering.wait()

    def stop(self) -> None:
        """Finish the requests under way (5 s at most), then end the thread and close the socket."""
        self._server.should_exit = True
        self._thread.join()

    def _run(self, listener: socket) -> None:
        try:
            self._server.run([listener])
        finally:
            self._answering.set()


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, answering: Event) -> None:
        super().__init__(config)
        self._answering = answering

    async def startup(self, sockets: list[socket] | None = None) -> None:
        await super().startup(sockets)
        self._answering.set()
