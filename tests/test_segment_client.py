"""The main job, end to end: a typed call, over HTTP, into the collector, and back as the same event."""

import os
import subprocess
import sys
import unittest
import uuid
from typing import Any

import requests
from pydantic import ValidationError
from semantic_events import Events, SemanticEvent

from segment_client import SegmentClient, UnauthorizedError
from segment_client.collector import Collector

KEY = "write-key"
ENTITY = uuid.UUID("5f7e3c1a-8d4b-4f0e-9a57-2b6c1d9e8f30")
SENDER = f"""
from segment_client import SegmentClient
client = SegmentClient({KEY!r}, {str(ENTITY)!r}, "default", {{url!r}}, max_attempts=1)
client.track({str(ENTITY)!r}, "E", user_id="u", message_id="behind-a-proxy")
"""


class MainJobTest(unittest.TestCase):
    """What a user does first."""

    collector: Collector

    @classmethod
    def setUpClass(cls) -> None:
        """Start a collector that knows one write key."""
        cls.collector = Collector(write_key=KEY, entity_gid=ENTITY)
        cls.addClassCleanup(cls.collector.close)

    def client(self, **options: Any) -> SegmentClient:
        """Return a client of the collector, closed after the test."""
        client = SegmentClient(KEY, ENTITY, "default", self.collector.url, **options)
        self.addCleanup(client.close)
        return client

    def stored(self, message_id: str) -> SemanticEvent:
        """Return an event as the collector has it, without the time of its receipt."""
        base = self.collector.url.removesuffix("/v1")
        answer = requests.get(f"{base}/api/events/{message_id}", timeout=10)
        event = SemanticEvent.model_validate(answer.json())
        self.assertIsNotNone(event.received_at)
        event.received_at = None
        return event

    def test_each_call(self) -> None:
        """Each call arrives as it was validated: in both formats, directly and in the background."""
        root = uuid.uuid4()
        sent: list[SemanticEvent] = []

        def note(event: SemanticEvent) -> SemanticEvent:
            sent.append(event.model_copy(deep=True))
            return event

        for wire in ("segment", "semantic"):
            for delivery in ("direct", "background"):
                client = self.client(wire=wire, delivery=delivery, before_send=note)
                client.identify(root, user_id="u", traits={"firstName": "Zoë", "custom": [1, None]})
                client.track(
                    root, "Item Purchased", user_id="u", properties={"price": 19.99}, commerce={"tax": 1.5}
                )
                client.page(root, name="Home", anonymous_id="a", properties={"url": "https://example.com/"})
                client.screen(root, name="Login", user_id="u", context={"os": {"name": "iOS"}})
                client.group(root, "g", user_id="u", traits={"plan": "pro"})
                client.alias(root, "before", user_id="u")
                self.assertTrue(client.flush(10))
        self.assertEqual(len(sent), 24)
        for event in sent:
            with self.subTest(type=event.type):
                self.assertEqual(self.stored(event.message_id), event)

    def test_catalogue(self) -> None:
        """A catalogue event arrives under its name, and a wrong one does not leave the program."""
        events = Events(self.client().bind(root_event_gid=uuid.uuid4(), user_id="u"))
        receipt = events.article_completed(article_id="a1", title="T", word_count=350, published=True)
        event = self.stored(receipt.message_id)
        self.assertEqual(event.event, "Article Completed")
        self.assertEqual(
            event.properties, {"article_id": "a1", "title": "T", "word_count": "350", "published": "True"}
        )
        with self.assertRaises(ValidationError):
            events.article_completed(article_id="a1", title="T", word_count=-1, published=True)

    def test_resend(self) -> None:
        """An event that is sent again is the same event: it is stored once, with the same gid."""
        client, root = self.client(), uuid.uuid4()
        first, again = (client.track(root, "E", user_id="u", message_id="sent-twice") for _ in range(2))
        self.assertEqual(first.event_gid, again.event_gid)
        self.assertEqual(self.stored("sent-twice").event_gid, first.event_gid)

    def test_wrong_key(self) -> None:
        """A wrong write key is an error at the call."""
        client = SegmentClient("another", ENTITY, "default", self.collector.url)
        with client, self.assertRaises(UnauthorizedError):
            client.track(uuid.uuid4(), "E", user_id="u")

    def test_proxies_are_not_for_this_machine(self) -> None:
        """The environment's proxy is not used on the way to this machine itself."""
        nowhere = {"http_proxy": "http://127.0.0.1:9", "HTTP_PROXY": "http://127.0.0.1:9", "no_proxy": ""}
        program = SENDER.format(url=self.collector.url)
        subprocess.run([sys.executable, "-c", program], env={**os.environ, **nowhere}, check=True, timeout=60)
        self.assertEqual(self.stored("behind-a-proxy").user_id, "u")


if __name__ == "__main__":
    unittest.main()
