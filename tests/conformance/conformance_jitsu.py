"""Jitsu's client, `@jitsu/js`, on a server and in a browser."""

import json
import os
import subprocess
from typing import Any
from unittest import SkipTest

from tests.conformance import browser_case, case
from tests.conformance.browser_case import LIMIT
from tests.conformance.case import CALLS
from tests.conformance.environment import HERE, NODE_MODULES, missing_node

TIMES = 4
KEY = "conformance-key:0123456789"
WRONG_KEY = "wrong-key:0123456789"
TYPES = ("identify", "track", "page", "group")


def asked() -> list[dict[str, Any]]:
    """Return what the client sends of the calls: it knows no screens and no alias, has its own times and no
    integrations, sends no category, says its own screen, and a page's name among its properties.
    """
    calls = [call for call in json.loads(CALLS.read_text("utf-8")) if call["type"] in TYPES]
    for call in calls:
        for name in ("timestamp", "integrations", "category"):
            call.pop(name, None)
        if "name" in call:
            call["properties"]["name"] = call.pop("name")
    return calls


class JitsuNode(case.ConformanceCase):
    """`@jitsu/js` on a server."""

    key = KEY

    @classmethod
    def setUpClass(cls) -> None:
        """Leave the class out where there is no node."""
        if missing := missing_node():
            raise SkipTest(missing)
        super().setUpClass()

    def run_client(self, key: str) -> str:
        """Make all calls, and return what the program wrote."""
        command = ["node", str(HERE / "clients" / "jitsu_node.js"), self.tap.url, key, str(CALLS), str(TIMES)]
        environment = {**os.environ, "NODE_PATH": str(NODE_MODULES)}
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=LIMIT, check=True
        )
        return done.stdout + done.stderr

    def test_arrival(self) -> None:
        """Each call arrives, once and whole; the key is in no file, answer or output."""
        self.assertEqual(self.run_client(KEY), "")
        posts = self.tap.posts()
        self.assertEqual({post.path for post in posts}, {f"/api/s/s2s/{name}" for name in TYPES})
        self.assert_arrived(asked() * (TIMES + 1), posts)
        self.assert_no_key(KEY)

    def test_wrong_key(self) -> None:
        """Each call with a wrong key is refused and not sent again."""
        self.assertIn("401", self.run_client(WRONG_KEY))
        self.assertEqual([post.status for post in self.tap.posts()], [401] * len(TYPES) * (TIMES + 1))
        self.assertEqual(self.get("/api/stats")["received"], 0)
        self.assert_no_key(KEY, WRONG_KEY)


class JitsuBrowser(browser_case.BrowserCase):
    """`@jitsu/js` in a browser."""

    key = KEY

    def test_arrival(self) -> None:
        """Each call arrives, once and whole."""
        with self.visit("jitsu/each", KEY, TIMES) as pages:
            self.assertTrue(pages.left.wait(LIMIT))
        posts = self.tap.posts()
        self.assertEqual({post.path for post in posts}, {f"/api/s/{name}" for name in TYPES})
        self.assert_arrived(asked() * TIMES, posts)
        self.assert_no_key(KEY)

    def test_wrong_key(self) -> None:
        """Each call with a wrong key is refused and not sent again."""
        with self.visit("jitsu/each", WRONG_KEY, TIMES) as pages:
            self.assertTrue(pages.left.wait(LIMIT))
        self.assertEqual([post.status for post in self.tap.posts()], [401] * len(TYPES) * TIMES)
        self.assertEqual(self.get("/api/stats")["received"], 0)
        self.assert_no_key(KEY, WRONG_KEY)
