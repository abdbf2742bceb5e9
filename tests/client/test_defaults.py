"""What the client fills in where a call gives nothing."""

import json
import platform
import time
import unittest
import uuid
from datetime import UTC, datetime, timedelta, timezone

from semantic_events import SemanticEvent

from segment_client import InvalidTypeError, InvalidValueError, SegmentClient, SegmentError
from segment_client.ids import derive_event_gid
from segment_client.testing import RecordingTransport
from segment_client.version import VERSION
from tests.client.support import ENTITY, ROOT, USER, recording_client

NAIVE = datetime(2026, 3, 4)  # noqa: DTZ001  # what must be refused


class DefaultsTest(unittest.TestCase):
    """Identifiers, timestamp, library, os, ip, event names."""

    def test_message_id(self) -> None:
        """Each event gets a new UUID v4 as its message id, in the receipt and on the wire."""
        client, transport = recording_client()
        first, second = (client.track(ROOT, "E", user_id=USER) for _ in range(2))
        self.assertEqual(uuid.UUID(first.message_id).version, 4)
        self.assertNotEqual(first.message_id, second.message_id)
        self.assertEqual(
            [event["messageId"] for event in transport.events], [first.message_id, second.message_id]
        )

    def test_event_gid(self) -> None:
        """The event's gid is the UUID v5 of its message id under the entity, and a resend has the same."""
        client, _ = recording_client(wire="semantic")
        first, again = (client.track(ROOT, "E", user_id=USER, message_id="m-1") for _ in range(2))
        self.assertEqual(first.event_gid, uuid.uuid5(ENTITY, "m-1"))
        self.assertEqual(first.event_gid, again.event_gid)

    def test_event_gid_is_derived_on_the_wire(self) -> None:
        """A derived gid is left out of Segment's format, one of the caller's own is sent."""
        client, transport = recording_client()
        own = uuid.uuid4()
        client.track(ROOT, "E", user_id=USER)
        client.track(ROOT, "E", user_id=USER, event_gid=own)
        derived, given = (event["context"]["cxs"] for event in transport.events)
        self.assertNotIn("event_gid", derived)
        self.assertEqual(given["event_gid"], str(own))

    def test_timestamp_is_now(self) -> None:
        """A call that gives no timestamp gets the clock's, aware and in UTC."""
        client, transport = recording_client(wire="semantic")
        client.track(ROOT, "E", user_id=USER)
        self.assertEqual(
            SemanticEvent(**transport.events[0]).timestamp, datetime(2026, 1, 31, 9, 30, tzinfo=UTC)
        )

    def test_timestamps_given(self) -> None:
        """A timestamp may be an aware datetime or ISO 8601 text with an offset, and keeps its instant."""
        moment = datetime(2026, 3, 4, 5, 6, 7, 890000, timezone(timedelta(hours=2)))
        for given in (
            moment,
            "2026-03-04T05:06:07.890+02:00",
            "2026-03-04T03:06:07.89Z",
            "20260304T030607.890Z",
            "2026-03-04t03:06:07.89z",
        ):
            with self.subTest(given=given):
                client, transport = recording_client(wire="semantic")
                client.track(ROOT, "E", user_id=USER, timestamp=given)
                self.assertEqual(SemanticEvent(**transport.events[0]).timestamp, moment)

    def test_timestamps_refused(self) -> None:
        """Text that is no date and times without an offset are refused with a word on what to pass."""
        client, transport = recording_client()
        for given in ("yesterday", "2026-03-04", "2026-03-04T05:06:07", NAIVE):
            with (
                self.subTest(given=given),
                self.assertRaisesRegex(InvalidValueError, "timestamp .*pass datetime.now"),
            ):
                client.track(ROOT, "E", user_id=USER, timestamp=given)
        with self.assertRaisesRegex(InvalidTypeError, "timestamp is a float"):
            client.track(ROOT, "E", user_id=USER, timestamp=1.5)  # type: ignore[arg-type]  # the case
        self.assertEqual(transport.events, [])

    def test_library_os_and_ip(self) -> None:
        """Library, system and the mark of an ip that was not recorded are filled in, field by field."""
        client, transport = recording_client()
        client.track(ROOT, "E", user_id=USER, context={"os": {"name": "BeOS"}})
        context = transport.events[0]["context"]
        self.assertEqual(context["library"], {"name": "python-segment-client", "version": VERSION})
        self.assertEqual(context["os"], {"name": "BeOS", "version": platform.release()})
        self.assertEqual(context["ip"], "0.0.0.0")  # noqa: S104  # no address is bound

    def test_ip_can_be_left_out(self) -> None:
        """A client with ip=None sends no ip of its own."""
        client, transport = recording_client(ip=None)
        client.track(ROOT, "E", user_id=USER)
        self.assertNotIn("ip", transport.events[0]["context"])

    def test_event_names(self) -> None:
        """Each call but track has a default event name, and a name given goes before it."""
        client, transport = recording_client(wire="semantic")
        client.identify(ROOT, user_id=USER)
        client.page(ROOT, user_id=USER)
        client.screen(ROOT, user_id=USER)
        client.group(ROOT, "g", user_id=USER)
        client.alias(ROOT, "p", user_id=USER)
        client.page(ROOT, user_id=USER, event_name="Page Read")
        names = ["Identify", "Page Viewed", "Screen Viewed", "Group", "Alias", "Page Read"]
        self.assertEqual([event["event"] for event in transport.events], names)

    def test_absent_is_never_sent(self) -> None:
        """None means absent: no null is on the wire, at any depth of what the call gives."""
        for wire in ("segment", "semantic"):
            with self.subTest(wire):
                client, transport = recording_client(wire=wire)
                client.track(
                    ROOT,
                    "E",
                    user_id=USER,
                    anonymous_id=None,
                    properties={"a": None, "b": 1},
                    traits={"email": None, "custom": None},
                    context={"locale": None, "app": {"name": None}, "custom": None},
                    commerce={"order_id": None, "products": [{"sku": None}]},
                )
                self.assertNotIn("null", transport.requests[0].body.decode())

    def test_receipt(self) -> None:
        """A receipt says that the server took the event, with which status and at which attempt."""
        client, _ = recording_client()
        receipt = client.track(ROOT, "E", user_id=USER)
        self.assertEqual((receipt.status, receipt.status_code, receipt.attempts), ("delivered", 200, 1))
        self.assertEqual(receipt.event_gid, derive_event_gid(ENTITY, receipt.message_id))

    def test_callers_dicts_stay(self) -> None:
        """What the caller passes is never changed."""
        client, _ = recording_client()
        properties = {"a": [1, {"b": None}], "url": "https://example.com/", "none": None}
        context = {"app": {"name": "x", "build": None}, "traits": {"firstName": "Zoë"}, "custom": [1]}
        before = json.dumps([properties, context])
        client.page(ROOT, user_id=USER, properties=properties, context=context)
        self.assertEqual(json.dumps([properties, context]), before)


