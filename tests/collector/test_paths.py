"""Which path takes what."""

import unittest
from itertools import product

from segment_client.collector.paths import Target, find_target

_SHORT = {"i": "identify", "t": "track", "p": "page", "g": "group", "s": "screen", "a": "alias"}


class FindTarget(unittest.TestCase):
    """`find_target`."""

    def test_call_paths(self) -> None:
        """Every call's path gives its type, in full and short, under each vendor's prefixes."""
        for prefix, (short, call_type) in product(["", "/v1", "/api/s", "/api/s/s2s"], _SHORT.items()):
            for name in (short, call_type):
                with self.subTest(path=f"{prefix}/{name}"):
                    self.assertEqual(find_target(f"{prefix}/{name}"), Target("call", call_type))

    def test_batch_paths(self) -> None:
        """Every vendor's batch path takes a batch."""
        paths = ("/v1/batch", "/v1/b", "/v1/import", "/beacon/v1/batch", "/api/s/s2s/batch", "/batch", "/b")
        for path in paths:
            with self.subTest(path=path):
                self.assertEqual(find_target(path), Target("batch"))

    def test_event_paths(self) -> None:
        """The event path takes events, also with a slash at its end."""
        for path in ("/v1/event", "/event", "/v1/event/"):
            with self.subTest(path=path):
                self.assertEqual(find_target(path), Target("events"))

    def test_no_path(self) -> None:
        """Other paths are no target."""
        for path in (
            "",
            "/",
            "/v1",
            "/v1/",
            "/v2/track",
            "/v1/tracks",
            "/v1/Track",
            "/v1/v1/track",
            "/api/events",
        ):
            with self.subTest(path=path):
                self.assertIsNone(find_target(path))
