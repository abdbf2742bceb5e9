"""What a call refuses: bad data raises before anything is sent."""

import unittest
from collections.abc import Callable
from ipaddress import IPv6Address
from math import inf, nan
from typing import Any

from pydantic import ValidationError
from semantic_events import SemanticEvent

from segment_client import InvalidTypeError, InvalidValueError, SegmentClient, SegmentError
from segment_client.testing import Answer, FakeServer
from tests.client.support import ENTITY, KEY, ROOT, USER, recording_client, server_client


class ChecksTest(unittest.TestCase):
    """A refused call raises, and neither the transport nor the counts see it."""

    def setUp(self) -> None:
        """Make a client whose transport records."""
        self.client, self.transport = recording_client()
        self.addCleanup(self.assertNothingWasSent)

    def assertNothingWasSent(self) -> None:  # noqa: N802  # named like its siblings in unittest
        """Look at the transport and the counts."""
        self.assertEqual((self.transport.requests, self.client.stats().accepted), ([], 0))

    def track(self, **fields: Any) -> None:
        """Make a call that is right but for what a test changes."""
        self.client.track(ROOT, "Order Completed", **{"user_id": USER, **fields})

    def calls(self) -> list[Callable[..., object]]:
        """Return each call with its first arguments given."""
        client = self.client
        return [
            lambda **fields: client.identify(ROOT, **fields),
            lambda **fields: client.track(ROOT, "E", **fields),
            lambda **fields: client.page(ROOT, **fields),
            lambda **fields: client.screen(ROOT, **fields),
            lambda **fields: client.group(ROOT, "g", **fields),
            lambda **fields: client.alias(ROOT, "before", **fields),
        ]

    def test_identity(self) -> None:
        """Each call needs a user_id or an anonymous_id, and an empty one is none."""
        for call in self.calls():
            for fields in ({}, {"user_id": ""}, {"user_id": None, "anonymous_id": ""}):
                with (
                    self.subTest(fields=fields),
                    self.assertRaisesRegex(InvalidValueError, "user_id and anonymous_id"),
                ):
                    call(**fields)

    def test_event_name(self) -> None:
        """A track needs an event name that is text and not blank."""
        with self.assertRaisesRegex(TypeError, "event_name"):
            self.client.track(ROOT, user_id=USER)  # type: ignore[call-arg]  # the case
        for name, error in (("", ValueError), (" ", ValueError), (None, TypeError), (7, TypeError)):
            with self.subTest(name=name), self.assertRaisesRegex(error, "event_name") as caught:
                self.client.track(ROOT, name, user_id=USER)  # type: ignore[arg-type]  # the case
            self.assertIsInstance(caught.exception, SegmentError)

    def test_other_id(self) -> None:
        """A group call needs the group's id and an alias the earlier one, given or bound; empty is none."""
        unbound = self.client.bind(root_event_gid=ROOT, user_id=USER)
        for missing in (None, ""):
            with self.subTest(missing=missing), self.assertRaisesRegex(InvalidTypeError, "group_id is miss"):
                unbound.group(group_id=missing)
            with self.subTest(missing=missing), self.assertRaisesRegex(InvalidTypeError, "previous_id is m"):
                unbound.alias(previous_id=missing)
        client, transport = recording_client()
        bound = client.bind(
            root_event_gid=ROOT, user_id=USER, previous_id="before", context={"groupId": "acme"}
        )
        bound.group()
        bound.alias()
        group, alias = transport.events
        self.assertEqual((group["groupId"], alias["previousId"]), ("acme", "before"))

    def test_after_before_send(self) -> None:
        """What before_send makes an event of nobody is refused; what only a server sets is not sent."""

        def hide(event: SemanticEvent) -> SemanticEvent:
            event.user_id = None
            return event

        def receive(event: SemanticEvent) -> SemanticEvent:
            event.write_key, event.received_at = "sentinel-key", event.timestamp
            return event

        for wire in ("segment", "semantic"):
            client, transport = recording_client(before_send=hide, wire=wire)
            with self.subTest(wire), self.assertRaisesRegex(InvalidValueError, "user_id and anonymous_id"):
                client.track(ROOT, "E", user_id=USER)
            client.track(ROOT, "E", user_id=USER, anonymous_id="a")
            client, received = recording_client(before_send=receive, wire=wire)
            client.track(ROOT, "E", user_id=USER)
            for event in (*transport.events, *received.events):
                self.assertFalse({"write_key", "received_at", "receivedAt"} & event.keys())

    def test_integrations(self) -> None:
        """An integration that is no bool is refused by its key."""
        for value in (1, "true", None, {"x": True}):
            with self.subTest(value=value), self.assertRaisesRegex(InvalidTypeError, "Mixpanel"):
                self.track(integrations={"All": True, "Mixpanel": value})
        with self.assertRaisesRegex(InvalidTypeError, "integrations is a list"):
            self.track(integrations=["Mixpanel"])

    def test_root_missing(self) -> None:
        """A call without root_event_gid is a TypeError."""
        with self.assertRaisesRegex(TypeError, "root_event_gid"):
            self.client.track(event_name="E", user_id=USER)  # type: ignore[call-arg]  # the case
        with self.assertRaisesRegex(InvalidTypeError, "root_event_gid is missing"):
            self.client.track(None, "E", user_id=USER)  # type: ignore[arg-type]  # the case

    def test_root_is_no_uuid(self) -> None:
        """A root_event_gid that is neither a UUID nor its hyphenated text is refused."""
        for root in ("root-1", ROOT.hex, 7, ROOT.bytes):
            with self.subTest(root=root), self.assertRaisesRegex(ValidationError, "root_event_gid"):
                self.client.track(root, "E", user_id=USER)  # type: ignore[arg-type]  # the case

    def test_types(self) -> None:
        """Values of another type, or out of their column's range, are no events: nothing is coerced."""
        wrong: list[tuple[str, dict[str, Any]]] = [
            ("context.ip", {"context": {"ip": 12345}}),
            ("context.ip", {"context": {"ip": "12345"}}),
            ("traits.age", {"traits": {"age": "old"}}),
            ("traits.age", {"traits": {"age": "42"}}),
            ("traits.age", {"traits": {"age": 200}}),
            ("traits.address.floor", {"traits": {"address": {"floor": 3}}}),
            ("traits.birthday", {"traits": {"birthday": 20260131}}),
            ("importance", {"importance": True}),
            ("importance", {"importance": 128}),
            ("ttl_days", {"ttl_days": "30"}),
            ("ttl_days", {"ttl_days": float("nan")}),
            ("user_id", {"user_id": 42}),
            ("anonymous_id", {"anonymous_id": 42}),
            ("message_id", {"message_id": "a b"}),
            ("message_id", {"message_id": "m" * 65}),
            ("message_id", {"message_id": "\ud800"}),
            ("context.ipv6", {"context": {"ipv6": IPv6Address("fe80::1%eth0")}}),
            ("session_gid", {"session_gid": "20260131"}),
            ("flags.beta", {"flags": {"beta": 1}}),
            ("metrics.total", {"metrics": {"total": "9.5"}}),
            ("dimensions.size", {"dimensions": {"size": 5}}),
            ("classification.0.type", {"classification": [{"type": "Mood", "value": "x"}]}),
            ("classification.0.value", {"classification": [{"type": "Tag"}]}),
            ("commerce.products.0.position", {"commerce": {"products": [{"position": -1}]}}),
            ("commerce.business_day", {"commerce": {"business_day": "31.01.2026"}}),
            ("local_time", {"local_time": "2026-01-31T09:30:00"}),
            ("context.location", {"context": {"location": [4.9]}}),
            ("network.wifi", {"context": {"network": {"wifi": "yes"}}}),
        ]
        for where, fields in wrong:
            with self.subTest(fields=fields), self.assertRaises(ValidationError) as caught:
                self.track(**fields)
            places = {".".join(map(str, error["loc"])) for error in caught.exception.errors()}
            self.assertEqual(places, {where})

    def test_unknown_keys(self) -> None:
        """A key that a closed object does not have is refused, in a keyword and in the context."""
        for fields in (
            {"commerce": {"order": "1"}},
            {"app": {"colour": "red"}},
            {"context": {"app": {"colour": "red"}}},
            {"involves": [{"who": "me"}]},
        ):
            with (
                self.subTest(fields=fields),
                self.assertRaisesRegex(ValidationError, "Extra inputs are not permitted"),
            ):
                self.track(**fields)

    def test_two_spellings(self) -> None:
        """Two spellings with different values are refused; with the same value they are one field."""
        for where, fields in (
            ("context.group_id", {"context": {"groupId": "a", "group_id": "b"}}),
            ("traits.first_name", {"traits": {"firstName": "Ada", "first_name": "Eva"}}),
            ("device.advertising_id", {"device": {"advertisingId": "a", "advertising_id": "b"}}),
            ("campaign.campaign", {"context": {"campaign": {"name": "a", "campaign": "b"}}}),
            ("user_agent.signature", {"context": {"userAgent": "a", "user_agent": {"signature": "b"}}}),
            ("context.release", {"context": {"release": "a", "extras": {"release": "b"}}}),
        ):
            with self.subTest(where), self.assertRaisesRegex(InvalidValueError, f"{where} .*two spellings"):
                self.track(**fields)
        client, transport = recording_client()
        client.track(ROOT, "E", user_id=USER, context={"groupId": "a", "group_id": "a"})
        self.assertEqual(transport.events[0]["context"]["groupId"], "a")

    def test_unknown_keyword(self) -> None:
        """A keyword that no field has is a TypeError, and so are the fields that no client sets."""
        for name in ("colour", "type", "event", "entity_gid", "partition", "received_at", "write_key"):
            with self.subTest(name), self.assertRaisesRegex(TypeError, name):
                self.track(**{name: "x"})

    def test_no_dicts(self) -> None:
        """What must be a dict and is none is a TypeError that names the argument."""
        for name in ("context", "traits", "properties", "app"):
            with self.subTest(name), self.assertRaisesRegex(InvalidTypeError, f"{name} is a str"):
                self.track(**{name: "x"})
            with (
                self.subTest(name),
                self.assertRaisesRegex(InvalidTypeError, f"{name} has a key of type int"),
            ):
                self.track(**{name: {1: "x"}})


