"""Answers that come when the client is closed already."""

import os
import tempfile
import threading
import unittest
from pathlib import Path

from segment_client import SegmentClient, Stats
from segment_client.testing import Answer, FakeServer, Received
from tests.delivery.support import SECONDS, background, numbers, track

COUNT = 3


class LateTest(unittest.TestCase):
    """A request that outlasts close: its events are noted as delivered, or are found again."""

    def setUp(self) -> None:
        """Make a folder, and a server whose first answer waits to be let go."""
        self.path = Path(self.enterContext(tempfile.TemporaryDirectory())) / "events.db"
        self.may_answer = threading.Event()
        self.answer = Answer()
        self.server = self.enterContext(FakeServer(rule=self.late))
        self.addCleanup(self.may_answer.set)

    def late(self, _: Received) -> Answer:
        """Answer when it is time, the first request as the test says."""
        self.may_answer.wait(SECONDS)
        answer, self.answer = self.answer, Answer()
        return answer

    def closed(self) -> SegmentClient:
        """Return a client that was closed while its request was under way, and now has its answer."""
        client = background(self.server.url, spool=self.path, batch_size=COUNT, flush_interval=60)
        track(client, COUNT)
        self.assertTrue(self.server.wait_for_requests(1))
        (worker,) = (thread for thread in threading.enumerate() if thread.name == "segment-client")
        with self.assertLogs("segment_client", "WARNING"):
            self.assertFalse(client.close(0))
        self.assertEqual(client.stats(), Stats(accepted=COUNT, spooled=COUNT))
        self.may_answer.set()
        worker.join(SECONDS)
        return client

    def open_files(self) -> list[str]:
        """Return which files of the spool this process has open, where the system tells."""
        descriptors = Path("/proc/self/fd")
        links = [os.readlink(one) for one in descriptors.iterdir() if one.is_symlink()]  # noqa: PTH115  # of a pipe it is no path
        return [link for link in links if link.startswith(str(self.path))]

    def test_delivered(self) -> None:
        """A late 200 is noted: nothing is sent again, the counts are right, and the file is closed."""
        client = self.closed()
        self.assertEqual(client.stats(), Stats(accepted=COUNT, delivered=COUNT))
        self.assertEqual(self.open_files(), [])
        with background(self.server.url, spool=self.path) as following:
            self.assertTrue(following.flush(SECONDS))
        self.assertEqual(following.stats(), Stats())
        self.assertEqual(len(numbers(self.server)), COUNT)

    def test_failed(self) -> None:
        """After a late failure the events are free at once, and the next client delivers them."""
        self.answer = Answer(503)
        client = self.closed()
        self.assertEqual(client.stats(), Stats(accepted=COUNT, spooled=COUNT))
        self.assertEqual(self.open_files(), [])
        with background(self.server.url, spool=self.path) as following:
            self.assertTrue(following.flush(SECONDS))
        self.assertEqual(following.stats(), Stats(recovered_delivered=COUNT))
        self.assertEqual(len(numbers(self.server)), 2 * COUNT)


if __name__ == "__main__":
    unittest.main()
