"""Calls that another client made, sent on as they are."""

import json
import unittest
from typing import Any
from uuid import UUID

from segment_client import DecodeError, InvalidTypeError, InvalidValueError, TooLargeError
from segment_client.testing import FakeServer, ManualClock
from segment_client.wire import Identity, decode
from tests.client.support import ENTITY, recording_client, server_client

CALL: dict[str, Any] = {
    "type": "track",
    "event": "Item Viewed",
    "userId": 7,
    "messageId": "node-next-" + "1" * 70,
    "timestamp": "2026-01-31T09:30:00.123456789Z",
    "properties": {"price": 5, "none": None, "list": [1.0, {"a": []}]},
    "context": {"library": {"name": "theirs"}, "custom": {}},
    "integrations": {"Amplitude": {"session_id": 5}},
    "channel": "server",
}


class PassOnTest(unittest.TestCase):
    """`pass_on`."""

    def test_as_it_is(self) -> None:
        """Every field arrives as it was, and nothing of this client beside it but when it is sent."""
        client, transport = recording_client()
        before = json.dumps(CALL)
        receipt = client.pass_on(CALL)
        (sent,) = transport.events
        self.assertEqual(sent.pop("sentAt"), "2026-01-31T09:30:00.000Z")
        self.assertEqual((sent, json.dumps(CALL)), (CALL, before))
        self.assertEqual((receipt.status, receipt.status_code), ("delivered", 200))

    def test_the_senders_words_are_left_out(self) -> None:
        """The write key that the call was made with, and when it was sent then, do not go on."""
        client, transport = recording_client(delivery="background")
        client.pass_on({**CALL, "writeKey": "theirs", "sentAt": "2020-01-01T00:00:00Z"})
        self.assertTrue(client.close())
        self.assertEqual(transport.events, [CALL])

    def test_missing_ids_and_times(self) -> None:
        """A call without a message id and a timestamp gets them, so that a repeat of it is known."""
        client, transport = recording_client()
        receipt = client.pass_on({**CALL, "messageId": None, "timestamp": None})
        (sent,) = transport.events
        self.assertEqual(sent["messageId"], receipt.message_id)
        self.assertEqual(sent["timestamp"], "2026-01-31T09:30:00+00:00")

    def test_formats(self) -> None:
        """A call goes on in the format of the client, whichever of the two it was made in."""
        clock = ManualClock()
        event = decode({**CALL, "messageId": "m1"}, Identity(UUID(int=7), "theirs"), clock.now())
        semantic = event.model_dump(mode="json", exclude_none=True)
        for wire in ("segment", "semantic"):
            with self.subTest(wire=wire):
                client, transport = recording_client(wire=wire)
                client.pass_on({**semantic, "received_at": "2026-01-31T09:30:00Z"})
                (sent,) = transport.events
                sent.pop("sentAt", None)
                self.assertEqual(decode(sent, Identity(ENTITY, "default"), clock.now()), event)

    def test_a_batch(self) -> None:
        """Calls share requests, where the client has a queue."""
        with FakeServer() as server:
            client, _ = server_client(server, delivery="background", batch_size=3)
            for number in range(3):
                client.pass_on({**CALL, "messageId": f"m{number}"})
            self.assertTrue(client.close())
        self.assertEqual([len(request.events) for request in server.requests], [3])

    def test_refusals(self) -> None:
        """What is no call, is too large or is no JSON is refused, and nothing is sent."""
        client, transport = recording_client(max_event_bytes=1000)
        with self.assertRaises(DecodeError):
            client.pass_on({"type": "track"})
        with self.assertRaises(TooLargeError):
            client.pass_on({**CALL, "properties": {"text": "x" * 1000}})
        for value in (float("inf"), "\ud800", {1, 2}):
            with self.subTest(value=value), self.assertRaises(InvalidValueError):
                client.pass_on({**CALL, "channel": value})
        for listed in ([CALL], 5, None):
            with self.subTest(listed=listed), self.assertRaisesRegex(InvalidTypeError, "as a dict"):
                client.pass_on(listed)  # type: ignore[arg-type]  # the case
        self.assertEqual(transport.events, [])

    def test_no_json_in_either_format(self) -> None:
        """Half a character, endless nesting and a number without end are refused, whatever the format."""
        deep: Any = {}
        for _ in range(100_000):
            deep = {"a": deep}
        for wire in ("segment", "semantic"):
            client, transport = recording_client(wire=wire)
            for wrong in (
                {"messageId": "\ud800"},
                {"properties": {"a": "\ud800"}},
                {"context": deep},
                {"userId": 10**5000},
                {"properties": {"a": 10**5000}},
            ):
                with self.subTest(wire, wrong=[*wrong]), self.assertRaises(InvalidValueError):
                    client.pass_on({**CALL, **wrong})
            self.assertEqual(transport.events, [])


if __name__ == "__main__":
    unittest.main()
