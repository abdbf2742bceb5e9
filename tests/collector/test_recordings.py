"""What real clients of other vendors sent, sent again."""

import gzip
import json
from http.client import HTTPConnection
from typing import Any

from segment_client import recordings
from segment_client.recordings import Call, Recording
from tests.collector.support import CollectorCase

_TYPES = {"identify": 1, "track": 1, "page": 1, "group": 1, "alias": 1, "screen": 1}


def _sent_calls(recording: Recording) -> list[dict[str, Any]]:
    """Return the tracking calls that a recording holds, whatever they were sent in."""
    bodies = [call.body for call in recording.calls if call.body]
    plain = [gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body for body in bodies]
    return [call for body in plain for call in json.loads(body).get("batch", [json.loads(body)])]


class Replay(CollectorCase):
    """Each recording, replayed with its own headers and bytes."""

    options = {}  # noqa: RUF012 - CollectorCase declares it

    def replay(self, call: Call) -> int:
        """Send one request as it was, and return the status."""
        connection = HTTPConnection(self.collector.url.removeprefix("http://"), timeout=10)
        self.addCleanup(connection.close)
        connection.putrequest(call.method, call.path, skip_host=True, skip_accept_encoding=True)
        for name, value in call.headers:
            connection.putheader(name, value)
        connection.endheaders(call.body)
        return connection.getresponse().status

    def test_every_call_is_stored(self) -> None:
        """Every call that a client made is stored, one of each type, and none is rejected."""
        for recording in recordings.load():
            with self.subTest(recording.name):
                self.request("DELETE", "/api/events")
                statuses = [(call.method, self.replay(call)) for call in recording.calls]
                expected = [
                    (call.method, 204 if call.method == "OPTIONS" else 200) for call in recording.calls
                ]
                self.assertEqual(statuses, expected)
                stats = self.get("/api/stats")
                self.assertEqual((stats["by_type"], stats["rejected"], stats["duplicates"]), (_TYPES, 0, 0))

    def test_events_hold_what_was_sent(self) -> None:
        """A stored event holds the ids, the time's call and the names that the client gave."""
        for recording in recordings.load():
            with self.subTest(recording.name):
                for call in recording.calls:
                    self.replay(call)
                for sent in _sent_calls(recording):
                    event = self.get(f"/api/events/{sent['messageId']}")
                    self.assertEqual(event["type"], sent["type"])
                    self.assertEqual(event.get("user_id"), sent.get("userId"))
                    self.assertEqual(event.get("anonymous_id"), sent.get("anonymousId"))
                    self.assertEqual(event["library"], sent["context"]["library"])
                    self.assertEqual(event["event"], sent.get("event", event["event"]))

    def test_bodies_are_the_bytes_sent(self) -> None:
        """A recording's bodies have the length that the client announced."""
        announced = [
            (int(value), len(call.body))
            for recording in recordings.load()
            for call in recording.calls
            for name, value in call.headers
            if name.lower() == "content-length"
        ]
        self.assertEqual(len(announced), 9)
        for length, found in announced:
            self.assertEqual(length, found)

    def test_twice(self) -> None:
        """A recording that is sent twice is stored once, and the repeats are counted."""
        recording = recordings.load()[0]
        for call in recording.calls * 2:
            self.replay(call)
        stats = self.get("/api/stats")
        self.assertEqual((stats["stored"], stats["duplicates"]), (6, 6))
