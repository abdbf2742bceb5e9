"""Passing accepted events on to another server."""

import sqlite3
import unittest
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import requests

from segment_client.collector import Collector
from segment_client.testing import Answer, FakeServer
from tests.collector.support import track

KEY = "there-key-0123456789"
EVENT = {
    "type": "page", "event": "Page Viewed", "user_id": "u", "message_id": "m9", "partition": "p",
    "entity_gid": "0b3f8f4e-6a58-4b0e-9c1e-1f3d2a7c5e90", "timestamp": "2026-01-31T09:30:00Z",
    "event_gid": "0b3f8f4e-6a58-4b0e-9c1e-1f3d2a7c5e91", "root_event_gid": "0b3f8f4e-6a58-4b0e-9c1e-1f3d2a7c5e92",
}  # fmt: skip


def post(collector: Collector, path: str, body: object) -> requests.Response:
    """Post as a client with a key of its own does."""
    return requests.post(f"{collector.url}{path}", json=body, headers={"X-Write-Key": "here"}, timeout=10)


def without(value: dict[str, Any], *names: str) -> dict[str, Any]:
    """Return an object without some of its keys."""
    return {name: item for name, item in value.items() if name not in names}


class ForwardTest(unittest.TestCase):
    """`Collector(forward=...)`."""

    def setUp(self) -> None:
        """Make a folder for the files."""
        self.db = Path(self.enterContext(TemporaryDirectory()), "events.sqlite")

    def collector(self, url: str) -> Collector:
        """Return a collector that passes on to a server; it is to be closed."""
        return Collector(self.db, forward=url, forward_key=KEY)

    def test_calls_go_on_as_they_came(self) -> None:
        """What is accepted arrives with the other server's key and all it came with; what is rejected does not."""
        odd = track("m1", properties={"n": 350, "none": None, "list": [1]}, channel="server", sentAt=None)
        batch = {"batch": [odd, track("m2", userId=None), track("m3", properties=5)], "writeKey": "here"}
        with Collector(write_key=KEY) as there, self.collector(there.url) as here:
            self.assertEqual(post(here, "/v1/batch", batch).status_code, 200)
            self.assertEqual(post(here, "/v1/event", EVENT).status_code, 200)
            here.close()
            calls = requests.get(f"{there.url}/api/calls", timeout=10).json()["calls"]
            kept = {
                row["message_id"]: requests.get(f"{there.url}/api/calls/{row['seq']}", timeout=10).json()
                for row in calls
            }
        self.assertEqual(set(kept), {"m1", "m9"})
        self.assertEqual(kept["m1"]["raw"], without(odd, "sentAt"))
        event = without(kept["m9"]["event"], "received_at")
        self.assertEqual({name: event[name] for name in EVENT}, EVENT)

    def test_ids_and_times_are_those_stored(self) -> None:
        """A call without a message id and a time goes on with those that it was stored with."""
        with FakeServer() as there, self.collector(there.url) as here:
            post(here, "/v1/track", without(track("m"), "messageId", "timestamp"))
            (event,) = requests.get(f"{here.url}/api/events", timeout=10).json()["events"]
            self.assertTrue(there.wait_for_requests(1))
            (call,) = there.events
        self.assertEqual((call["messageId"], call["timestamp"]), (event["message_id"], event["timestamp"]))

    def test_nothing_is_lost_while_the_server_is_away(self) -> None:
        """Events are taken while the other server is away, and the next collector on the same file sends them."""
        with FakeServer() as gone:
            url = gone.url
        with FakeServer(rule=lambda _: Answer(503)) as away, self.collector(away.url) as here:
            for number in range(3):
                self.assertEqual(post(here, "/v1/track", track(f"m{number}")).status_code, 200)
            self.assertTrue(away.wait_for_requests(1))
            port = int(away.url.split(":")[2].split("/")[0])
        self.assertNotEqual(url, "")
        with sqlite3.connect(f"{self.db}.forward") as spool:
            self.assertGreater(spool.execute("SELECT count(*) FROM sqlite_master").fetchone()[0], 0)
        self.assertGreater(port, 0)
