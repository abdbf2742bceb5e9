"""What the tests of `segment-client spool` share: spools that real clients wrote."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import TestCase

from segment_client import SegmentClient
from segment_client.testing import Answer, FakeServer
from tests.client.support import ENTITY, KEY, ROOT, USER
from tests.commands import Done, run_command
from tests.delivery.support import SECONDS

__all__ = ["DOWN", "REFUSE", "SECRET", "SpoolCase"]

DOWN = Answer(503, {"Retry-After": "300"})
SECRET = "sentinel-property"
WORDS = b'{"code": "no_event", "message": "Name \\u001b[31m it.\\n\\u202e"}'
REFUSE = Answer(400, body=WORDS)
HELD = """
import sys
from uuid import UUID
from segment_client import SegmentClient
client = SegmentClient("write-key", UUID(int=1), "default", sys.argv[1], spool=sys.argv[2])
for number in range(3):
    client.track(UUID(int=2), "E", user_id="u")
sys.stdin.read()
"""
"""A program that keeps its client open, and events in its spool."""


class SpoolCase(TestCase):
    """A test case with a folder for spools, and a server that answers by its script, then with `usual`."""

    def setUp(self) -> None:
        """Make both."""
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.path = self.folder / "events.db"
        self.usual = Answer()
        self.server = self.enterContext(FakeServer(rule=lambda _: self.usual))

    def client(self, key: str = KEY, **options: Any) -> SegmentClient:
        """Return a client with the spool."""
        options = {"spool": self.path, "flush_interval": 0.01, **options}
        return SegmentClient(key, ENTITY, "default", self.server.url, **options)

    def fill(self, count: int, key: str = KEY, **options: Any) -> None:
        """Let a client end before it has delivered anything."""
        self.server.script(DOWN)
        requests = len(self.server.requests)
        with self.assertLogs("segment_client", "WARNING"), self.client(key, **options) as client:
            for number in range(count):
                client.track(ROOT, "E", user_id=USER, properties={"n": SECRET}, message_id=f"{key}-{number}")
        self.assertEqual(len(self.server.requests), requests + 1)

    def refuse(self, count: int, **options: Any) -> None:
        """Make dead letters."""
        self.fill(count, **options)
        self.usual = REFUSE
        with self.assertLogs("segment_client", "ERROR"):
            self.assertEqual(self.drain().code, 1)
        self.usual = Answer()

    @contextmanager
    def program(self) -> Iterator[FakeServer]:
        """Run a program that waits for its server's answer, with events in the spool, until it is killed."""
        with FakeServer(Answer(fault="hang")) as busy:
            argv = [sys.executable, "-c", HELD, busy.url, str(self.path)]
            with subprocess.Popen(argv, stdin=subprocess.PIPE) as process:
                try:
                    self.assertTrue(busy.wait_for_requests(1, SECONDS))
                    yield busy
                finally:
                    process.kill()

    def spool(self, action: str, *argv: str) -> Done:
        """Run an action on the spool."""
        return run_command("spool", action, str(self.path), *argv)

    def drain(self, *argv: str, key: str = KEY) -> Done:
        """Drain the spool to the server."""
        return self.spool("drain", "--endpoint", self.server.url, "--write-key", key, *argv)

    def status(self, *argv: str) -> dict[str, Any]:
        """Return what status says to machines."""
        done = self.spool("status", "--json", *argv)
        self.assertEqual((done.code, done.error), (0, ""))
        told: dict[str, Any] = json.loads(done.out)
        return told

    def waiting(self) -> int:
        """Return how many events wait."""
        return sum(one["events"] for one in self.status()["waiting"])

    def assert_fails(self, done: Done, code: int, *words: str) -> None:
        """Check that a command failed, and that its last line names the words."""
        self.assertEqual(done.code, code, done)
        last = done.error.splitlines()[-1]
        self.assertTrue(last.startswith("segment-client spool"), done.error)
        for word in words:
            self.assertIn(word, last)
