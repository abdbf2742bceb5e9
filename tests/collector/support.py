"""What the tests of the collector share: a running collector for each test case, and sample calls."""

from __future__ import annotations

import gzip
import json
from typing import Any, ClassVar
from unittest import TestCase

import requests

from segment_client.collector import Collector

WRITE_KEY = "secret-key-1"
BASIC = ("Authorization", "Basic c2VjcmV0LWtleS0xOg==")


def track(message_id: str, **fields: object) -> dict[str, Any]:
    """Return a valid track call in Segment's format."""
    call = {"type": "track", "event": "Item Viewed", "userId": "u1", "messageId": message_id}
    return {**call, "timestamp": "2026-01-31T09:30:00Z", "properties": {"price": 5}, **fields}


def gzipped(value: object) -> bytes:
    """Return the gzip of a value's JSON."""
    return gzip.compress(json.dumps(value).encode())


class CollectorCase(TestCase):
    """A test case with one collector that takes WRITE_KEY only; it is emptied before each test."""

    options: ClassVar[dict[str, Any]] = {"write_key": WRITE_KEY}
    collector: ClassVar[Collector]
    session: ClassVar[requests.Session]

    @classmethod
    def setUpClass(cls) -> None:
        """Start the collector."""
        cls.collector = Collector(**cls.options)
        cls.addClassCleanup(cls.collector.close)
        cls.session = requests.Session()
        cls.addClassCleanup(cls.session.close)

    def setUp(self) -> None:
        """Empty the collector."""
        self.request("DELETE", "/api/events")

    def request(self, method: str, path: str, **options: Any) -> requests.Response:
        """Make a request, without a write key of its own."""
        return self.session.request(method, self.collector.url + path, timeout=10, **options)

    def post(self, path: str, body: object, **headers: str) -> requests.Response:
        """Post bytes as they are and anything else as JSON, with the write key."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.request("POST", path, data=data, headers=dict([BASIC], **headers))

    def get(self, path: str) -> Any:
        """Return what the API answers with 200."""
        answer = self.request("GET", path)
        self.assertEqual(answer.status_code, 200, answer.text)
        return answer.json()

    def message_ids(self) -> list[str]:
        """Return the ids of the stored events, oldest first."""
        return [event["message_id"] for event in reversed(self.get("/api/events?limit=1000")["events"])]

    def assert_success(self, answer: requests.Response) -> None:
        """Check that a request was accepted in the one way that all vendors' clients take for success."""
        self.assertEqual((answer.status_code, answer.text), (200, '{"success":true}'))

    def assert_problem(self, answer: requests.Response, status: int, code: str) -> dict[str, Any]:
        """Check an error answer's form and return it."""
        body: dict[str, Any] = answer.json()
        self.assertEqual((answer.status_code, body["code"]), (status, code), body)
        self.assertIsInstance(body["message"], str)
        return body
