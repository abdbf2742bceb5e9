"""Delivery through a spool: what a call took on is on disk, whatever happens to the process."""

import stat
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from typing import Any

from segment_client import Failure, InvalidValueError, QueueFullError, SegmentClient, SpoolError
from segment_client.testing import Answer, FakeServer, ManualClock, Received
from tests.client.support import ENTITY, KEY, ROOT, USER
from tests.delivery.support import SECONDS, background, numbers, numbers_of, track

KILLED = """
import os, sys
from segment_client import SegmentClient
client = SegmentClient({key!r}, {entity!r}, "default", {url!r}, spool={spool!r}, flush_interval=0.01)
for number in range(300):
    client.track({root!r}, "E", user_id="u", properties={{"n": number}}, message_id=f"m{{number}}")
{end}
"""
DOWN = Answer(503, {"Retry-After": "300"})


class SpoolTest(unittest.TestCase):
    """Crashes, several processes, bounds, refusals."""

    def setUp(self) -> None:
        """Make a folder for the spool."""
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.path = self.folder / "events.db"
        self.down = self.enterContext(FakeServer(rule=lambda _: DOWN)).url

    def spooled(self, url: str, **options: Any) -> SegmentClient:
        """Return a client with the spool."""
        return background(url, **{"spool": self.path, **options})

    def test_receipts_and_counts(self) -> None:
        """A call says "spooled", the counts add up, and a flush leaves nothing on disk."""
        with FakeServer() as server, self.spooled(server.url) as client:
            self.assertEqual(client.track(ROOT, "E", user_id=USER).status, "spooled")
            track(client, 250)
            self.assertTrue(client.flush(SECONDS))
            stats = client.stats()
            self.assertEqual((stats.accepted, stats.delivered, stats.spooled), (251, 251, 0))

    def test_file_mode(self) -> None:
        """The spool's files may be read by their owner only."""
        client = self.spooled(self.down)
        track(client, 1)
        modes = {stat.S_IMODE(file.stat().st_mode) for file in self.folder.iterdir()}
        client.close(SECONDS)
        self.assertEqual(modes, {0o600})

    def test_killed(self) -> None:
        """After SIGKILL, os._exit or a crash the next process delivers what was left, unchanged."""
        for end in ("os.kill(os.getpid(), 9)", "os._exit(1)", "import ctypes; ctypes.string_at(0)"):
            with self.subTest(end=end), FakeServer() as server:
                program = KILLED.format(
                    key=KEY, entity=str(ENTITY), url=server.url, spool=str(self.path), root=str(ROOT), end=end
                )
                ended = subprocess.run(
                    [sys.executable, "-c", program], capture_output=True, check=False, timeout=60
                )
                self.assertNotEqual(ended.returncode, 0)
                before = {event["messageId"]: event for event in server.events}
                with self.spooled(server.url) as client:
                    self.assertTrue(client.flush(SECONDS))
                    self.assertEqual(client.stats().accepted, 0)
                    self.assertGreaterEqual(client.stats().recovered_delivered, 300 - len(before))
                self.assertEqual(sorted(set(numbers(server))), list(range(300)))
                for event in server.events:
                    self.assertEqual(before.get(event["messageId"], event), event)

    def test_next_client(self) -> None:
        """What a client left is delivered by the next one of its destination, and by no other."""
        with FakeServer(DOWN) as server:
            left = self.spooled(server.url)
            track(left, 3)
            self.assertTrue(server.wait_for_requests(1))
            self.assertFalse(left.close(SECONDS))
            self.assertEqual(left.stats().spooled, 3)
            other_key = SegmentClient("other", ENTITY, "default", server.url, spool=self.path)
            self.assertTrue(other_key.flush(SECONDS))
            other_key.close()
            self.assertEqual(len(server.requests), 1)
            following = self.spooled(server.url)
            self.assertTrue(server.wait_for_requests(2))
            self.assertTrue(following.flush(SECONDS))
            following.close()
            self.assertEqual(following.stats().recovered_delivered, 3)

    def test_two_clients(self) -> None:
        """Clients that share a spool send each event once, and each counts what it accepted."""
        with FakeServer() as server, self.spooled(server.url) as one, self.spooled(server.url) as two:
            for first in range(0, 200, 10):
                track(one, 5, first)
                track(two, 5, first + 5)
            self.assertTrue(one.flush(SECONDS))
            self.assertTrue(two.flush(SECONDS))
            self.assertEqual(sorted(numbers(server)), list(range(200)))
            self.assertEqual([client.stats().delivered for client in (one, two)], [100, 100])
            recovered = sum(client.stats().recovered_delivered for client in (one, two))
            self.assertLessEqual(recovered, 200)

    def test_outage(self) -> None:
        """While the server is down nothing is lost or given up; then all arrive in order."""
        clock = ManualClock()
        answers = [Answer(503) for _ in range(20)]
        with FakeServer(*answers) as server:
            client = self.spooled(server.url, clock=clock)
            track(client, 250)
            for attempt in range(20):
                self.assertTrue(server.wait_for_requests(attempt + 1))
                self.assertTrue(clock.wait_for_timer())
                clock.advance(60)
            self.assertTrue(client.flush(SECONDS))
            client.close()
            delivered = [number for request in server.requests[20:] for number in numbers_of(request)]
            self.assertEqual(delivered, list(range(250)))

    def test_rejected(self) -> None:
        """A refused event becomes a dead letter and is told; the others are delivered."""
        failures: list[Failure] = []

        def refuse_41(request: Received) -> Answer:
            return Answer(400) if 41 in numbers_of(request) else Answer()

        with FakeServer(rule=refuse_41) as server:
            client = self.spooled(server.url, on_error=failures.append)
            track(client, 100)
            self.assertTrue(client.flush(SECONDS))
            client.close()
            stats = client.stats()
        self.assertEqual((stats.delivered, stats.rejected, stats.spooled), (99, 1, 0))
        self.assertEqual([event["properties"]["n"] for event in failures[0].events], ["41"])

    def test_exhausted(self) -> None:
        """After the last attempt events stay in the spool, and are tried again later."""
        failures: list[Failure] = []
        clock = ManualClock()
        with FakeServer(Answer(500), Answer(500)) as server:
            client = self.spooled(
                server.url, max_attempts=1, batch_size=1, clock=clock, on_error=failures.append
            )
            track(client, 1)
            for attempt in range(2):
                self.assertTrue(server.wait_for_requests(attempt + 1))
                self.assertTrue(clock.wait_for_timer())
                self.assertEqual(client.stats().spooled, 1)
                clock.advance(60)
            self.assertTrue(client.flush(SECONDS))
            client.close()
        self.assertEqual(
            {(failure.reason, failure.retryable) for failure in failures}, {("unreachable", True)}
        )

    def test_refused_key_after_outage(self) -> None:
        """A key that is refused once the server is back is told once, after what the outage told."""
        failures: list[Failure] = []
        clock = ManualClock()
        answers = [Answer(500), Answer(401), Answer(500), Answer(403)]
        with FakeServer(*answers) as server:
            client = self.spooled(
                server.url, max_attempts=1, batch_size=1, clock=clock, on_error=failures.append
            )
            track(client, 1)
            for attempt in range(len(answers)):
                self.assertTrue(server.wait_for_requests(attempt + 1))
                self.assertTrue(clock.wait_for_timer())
                clock.advance(60)
            self.assertTrue(client.flush(SECONDS))
            client.close()
        self.assertEqual(
            [failure.reason for failure in failures], ["unreachable", "unauthorized", "unreachable"]
        )

    def test_expired(self) -> None:
        """What is older than the spool's age is dropped with that reason, and told."""
        failures: list[Failure] = []
        clock = ManualClock()
        left = self.spooled(self.down, clock=clock)
        track(left, 2)
        left.close(SECONDS)
        clock.advance(3600)
        client = self.spooled(self.down, clock=clock, spool_max_age=1800, on_error=failures.append)
        self.assertTrue(client.flush(SECONDS))
        client.close()
        self.assertEqual(client.stats().recovered_dropped, 2)
        self.assertEqual([(len(failure.events), failure.reason) for failure in failures], [(2, "expired")])

    def test_full(self) -> None:
        """At its bound a spool drops and counts, raises, or blocks and then raises."""
        options = {"spool_max_bytes": 65_536, "block_timeout": 0.01}
        dropping = self.spooled(self.down, **options)
        statuses = [_status(dropping) for _ in range(100)]
        self.assertEqual((statuses[0], statuses[-1]), ("spooled", "dropped"))
        self.assertEqual(dropping.stats().dropped_reasons, {"queue_full": statuses.count("dropped")})
        for on_full in ("raise", "block"):
            client = self.spooled(self.down, on_full=on_full, **options)
            with self.assertRaisesRegex(QueueFullError, "spool_max_bytes"):
                _status(client)
            self.assertEqual(client.stats().accepted, 0)
            client.close(SECONDS)
        dropping.close(SECONDS)

    def test_unusable_files(self) -> None:
        """A path that cannot be used is an error, at the latest at the call."""
        client = background(self.down, spool=self.folder / "missing" / "events.db")
        with self.assertRaisesRegex(SpoolError, "folder"):
            track(client, 1)
        self.assertEqual(client.stats().accepted, 0)
        client.close()
        for path in ("", ":memory:", 5):
            with self.assertRaisesRegex(InvalidValueError, "spool"):
                background(self.down, spool=path)

    def test_disabled(self) -> None:
        """A disabled client leaves the spool alone."""
        client = self.spooled(self.down, enabled=False)
        track(client, 1)
        client.close()
        self.assertEqual(list(self.folder.iterdir()), [])


def _status(client: SegmentClient) -> str:
    return client.track(ROOT, "E", user_id=USER, properties={"text": "x" * 2_000}).status


if __name__ == "__main__":
    unittest.main()