class ConstructionTest(unittest.TestCase):
    """Arguments of the client that cannot be used."""

    def test_unusable_arguments(self) -> None:
        """An empty key or partition, an entity that is no UUID and unknown modes are refused."""
        good = {"write_key": "k", "entity_gid": ENTITY, "partition": "p"}
        for name, value in (
            ("write_key", ""),
            ("write_key", None),
            ("write_key", "k\udcff"),
            ("partition", " "),
            ("partition", "\ud800"),
            ("entity_gid", "acme"),
            ("entity_gid", ENTITY.hex),
            ("entity_gid", None),
            ("wire", "xml"),
            ("delivery", "pigeon"),
            ("endpoint", ""),
            ("ip", "::1"),
            ("ip", 5),
        ):
            with self.subTest(name=name, value=value), self.assertRaisesRegex(ValueError, name):
                SegmentClient(**{**good, name: value})  # type: ignore[arg-type]  # the case

    def test_disabled_client_needs_no_key(self) -> None:
        """A client that is not enabled takes no key, validates and sends nothing."""
        client, transport = recording_client(enabled=False)
        self.assertEqual(client.track(ROOT, "E", user_id=USER).status, "skipped")
        with self.assertRaises(ValueError):
            client.track(ROOT, "E", user_id=USER, context={"ip": 12345})
        self.assertEqual((transport.requests, client.stats().accepted), ([], 0))
        self.assertEqual(
            SegmentClient(None, ENTITY, "p", enabled=False).track(ROOT, "E", user_id=USER).status, "skipped"
        )
        client.close()
        with self.assertRaisesRegex(SegmentError, "the client is closed"):
            client.track(ROOT, "E", user_id=USER)

    def test_doubles_of_the_wrong_kind(self) -> None:
        """What is no transport or clock is refused when the client is made, and so is a class of them."""
        for name, value, told in (
            ("transport", print, "transport is a builtin_function_or_method: pass an object with"),
            ("transport", RecordingTransport, "transport is the class RecordingTransport: pass an object of"),
            ("clock", 0, "clock is a int: pass an object with the methods of"),
            ("clock", time.monotonic, "clock is a builtin_function_or_method: pass an object with"),
        ):
            with self.subTest(name=name), self.assertRaisesRegex(InvalidTypeError, told):
                SegmentClient("k", ENTITY, "p", **{name: value})  # type: ignore[arg-type]  # the case


if __name__ == "__main__":
    unittest.main()
