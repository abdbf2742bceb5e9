"""The reading side over HTTP."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from segment_client.collector.api import Api, read_status
from segment_client.collector.auth import Authenticator, sent_key
from segment_client.collector.catalogue import Catalogue, read_entries
from segment_client.collector.export import export
from segment_client.collector.feed import Feed
from segment_client.collector.page import entry_path
from segment_client.collector.problem import Problem
from segment_client.collector.search.parameters import SEARCH_PARAMETERS, check_names, read_search
from segment_client.collector.wait import Wait
from segment_client.collector.web.stream import read_id, stream

__all__ = ["Reading"]


@dataclass(frozen=True, slots=True)
class Reading:
    """The handlers of `/api`. With `guarded` each asks for the write key."""

    api: Api
    feed: Feed
    authenticator: Authenticator
    described: Catalogue
    guarded: bool

    async def events(self, request: Request) -> Response:
        """List the stored events, or delete everything."""
        self.check(request)
        if request.method == "DELETE":
            if _asked(request):
                raise Problem(400, "bad_query", "DELETE takes no parameters: it empties the whole store.")
            await run_in_threadpool(self.api.clear)
            return JSONResponse({"success": True})
        return _json(await run_in_threadpool(self.api.events, _asked(request)))

    async def event(self, request: Request) -> Response:
        """Return one event."""
        self.check(request)
        return _json(await run_in_threadpool(self.api.event, request.path_params["message_id"]))

    async def call_of_event(self, request: Request) -> Response:
        """Return the call that an event came as."""
        self.check(request)
        return _json(await run_in_threadpool(self.api.call_of_event, request.path_params["message_id"]))

    async def rejected(self, request: Request) -> Response:
        """List the rejected calls."""
        self.check(request)
        return _json(await run_in_threadpool(self.api.rejected, _asked(request)))

    async def warnings(self, request: Request) -> Response:
        """List the stored events that the catalogue warns of."""
        self.check(request)
        return _json(await run_in_threadpool(self.api.warnings, _asked(request)))

    async def calls(self, request: Request) -> Response:
        """List calls as short rows, good and rejected in one order."""
        self.check(request)
        return _json(await run_in_threadpool(self.api.calls, _asked(request)))

    async def call(self, request: Request) -> Response:
        """Return all that is kept of one call."""
        self.check(request)
        return _json(await run_in_threadpool(self.api.call, request.path_params["seq"]))

    async def stats(self, request: Request) -> Response:
        """Return the counts."""
        self.check(request)
        return _json(await run_in_threadpool(self.api.stats, _asked(request)))

    async def wait(self, request: Request) -> Response:
        """Wait until the events are there, or say what is missing."""
        self.check(request)
        wait = Wait(self.api, _asked(request))
        try:
            async with asyncio.timeout(wait.seconds):
                await self._until_done(wait)
        except TimeoutError:
            return _json(await run_in_threadpool(wait.missing), 409)
        return _json(wait.events())

    async def export(self, request: Request) -> Response:
        """Send what a search finds as JSON lines: the events, or by `status` the rejected calls."""
        self.check(request)
        query = _asked(request)
        check_names(query, ["status", *SEARCH_PARAMETERS])
        accepted = read_status(query) is not False
        lines = export(self.api.store.find, read_search(query, self.api.now()), accepted=accepted)
        name = "events" if accepted else "rejected"
        headers = {"cache-control": "no-store", "content-disposition": f'attachment; filename="{name}.jsonl"'}
        return StreamingResponse(lines, media_type="application/x-ndjson", headers=headers)

    async def catalogue(self, request: Request) -> Response:
        """Return `{"events": [{"type", "event", "version", "path"}]}`: which are described, and where."""
        self.check(request)
        check_names(_asked(request), [])
        entries = await run_in_threadpool(read_entries, self.described)
        events = [
            {"type": entry.type, "event": entry.event, "version": entry.version, "path": entry_path(entry)}
            for entry in entries
        ]
        return JSONResponse({"events": events})

    async def stream(self, request: Request) -> Response:
        """Send what changes, from `Last-Event-ID`, `from=` or now on."""
        self.check(request)
        query = _asked(request)
        check_names(query, ["from", *SEARCH_PARAMETERS])
        search = read_search(query, self.api.now())
        find = self.api.store.find
        given = request.headers.get("last-event-id") or query.get("from")
        epoch, last = await run_in_threadpool(lambda: (find.epoch(), find.last()))
        start = last if given is None else read_id(given, epoch)
        headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
        if request.method == "HEAD":  # which has no body that could end
            return Response(headers=headers, media_type="text/event-stream")
        changes = stream(find, self.feed, search, start)
        return StreamingResponse(changes, media_type="text/event-stream", headers=headers)

    def check(self, request: Request) -> None:
        """Raise Problem 401 where the write key is asked for and is not the request's."""
        if self.guarded:
            try:
                self.authenticator.check(sent_key(request.headers, request.query_params))
            except Problem as problem:
                problem.headers["www-authenticate"] = 'Basic realm="collector", charset="UTF-8"'
                raise

    async def _until_done(self, wait: Wait) -> None:
        while True:
            number = await run_in_threadpool(wait.look)
            if wait.done:
                return
            if self.feed.closed:
                raise TimeoutError
            await self.feed.wait(number, wait.seconds + 1)


def _asked(request: Request) -> dict[str, str]:
    """Return the parameters but for the write key; raises Problem 400 for one that is given twice."""
    given = [(name, value) for name, value in request.query_params.multi_items() if name != "writeKey"]
    asked = dict(given)
    if len(asked) < len(given):
        name = next(name for name in asked if [other for other, _ in given].count(name) > 1)
        raise Problem(400, "bad_query", f"The parameter {name!r} is given twice: pass it once.")
    return asked


def _json(text: str, status: int = 200) -> Response:
    return Response(text, status, media_type="application/json", headers={"cache-control": "no-store"})
