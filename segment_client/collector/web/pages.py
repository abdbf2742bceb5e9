"""The page over HTTP, under a policy that lets it load and run nothing but its own files."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from semantic_events import SemanticEvent
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from segment_client.collector.catalogue import Catalogue, describe, read_entries
from segment_client.collector.page import find_asset, shell, show_catalogue
from segment_client.collector.problem import Problem
from segment_client.collector.web.reading import Reading
from segment_client.version import VERSION

__all__ = ["Pages"]

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
_HEADERS = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-cache",
}


@dataclass(frozen=True, slots=True)
class Pages:
    """The handlers of the page and its files, and of the catalogue of a generated package."""

    reading: Reading

    async def shell(self, request: Request) -> Response:
        """Return the page."""
        self.reading.check(request)
        counts = await run_in_threadpool(self.reading.api.store.find.counts)
        numbers = {name: int(str(counts.get(name, 0))) for name in ("stored", "warned", "rejected")}
        url = f"{request.url.scheme}://{request.url.netloc}"
        keyed = self.reading.authenticator.keyed
        return HTMLResponse(shell(url, VERSION, numbers, keyed=keyed), headers=_HEADERS)

    async def asset(self, request: Request) -> Response:
        """Return one of the page's files, or 304 where the browser has it."""
        asset = find_asset(request.path_params["name"])
        if asset is None:
            raise Problem(404, "not_found", "The page has no such file.")
        headers = {**_HEADERS, "etag": asset.tag}
        if request.headers.get("if-none-match") == asset.tag:
            return Response(status_code=304, headers=headers)
        return Response(asset.content, media_type=asset.media_type, headers=headers)

    async def catalogue(self, request: Request) -> Response:
        """Return the page that describes the events."""
        self.reading.check(request)
        return HTMLResponse(await run_in_threadpool(_catalogue, self.reading.described), headers=_HEADERS)


@cache
def _catalogue(catalogue: Catalogue) -> str:
    return show_catalogue(read_entries(catalogue), describe(SemanticEvent))
