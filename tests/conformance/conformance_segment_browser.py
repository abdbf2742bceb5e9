"""Segment's client for browsers: `@segment/analytics-next`."""

import json

from tests.conformance import browser_case
from tests.conformance.browser_case import LIMIT
from tests.conformance.case import CALLS, KEY, WRONG_KEY


class SegmentBrowser(browser_case.BrowserCase):
    """`@segment/analytics-next`."""

    def test_each(self) -> None:
        """Each call is a request of its own, and arrives once and whole."""
        with self.visit("segment/each", KEY, 1) as pages:
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
        with self.visit("segment/batches", KEY, 20):
            self.wait_for(120)
        self.assert_arrived(json.loads(CALLS.read_text("utf-8")) * 20, self.tap.posts())
        self.assertEqual({post.path for post in self.tap.posts()}, {"/v1/b"})

    def test_leaving(self) -> None:
        """What is still in the page's queue when it is left arrives."""
        with self.visit("segment/leaving", KEY, 2) as pages:
            self.assertTrue(pages.left.wait(LIMIT))
            self.wait_for(12)
        posts = self.tap.posts()
        self.assertEqual([len(post.calls) for post in posts], [12])
        self.assert_arrived(json.loads(CALLS.read_text("utf-8")) * 2, posts)

    def test_wrong_key(self) -> None:
        """Each call with a wrong key, from a page that has its settings, is refused and not sent again."""
        host = self.tap.url.removeprefix("http://")
        segment = {"apiKey": WRONG_KEY, "apiHost": f"{host}/v1", "protocol": "http"}
        with self.visit("segment/each", WRONG_KEY, 3, {"integrations": {"Segment.io": segment}}) as pages:
            self.assertTrue(pages.left.wait(LIMIT))
        self.assertEqual([post.status for post in self.tap.posts()], [401] * 18)
        self.assertEqual(self.get("/api/stats")["received"], 0)
        self.assert_no_key(KEY, WRONG_KEY)
