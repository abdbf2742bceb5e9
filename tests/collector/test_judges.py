"""A collector with more processes, which judge what takes long."""

import multiprocessing
import os
import pickle
import select
import signal
import unittest
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar
from uuid import UUID

import requests

from segment_client.collector import Collector
from segment_client.collector.examine import Accepted, examine
from segment_client.wire import Identity
from tests.collector.support import CollectorCase, track
from tests.commands import start_command

LOGGER = "segment_client.collector"
KEY = {"X-Write-Key": "key"}
MOST = 1000
LARGE = {"text": "x" * 10_000}
"""Properties that make a body large enough for another process."""


class JudgesTest(CollectorCase):
    """What is judged elsewhere."""

    options: ClassVar[dict[str, Any]] = {"processes": 1, "write_key": "key"}

    def batch(self, key: str = "key") -> Any:
        """Post a batch of a good call, a bad one, and one that the catalogue warns of."""
        calls = [
            track("m1", properties=LARGE),
            {"type": "track", "messageId": "m2", "userId": "ada"},
            track("m3", event="Article Completed", properties={"title": 5}),
        ]
        return self.request("POST", "/v1/batch", json={"batch": calls}, headers={"X-Write-Key": key})

    def judges(self) -> list[int]:
        """Return the numbers of the processes that judge."""
        return [child.pid for child in multiprocessing.active_children() if child.pid is not None]

    def test_judged(self) -> None:
        """Good calls, bad ones and warnings are kept as from one process."""
        self.assertEqual(self.batch().status_code, 200)
        stats = self.get("/api/stats")
        self.assertEqual((stats["stored"], stats["rejected"], stats["warned"]), (2, 1, 1))

    def test_passed(self) -> None:
        """What passes from one process to another is the same, and its model too."""
        call = examine(track("m1"), Identity(UUID(int=1), "main"), datetime(2026, 1, 31, tzinfo=UTC))
        passed = pickle.loads(pickle.dumps(call))  # noqa: S301  # its own
        self.assertIsInstance(call, Accepted)
        self.assertEqual((passed, passed.made), (call, None))
        assert isinstance(call, Accepted)
        self.assertEqual(passed.model, call.made)

    def test_refused(self) -> None:
        """A wrong key and a body that is no JSON are answered as by one process."""
        self.assert_problem(self.batch("other-key"), 401, "unauthorized")
        broken = self.request("POST", "/v1/batch", data=b"{" + b" " * 10_000, headers=KEY)
        self.assert_problem(broken, 400, "invalid_json")
        self.assertEqual(self.get("/api/stats")["stored"], 0)

    def test_ended(self) -> None:
        """Where such a process was killed no call is lost: the collector judges them itself, and says so."""
        others = set(self.judges())
        with (
            self.assertLogs(LOGGER, "ERROR") as logs,
            Collector(processes=2) as collector,
        ):
            own = set(self.judges()) - others
            self.assertEqual(len(own), 2)
            os.kill(own.pop(), signal.SIGKILL)
            sent = 0
            while not logs.output and sent < MOST:  # it may take a moment until the end is noticed
                sent += 1
                call = track(f"m{sent}", properties=LARGE)
                answer = requests.post(f"{collector.url}/v1/track", json=call, headers=KEY, timeout=10)
                self.assert_success(answer)
            stored = requests.get(f"{collector.url}/api/stats", timeout=10).json()["stored"]
        self.assertEqual((len(logs.output), stored), (1, sent))
        self.assertEqual(set(self.judges()), others, "some are left")

    @unittest.skipUnless(hasattr(os, "pidfd_open") and Path("/proc/self/task").exists(), "needs Linux")
    def test_killed(self) -> None:
        """They end when the collector is killed."""
        with TemporaryDirectory() as folder:
            words = ["segment-client", "collect", "--port", "0", "--processes", "1"]
            with start_command(words, Path(folder)) as process:
                assert process.stdout is not None
                self.assertIn("Listening", process.stdout.readline())
                children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text("ascii").split()
                ends = [os.pidfd_open(int(child)) for child in children]
                self.assertTrue(ends)
                process.kill()
            for end in ends:
                self.assertEqual(select.select([end], [], [], 20)[0], [end])
                os.close(end)


if __name__ == "__main__":
    unittest.main()
