"""No write key is in a spool, no property value stays in it, and no failure path says either."""

import sqlite3
import tempfile
import unittest
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

from segment_client import Failure, SegmentClient
from segment_client.clock import SystemClock
from segment_client.delivery.spool.inspector import Inspector
from segment_client.testing import Answer, FakeServer, ManualClock, Received
from tests.client.secrets import ECHO, KEY, VALUE, SecretsCase
from tests.client.support import ENTITY
from tests.delivery.support import SECONDS

DOWN = Answer(503, {"Retry-After": "300"})


def _same(answer: Answer, _: Received) -> Answer:
    return answer


class SecretsTest(SecretsCase):
    """Two sentinels, looked for in what is said, and in the files."""

    def setUp(self) -> None:
        """Make a folder for spools."""
        super().setUp()
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.path = self.folder / "events.db"
        self.failures: list[Failure] = []

    def client(self, url: str, **options: Any) -> SegmentClient:
        """Return a client with a spool."""
        options = {"spool": self.path, "flush_interval": 0.01, "on_error": self.failures.append, **options}
        return SegmentClient(KEY, ENTITY, "p", url, **options)

    def content(self) -> bytes:
        """Return all bytes of all files."""
        return b"".join(file.read_bytes() for file in self.folder.iterdir())

    def test_files(self) -> None:
        """The key is never in the files; a value is there until its event is delivered, and no longer."""
        with FakeServer(DOWN) as server:
            left = self.client(server.url)
            for _ in range(50):
                self.attempt(left, more="x" * 10_000)
            self.assertTrue(server.wait_for_requests(1))
            self.assertIn(VALUE.encode(), self.content())
            self.assertNotIn(KEY.encode(), self.content())
            left.close(SECONDS)
            self.assertIn(VALUE.encode(), self.content())
            with self.client(server.url) as client:
                self.assertTrue(client.flush(SECONDS))
            self.assertNotIn(VALUE.encode(), self.content())
            self.assertNotIn(KEY.encode(), self.content())
        self.assert_silent()

    def test_answers(self) -> None:
        """Refusals, a refused key and exhausted attempts; what the server said is repeated nowhere either."""
        answers = [Answer(status, body=ECHO) for status in (302, 400, 401, 413, 429, 500)]
        for answer in (*answers, Answer(fault="reset"), Answer(fault="hang")):
            with FakeServer(rule=partial(_same, answer)) as server:
                client = self.client(server.url, max_attempts=1, flush_interval=0, timeout=0.3)
                self.attempt(client)
                self.assertTrue(server.wait_for_requests(1))
                client.close(SECONDS)
        self.assertLessEqual(
            {"rejected", "too_large", "unauthorized", "rate_limited", "unreachable"},
            {failure.reason for failure in self.failures},
        )
        self.said += map(repr, self.failures)
        with Inspector(self.path, SystemClock()) as inspector:
            self.said += map(repr, [*inspector.dead(), *inspector.waiting()])
        self.assert_silent()

    def test_files_fail(self) -> None:
        """A spool that cannot be made, is full, is damaged, or whose events are too old."""
        clock = ManualClock()
        with FakeServer(rule=partial(_same, DOWN)) as server:
            self.attempt(self.client(server.url, spool=self.folder / "missing" / "events.db"))
            for on_full in ("raise", "drop"):
                client = self.client(
                    server.url, spool_max_bytes=65_536, on_full=on_full, clock=clock, spool_max_age=60
                )
                for _ in range(8):
                    self.attempt(client, more="x" * 10_000)
                client.close(SECONDS)
            clock.advance(3_600)
            with self.client(server.url, clock=clock, spool_max_age=60) as client:
                self.assertTrue(client.flush(SECONDS))
            client = self.client(server.url)
            self.attempt(client)
            client.close(SECONDS)
            with closing(sqlite3.connect(self.path)) as connection:
                connection.execute("UPDATE events SET frame = CAST(frame || 'x' AS BLOB)")
                connection.commit()
            client = self.client(server.url)
            self.attempt(client)
            client.close(SECONDS)
            content = bytearray(self.path.read_bytes())
            content[4096 * 2 :: 4096] = b"\xff" * len(content[4096 * 2 :: 4096])
            self.path.write_bytes(content)
            client = self.client(server.url)
            self.attempt(client)
            client.close(SECONDS)
        self.assertTrue(list(self.folder.glob("*.damaged-*")))
        self.assertLessEqual({"queue_full", "expired"}, {failure.reason for failure in self.failures})
        self.said += map(repr, self.failures)
        self.assert_silent()


if __name__ == "__main__":
    unittest.main()