class NumbersTest(unittest.TestCase):
    """The client's own limits, and what else of its arguments is told as it is made."""

    def test_unusable_limits(self) -> None:
        """A limit that is no number, is not finite, or leaves no attempt is refused at construction."""
        for name, value in (
            ("timeout", 0),
            ("timeout", -1.0),
            ("timeout", float("inf")),
            ("timeout", float("nan")),
            ("max_attempts", 0),
            ("retry_time", -1),
            ("timeout", 1e12),
            ("flush_interval", 1e12),
            ("max_event_bytes", 0),
        ):
            with self.subTest(name=name, value=value), self.assertRaisesRegex(InvalidValueError, name):
                SegmentClient(KEY, ENTITY, "p", **{name: value})  # type: ignore[arg-type]  # the case
        for name in ("timeout", "max_attempts", "retry_time", "max_event_bytes", "batch_size"):
            for wrong in ("10", True, 1j):
                with self.subTest(name=name, value=wrong), self.assertRaisesRegex(InvalidTypeError, name):
                    SegmentClient(KEY, ENTITY, "p", **{name: wrong})  # type: ignore[arg-type]  # the case

    def test_counts(self) -> None:
        """What is counted is whole: with 1.5, or 100.0 from a file of settings, no batch could be made."""
        counts = "batch_size max_queue max_queue_bytes spool_max_bytes max_attempts max_event_bytes"
        for name in counts.split():
            with self.subTest(name), self.assertRaisesRegex(InvalidTypeError, f"{name} is a float.* whole"):
                SegmentClient(KEY, ENTITY, "p", **{name: 100_000.0})  # type: ignore[arg-type]  # the case

    def test_waiting(self) -> None:
        """`flush` and `close` wait without an end if asked to, and refuse what is no time, losing nothing."""
        with FakeServer(Answer(delay=0.1), Answer(delay=0.1)) as server:
            client, _ = server_client(server, delivery="background")
            for wait in (client.flush, client.close):
                client.track(ROOT, "E", user_id=USER)
                for wrong, error in (
                    ("x", InvalidTypeError),
                    (None, InvalidTypeError),
                    (nan, InvalidValueError),
                ):
                    with self.subTest(wrong=wrong), self.assertRaisesRegex(error, "timeout is .* of seconds"):
                        wait(wrong)  # type: ignore[arg-type]  # the case
                self.assertTrue(wait(inf))
        self.assertEqual(client.stats().delivered, 2)

    def test_callbacks_and_proxies(self) -> None:
        """What is to be called can be, and proxies are URLs by scheme."""
        for name in ("before_send", "on_delivered", "on_error"):
            with (
                self.subTest(name),
                self.assertRaisesRegex(InvalidTypeError, f"{name} is a int: pass a func"),
            ):
                SegmentClient(KEY, ENTITY, "p", **{name: 5})  # type: ignore[arg-type]  # the case
        for wrong in (5, "http://proxy", {"http": 5}, ["http"]):
            with self.subTest(wrong=wrong), self.assertRaisesRegex(InvalidTypeError, "proxies is no dict"):
                SegmentClient(KEY, ENTITY, "p", proxies=wrong)  # type: ignore[arg-type]  # the case
        none: Any = {"https": None}  # as `requests` has it: not even that of the environment
        self.assertIsInstance(SegmentClient(KEY, ENTITY, "p", proxies=none), SegmentClient)


if __name__ == "__main__":
    unittest.main()
