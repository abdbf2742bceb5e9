"""The site that a browser client is on: another origin than the collector's."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.conformance.environment import HERE, NODE_MODULES

__all__ = ["PageServer"]

_SEGMENT = NODE_MODULES / "@segment" / "analytics-next" / "dist" / "umd"
_MODULES = NODE_MODULES / "@rudderstack" / "analytics-js" / "dist" / "npm" / "modern" / "bundled" / "esm"
_FILES = {
    "/calls.json": HERE / "calls.json",
    "/segment.js": HERE / "clients" / "segment_browser.js",
    "/rudder.js": HERE / "clients" / "rudder_browser.js",
    "/jitsu.js": HERE / "clients" / "jitsu_browser.js",
    "/bundle/rudder.mjs": _MODULES / "index.mjs",
    "/bundle/jitsu.mjs": NODE_MODULES / "@jitsu" / "js" / "dist" / "jitsu.es.js",
}
_TYPES = {".js": "text/javascript", ".mjs": "text/javascript", ".json": "application/json"}
_PAGE = """<!doctype html>
<meta charset="utf-8">
<title>A page of the site</title>
<script src="/bundle/index.js"></script>
<script type="module" src="/{client}.js"></script>
"""


class PageServer:
    """Serves the pages on a free port of 127.0.0.1 until the `with` ends; /run.json says `run`.

    A page is /<client>/<way>. `left` is set once one has led to /left.
    """

    def __init__(self, run: Mapping[str, object]) -> None:
        self.run = run
        self.left = threading.Event()
        self._server = _Server(self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    @property
    def url(self) -> str:
        """The site's address."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, pages: PageServer) -> None:
        self.pages = pages
        super().__init__(("127.0.0.1", 0), _Handler)


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        """Answer with a page, or with one of the files that it loads."""
        file = _FILES.get(self.path) or _bundled(self.path)
        client, _, way = self.path.removeprefix("/").partition("/")
        if file:
            self._answer(file.read_bytes(), _TYPES[file.suffix])
        elif self.path == "/run.json":
            self._answer(json.dumps(self.server.pages.run).encode(), _TYPES[".json"])
        elif self.path == "/left":
            self.server.pages.left.set()
            self._answer(b"", "text/plain")
        elif way and f"/{client}.js" in _FILES:
            self._answer(_PAGE.format(client=client).encode(), "text/html")
        else:
            self.send_error(HTTPStatus.NOT_FOUND)

    def _answer(self, body: bytes, kind: str) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
        """Write nothing."""


def _bundled(path: str) -> Path | None:
    """Return the file of Segment's bundle that a path names."""
    prefix, _, name = path.rpartition("/")
    file = _SEGMENT / name
    return file if prefix == "/bundle" and file.suffix == ".js" and file.is_file() else None
