"""What holds for each client for servers; a module of its own, so that it is not run as a test by itself."""

from __future__ import annotations

import json
import os
import subprocess
from typing import ClassVar
from unittest import SkipTest

from tests.conformance.case import CALLS, KEY, TIMES, WRONG_KEY, ConformanceCase
from tests.conformance.environment import NODE_MODULES, missing_node

__all__ = ["ServerCase"]

_LIMIT = 60


class ServerCase(ConformanceCase):
    """A client's program: `command` runs it, in the environment of the packages from npm with `npm`."""

    command: ClassVar[tuple[str, ...]]
    npm: ClassVar[bool] = False

    @classmethod
    def setUpClass(cls) -> None:
        """Leave the class out where its client cannot be had."""
        missing = missing_node() if cls.npm else None
        if missing:
            raise SkipTest(missing)
        super().setUpClass()

    def run_client(self, key: str) -> str:
        """Make each call by itself, then all in batches; return what the program wrote."""
        command = [*self.command, self.tap.url, key, str(CALLS), str(TIMES)]
        environment = {**os.environ, "NODE_PATH": str(NODE_MODULES)}
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=_LIMIT, check=True
        )
        return done.stdout + done.stderr

    def test_arrival(self) -> None:
        """Each call arrives, once and whole; the key is in no file, answer or output."""
        self.assertEqual(self.run_client(KEY), "")
        posts = self.tap.posts()
        sizes = sorted(len(post.calls) for post in posts)
        self.assertEqual((sizes[:6], sizes[-1]), ([1] * 6, 20))
        self.assert_arrived(json.loads(CALLS.read_text("utf-8")) * (TIMES + 1), posts)
        self.assert_no_key(KEY)

    def test_wrong_key(self) -> None:
        """A wrong key is answered so that the client sends nothing a second time, and it is kept nowhere."""
        self.run_client(WRONG_KEY)
        posts = self.tap.posts()
        self.assertEqual({post.status for post in posts}, {401})
        sent = [call["messageId"] for post in posts for call in post.calls]
        self.assertEqual(len(sent), 6 * (TIMES + 1))
        self.assertEqual(len(set(sent)), len(sent))
        self.assertEqual(self.get("/api/stats")["received"], 0)
        self.assert_no_key(KEY, WRONG_KEY)
