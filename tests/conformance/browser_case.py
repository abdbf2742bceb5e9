"""What the tests of the clients for browsers share: a page of another origin, in a headless Chromium."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from unittest import SkipTest

from tests.conformance.case import ConformanceCase
from tests.conformance.environment import browser, missing_browser
from tests.conformance.page_server import PageServer

__all__ = ["LIMIT", "BrowserCase"]

LIMIT = 60

_FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-dev-shm-usage",
    "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip

_ENVIRONMENT = {**os.environ, "TZ": "Europe/London"}
"""The clients say the browser's own time zone, so it is that of the calls."""


class BrowserCase(ConformanceCase):
    """A test case with a browser that opens a page of another origin, on which a client runs."""

    @classmethod
    def setUpClass(cls) -> None:
        """Leave the class out where there is no browser."""
        if missing := missing_browser():
            raise SkipTest(missing)
        super().setUpClass()

    @contextmanager
    def visit(
        self, path: str, key: str, times: int, settings: Mapping[str, object] | None = None
    ) -> Iterator[PageServer]:
        """Open the page that makes each call some times, in a browser that is closed at the end."""
        run = {"endpoint": self.tap.url, "key": key, "times": times, "settings": settings}
        with PageServer(run) as pages, tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
            command = [browser(), *_FLAGS, f"--user-data-dir={profile}", f"{pages.url}/{path}"]
            quiet = subprocess.DEVNULL
            with subprocess.Popen(command, env=_ENVIRONMENT, stdout=quiet, stderr=quiet) as process:
                try:
                    yield pages
                finally:
                    process.terminate()
