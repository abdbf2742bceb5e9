"""`segment_client.testing.Collector`: a program's own tests against a real server."""

import threading
import unittest
from uuid import uuid4

import requests

from segment_client import SegmentClient
from segment_client.testing import Collector


class Collecting(unittest.TestCase):
    """Waiting, and what a failure says."""

    def setUp(self) -> None:
        """Start a collector and a client that sends to it."""
        self.collector = self.enterContext(Collector())
        self.client = self.enterContext(SegmentClient("key", uuid4(), "default", self.collector.url))

    def track(self, event: str, **properties: object) -> None:
        """Send an event."""
        self.client.track(uuid4(), event, user_id="ada", properties=properties)

    def test_wait(self) -> None:
        """It waits for what is on its way, and returns the events, oldest first."""
        later = threading.Timer(0.05, self.track, ["Order Completed"], {"total": 5})
        later.start()
        self.addCleanup(later.join)
        self.track("Order Completed", total=4)
        found = self.collector.wait(2, event="Order Completed", user_id="ada", timeout=30)
        self.assertEqual([event["properties"]["total"] for event in found], ["4", "5"])

    def test_wait_fails(self) -> None:
        """What does not come is a failed assertion that says what is there instead."""
        self.track("Order Complete")
        with self.assertRaisesRegex(
            AssertionError, r"0 of 1 .*Order Completed.*Stored are: track Order Complete \(1\)"
        ):
            self.collector.wait(event="Order Completed", timeout=0.05)

    def test_assert_event(self) -> None:
        """An event is found by a part of its fields, its properties as they were sent."""
        self.track("Report Exported", rows=350, done=True, title="A", tags=["x", 1])
        event = self.collector.assert_event(
            "Report Exported", user_id="ada", properties={"rows": 350, "done": True, "tags": ["x", 1]}
        )
        self.assertEqual(event["properties"]["title"], "A")

    def test_assert_event_fails(self) -> None:
        """Where the fields differ, the difference to the nearest event is shown."""
        self.track("Report Exported", rows=1)
        self.track("Report Exported", rows=350)
        with self.assertRaises(AssertionError) as caught:
            self.collector.assert_event("Report Exported", user_id="grace", properties={"rows": 350})
        self.assertIn('-  "user_id": "grace"\n+  "user_id": "ada"', str(caught.exception))
        self.assertNotIn('"rows": "1"', str(caught.exception))

    def test_rejected(self) -> None:
        """A rejected call fails the test with what is wrong and where; without any it passes."""
        self.track("Fine")
        self.collector.assert_no_rejected()
        body = {"type": "track", "event": "Bad", "userId": "ada", "properties": 5}
        requests.post(f"{self.collector.url}/v1/track", json=body, auth=("key", ""), timeout=10)
        with self.assertRaisesRegex(AssertionError, r"1 calls were rejected:\n- properties: .*\n.*\"Bad\""):
            self.collector.assert_no_rejected()
        self.assertEqual([call["raw"]["event"] for call in self.collector.rejected(event="Bad")], ["Bad"])

    def test_warnings(self) -> None:
        """An event that is not as the catalogue has it fails the test with what is wrong and where."""
        self.collector.assert_no_warnings()
        self.track("Article Completed", article_id="a1", title="T", word_count="many", published=True)
        with self.assertRaisesRegex(AssertionError, r"1 events:\n- properties.word_count: .*integer"):
            self.collector.assert_no_warnings()
        self.assertEqual(len(self.collector.warnings(event="Article Completed")), 1)
        self.assertEqual(self.collector.warnings(event="Other"), [])

    def test_lists(self) -> None:
        """All events are listed, or those that a search finds, however many; clearing forgets them."""
        for part in range(2):
            batch = [
                {"type": "track", "event": f"E{part}", "userId": "u", "messageId": f"m{part}-{number}"}
                for number in range(700)
            ]
            requests.post(
                f"{self.collector.url}/v1/batch", json={"batch": batch}, auth=("key", ""), timeout=10
            )
        self.assertEqual(len(self.collector.events()), 1400)
        self.assertEqual(self.collector.events(event="E1")[0]["message_id"], "m1-0")
        self.collector.clear()
        self.assertEqual(self.collector.events(), [])

    def test_mistake(self) -> None:
        """A search that is none says so."""
        with self.assertRaisesRegex(AssertionError, "There is no parameter 'evnt'"):
            self.collector.events(evnt="x")
        with self.assertRaisesRegex(AssertionError, "There is no parameter 'evnt'"):
            self.collector.wait(evnt="x")
