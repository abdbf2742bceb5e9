"""What a client leaves behind once it is closed, or let go."""

import atexit
import gc
import sys
import tempfile
import threading
import unittest
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from segment_client import SegmentClient
from segment_client.delivery.engine import Engine
from segment_client.delivery.spool.database import Database
from segment_client.testing import FakeServer
from tests.delivery.support import SECONDS, background, numbers, track


class LeaksTest(unittest.TestCase):
    """Threads, descriptors, hooks and memory come back, and no event is lost for that."""

    def test_no_leaks(self) -> None:
        """A hundred clients, opened and closed, leave no thread, descriptor, exit hook or engine."""
        folder = self.enterContext(tempfile.TemporaryDirectory())
        for options in ({"delivery": "direct"}, {}, {"spool": f"{folder}/events.db"}):
            with self.subTest(options):
                _open_and_close(1, options)
                before = _resources()
                _open_and_close(100, options)
                self.assertEqual(_resources(), before)

    def test_let_go(self) -> None:
        """A client that is let go without a close is closed when the next one starts, and loses nothing."""
        before = set(threading.enumerate())
        with FakeServer() as server:
            track(background(server.url, flush_interval=60), 3)
            gc.collect()
            with background(server.url) as client:
                track(client, 1, 3)
                self.assertTrue(server.wait_for_requests(2))
            self.assertEqual(sorted(numbers(server)), [0, 1, 2, 3])
        self.assertEqual(_still_alive(before), [])

    def test_closed_by_callback(self) -> None:
        """A client that its own callback closes leaves no thread."""
        before = set(threading.enumerate())
        with FakeServer() as server:
            client: SegmentClient = background(server.url, on_delivered=lambda _: client.close(SECONDS))
            track(client, 1)
            self.assertTrue(client.flush(SECONDS))
        self.assertEqual(_still_alive(before), [])


def _open_and_close(count: int, options: Mapping[str, Any]) -> None:
    with FakeServer() as server:
        for _ in range(count):
            with background(server.url, **options) as client:
                track(client, 1)
        assert numbers(server) == [0] * count


def _still_alive(before: set[threading.Thread]) -> list[threading.Thread]:
    """Return the threads that were not there before and do not end."""
    later = set(threading.enumerate()) - before
    for thread in later:
        thread.join(SECONDS / 4)
    return [thread for thread in later if thread.is_alive()]


def _resources() -> dict[str, int]:
    gc.collect()
    return {
        "threads": threading.active_count(),
        "descriptors": len(list(Path("/proc/self/fd").iterdir())) if sys.platform == "linux" else 0,
        "hooks": atexit._ncallbacks(),  # noqa: SLF001  # there is no public count
        "engines": sum(isinstance(thing, Engine | Database) for thing in gc.get_objects()),
    }


if __name__ == "__main__":
    unittest.main()
