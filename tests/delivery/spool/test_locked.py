"""A spool that another program keeps locked: nobody waits for longer than they said."""

import sqlite3
import tempfile
import threading
import unittest
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from segment_client.testing import Answer, FakeServer
from tests.delivery.support import SECONDS, background, numbers, track

FAR_SOONER = 5.0
"""Seconds; to wait for the lock itself takes twice as long."""

DOWN = Answer(503, {"Retry-After": "300"})


class LockedTest(unittest.TestCase):
    """A client whose spool is locked once it has written to it."""

    def call(self, function: Callable[[], bool]) -> bool:
        """Return what a function returns, soon."""
        results: list[bool] = []
        thread = threading.Thread(target=lambda: results.append(function()))
        thread.start()
        thread.join(FAR_SOONER)
        self.assertFalse(thread.is_alive(), "it waits for the lock")
        return results[0]

    def test_times(self) -> None:
        """Flush and close come back all the same, and the next client delivers what was left."""
        path = Path(self.enterContext(tempfile.TemporaryDirectory())) / "events.db"
        with FakeServer(DOWN) as server:
            client = background(server.url, spool=path)
            track(client, 1)
            self.assertTrue(server.wait_for_requests(1))
            with closing(sqlite3.connect(path, isolation_level=None)) as other:
                other.execute("BEGIN IMMEDIATE")
                self.assertFalse(self.call(lambda: client.flush(0.05)))
                self.assertFalse(self.call(lambda: client.close(0.05)))
            for thread in threading.enumerate():
                if thread.name == "segment-client-aside":
                    thread.join(SECONDS)
            with background(server.url, spool=path) as following:
                self.assertTrue(following.flush(SECONDS))
            self.assertEqual(numbers(server)[1:], [0])


if __name__ == "__main__":
    unittest.main()
