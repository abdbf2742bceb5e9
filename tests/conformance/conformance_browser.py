"""The client for browsers: `@segment/analytics-next`, in a headless Chromium, on a page of another origin."""

import json
import os
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from unittest import SkipTest

from tests.conformance.case import CALLS, KEY, WRONG_KEY, ConformanceCase
from tests.conformance.environment import browser, missing_browser
from tests.conformance.page_server import PageServer

LIMIT = 60
FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip

ENVIRONMENT = {**os.environ, "TZ": "Europe/London"}
"""The client says the browser's own time zone, so it is that of the calls."""


class Browser(ConformanceCase):
    """`@segment/analytics-next`."""

    @classmethod
    def setUpClass(cls) -> None:
        """Leave the class out where there is no browser."""
        if missing := missing_browser():
            raise SkipTest(missing)
        super().setUpClass()

    @contextmanager
    def visit(
        self, way: str, key: str, times: int, settings: Mapping[str, object] | None = None
    ) -> Iterator[PageServer]:
        """Open the page that makes each call some times, in a browser that is closed at the end."""
        run = {"endpoint": self.tap.url, "key": key, "times": times, "settings": settings}
        with PageServer(run) as pages, tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
            command = [browser(), *FLAGS, f"--user-data-dir={profile}", f"{pages.url}/{way}"]
            quiet = subprocess.DEVNULL
            with subprocess.Popen(command, env=ENVIRONMENT, stdout=quiet, stderr=quiet) as process:
                try:
                    yield pages
                finally:
                    process.terminate()

    def test_each(self) -> None:
        """Each call is a request of its own, and arrives once and whole."""
        with self.visit("each", KEY, 1) as pages:
            self.assertTrue(pages.left.wait(LIMIT))
        posts = self.tap.posts()
        self.assertEqual(sorted(post.path for post in posts), [f"/v1/{short}" for short in "agipst"])
        self.assertIn(
            ("GET", f"/v1/projects/{KEY}/settings"), [(one.method, one.path) for one in self.tap.exchanges()]
        )
        self.assert_arrived(json.loads(CALLS.read_text("utf-8")), posts)
        self.assert_no_key(KEY)

    def test_batches(self) -> None:
        """Calls in batches arrive once and whole."""
        with self.visit("batches", KEY, 20):
            self.wait_for(120)
        self.assert_arrived(json.loads(CALLS.read_text("utf-8")) * 20, self.tap.posts())
        self.assertEqual({post.path for post in self.tap.posts()}, {"/v1/b"})

    def test_leaving(self) -> None:
        """What is still in the page's queue when it is left arrives."""
        with self.visit("leaving", KEY, 2) as pages:
            self.assertTrue(pages.left.wait(LIMIT))
            self.wait_for(12)
        posts = self.tap.posts()
        self.assertEqual([len(post.calls) for post in posts], [12])
        self.assert_arrived(json.loads(CALLS.read_text("utf-8")) * 2, posts)

    def test_wrong_key(self) -> None:
        """Each call with a wrong key, from a page that has its settings, is refused and not sent again."""
        host = self.tap.url.removeprefix("http://")
        segment = {"apiKey": WRONG_KEY, "apiHost": f"{host}/v1", "protocol": "http"}
        with self.visit("each", WRONG_KEY, 3, {"integrations": {"Segment.io": segment}}) as pages:
            self.assertTrue(pages.left.wait(LIMIT))
        self.assertEqual([post.status for post in self.tap.posts()], [401] * 18)
        self.assertEqual(self.get("/api/stats")["received"], 0)
        self.assert_no_key(KEY, WRONG_KEY)
