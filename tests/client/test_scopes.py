"""Scopes: the client's calls with some fields bound."""

import inspect
import unittest
from threading import Lock
from types import MappingProxyType
from typing import Any
from uuid import UUID

from semantic_events import Events, ProductDict

from segment_client import InvalidTypeError, InvalidValueError, Scope, SegmentClient
from tests.client.support import ROOT, USER, recording_client

SIGN_UP: Any = {"method": "google", "plan": "free", "referral_code": None}
CALLS = ("identify", "track", "page", "screen", "group", "alias")
OTHER = UUID("3c1f2a9e-7b6d-4c5e-8f10-9a2b3c4d5e6f")


class ScopesTest(unittest.TestCase):
    """`bind` of a client and of a scope."""

    def setUp(self) -> None:
        """Make a client that records SemanticEvents."""
        self.client, self.transport = recording_client(wire="semantic")

    @property
    def event(self) -> dict[str, Any]:
        """The last event sent."""
        return self.transport.events[-1]

    def test_bound_fields(self) -> None:
        """What is bound need not be passed again, in any of the calls."""
        scope = self.client.bind(
            root_event_gid=ROOT, user_id=USER, session_id="s1", timestamp="2026-01-01T00:00:00Z"
        )
        scope.identify()
        scope.track(event_name="E")
        scope.page()
        scope.screen()
        scope.group(group_id="g")
        scope.alias(previous_id="before")
        self.assertEqual([event["type"] for event in self.transport.events], list(CALLS))
        for event in self.transport.events:
            bound = (event["root_event_gid"], event["user_id"], event["session_id"], event["timestamp"])
            self.assertEqual(bound, (str(ROOT), USER, "s1", "2026-01-01T00:00:00Z"))

    def test_call_over_scope_over_defaults(self) -> None:
        """A field is the call's, else the inner scope's, else the outer one's, else the default."""
        outer = self.client.bind(root_event_gid=ROOT, user_id="outer", account_id="outer", session_id="outer")
        inner = outer.bind(account_id="inner", session_id="inner", library={"name": "inner"})
        inner.track(OTHER, "E", session_id="call")
        event = self.event
        self.assertEqual(
            (event["root_event_gid"], event["user_id"], event["account_id"], event["session_id"]),
            (str(OTHER), "outer", "inner", "call"),
        )
        self.assertEqual(event["library"]["name"], "inner")
        self.assertIn("version", event["library"])

    def test_scopes_are_apart(self) -> None:
        """Binding leaves the scope and the client that it starts from as they were."""
        outer = self.client.bind(root_event_gid=ROOT, user_id="outer")
        outer.bind(user_id="inner")
        outer.track(event_name="E")
        self.assertEqual(self.event["user_id"], "outer")
        self.client.track(ROOT, "E", anonymous_id="a")
        self.assertNotIn("user_id", self.event)

    def test_objects_merge_by_field(self) -> None:
        """Objects and extras are merged field by field, in whichever place and spelling they are given."""
        outer = self.client.bind(
            root_event_gid=ROOT,
            user_id=USER,
            context={
                "locale": "nl-NL",
                "timezone": "UTC",
                "app": {"name": "a", "version": "1"},
                "team": "x",
                "floor": 1,
            },
            traits={"email": "a@example.com", "plan": "free"},
        )
        inner = outer.bind(app={"version": "2"}, context={"floor": 2})
        inner.track(
            event_name="E", context={"locale": "en-GB", "traits": {"plan": "pro"}, "app": {"build": "7"}}
        )
        event = self.event
        self.assertEqual(event["app"], {"name": "a", "version": "2", "build": "7"})
        self.assertEqual((event["context"]["locale"], event["context"]["timezone"]), ("en-GB", "UTC"))
        self.assertEqual(event["context"]["extras"], {"team": "x", "floor": 2})
        self.assertEqual(event["traits"], {"email": "a@example.com", "plan": "pro"})

    def test_lists_and_values_replace_whole(self) -> None:
        """Lists, maps, properties and the values of extras are replaced, not merged."""
        scope = self.client.bind(
            root_event_gid=ROOT,
            user_id=USER,
            involves=[{"id": "1"}, {"id": "2"}],
            flags={"a": True},
            properties={"a": 1},
            context={"team": {"a": 1}, "location": [4.9, 52.4]},
        )
        scope.track(
            event_name="E",
            involves=[{"id": "3"}],
            flags={"b": True},
            properties={"b": 2},
            context={"team": {"b": 2}, "location": [5.0, 52.0]},
        )
        event = self.event
        self.assertEqual(event["involves"], [{"id": "3"}])
        self.assertEqual((event["flags"], event["properties"]), ({"b": True}, {"b": "2"}))
        self.assertEqual(event["context"]["extras"], {"team": {"b": 2}})
        self.assertEqual(event["context"]["location"], [5.0, 52.0])

    def test_call_context_over_bound_keyword(self) -> None:
        """A call's context goes over a scope's keyword: the layer counts before the place."""
        scope = self.client.bind(
            root_event_gid=ROOT, user_id=USER, traits={"plan": "free"}, app={"name": "a"}
        )
        scope.track(event_name="E", context={"traits": {"plan": "pro"}, "app": {"name": "b"}})
        self.assertEqual((self.event["traits"]["plan"], self.event["app"]["name"]), ("pro", "b"))

    def test_bound_properties_of_a_page(self) -> None:
        """Bound properties that describe a page fill the page of a page call, and only there."""
        scope = self.client.bind(
            root_event_gid=ROOT, user_id=USER, properties={"url": "https://example.com/", "a": 1}
        )
        scope.page()
        self.assertEqual(
            (self.event["page"], self.event["properties"]), ({"url": "https://example.com/"}, {"a": "1"})
        )
        scope.track(event_name="E")
        self.assertEqual(self.event["properties"], {"url": "https://example.com/", "a": "1"})

    def test_read_only(self) -> None:
        """A dict that is only to be read can be bound, as a call takes one; what is behind it is copied."""
        behind = {"team": MappingProxyType({"name": "x", "tags": ["a"]})}
        scope = self.client.bind(root_event_gid=ROOT, user_id=USER, context=MappingProxyType(behind))
        behind.clear()
        scope.track(event_name="E", traits=MappingProxyType({"plan": "pro"}))
        self.assertEqual(self.event["context"]["extras"], {"team": {"name": "x", "tags": ["a"]}})
        self.assertEqual(self.event["traits"], {"plan": "pro"})

    def test_what_is_bound_is_copied(self) -> None:
        """A scope never changes, whatever becomes of the dicts and lists that were bound."""
        products: list[ProductDict] = [{"sku": "1"}]
        metrics = {"total": 1.0}
        properties = {"tags": ["a"]}
        scope = self.client.bind(
            root_event_gid=ROOT,
            user_id=USER,
            commerce={"products": products},
            metrics=metrics,
            properties=properties,
        )
        products.append({"sku": "2"})
        metrics["total"] = 2.0
        properties["tags"].append("b")
        scope.track(event_name="E")
        self.assertEqual(self.event["commerce"], {"products": [{"sku": "1"}]})
        self.assertEqual(
            (self.event["metrics"], self.event["properties"]), ({"total": 1.0}, {"tags": '["a"]'})
        )

    def test_root_is_missing(self) -> None:
        """A scope without a bound root needs one at the call: else it is a TypeError."""
        scope = self.client.bind(user_id=USER)
        with self.assertRaisesRegex(InvalidTypeError, "root_event_gid is missing"):
            scope.track(event_name="E")
        scope.track(ROOT, "E")
        self.assertEqual(self.event["root_event_gid"], str(ROOT))

    def test_event_name_in_place_of_root(self) -> None:
        """Text in the first place that is no UUID is refused with a word on event_name=."""
        scope = self.client.bind(root_event_gid=ROOT, user_id=USER)
        with self.assertRaisesRegex(InvalidValueError, "event_name="):
            scope.track("Order Completed")
        with self.assertRaisesRegex(InvalidValueError, "root_event_gid is no UUID"):
            self.client.bind(root_event_gid="Order Completed")
        self.assertEqual(self.transport.events, [])

    def test_unknown_keyword(self) -> None:
        """Only the fields that every call takes can be bound."""
        for name in ("colour", "event_name", "message_id", "event_gid", "name", "group_id", "write_key"):
            unknown: Any = {name: "x"}
            for binder in (self.client, self.client.bind(user_id=USER)):
                with self.subTest(name), self.assertRaisesRegex(InvalidTypeError, name):
                    binder.bind(**unknown)

    def test_unusable_values(self) -> None:
        """A bound value that is of no use is refused, at the latest by the call."""
        with self.assertRaisesRegex(InvalidTypeError, "context is a list"):
            self.client.bind(context=[])  # type: ignore[arg-type]  # the case
        with self.assertRaisesRegex(InvalidTypeError, "cannot be copied"):
            self.client.bind(properties={"lock": Lock()})
        scope = self.client.bind(root_event_gid=ROOT, user_id=USER, importance=True)
        with self.assertRaisesRegex(ValueError, "importance"):
            scope.track(event_name="E")

    def test_signatures(self) -> None:
        """A scope's calls take what the client's take, and none of it must be given."""
        for name in CALLS:
            of_client = inspect.signature(getattr(SegmentClient, name)).parameters
            of_scope = inspect.signature(getattr(Scope, name)).parameters
            with self.subTest(name):
                self.assertEqual(list(of_scope), list(of_client))
                self.assertIsNone(of_scope["root_event_gid"].default)
                self.assertIs(of_client["root_event_gid"].default, inspect.Parameter.empty)
                kinds = [parameter.kind for parameter in of_client.values()]
                self.assertEqual(kinds, [parameter.kind for parameter in of_scope.values()])


class CatalogueTest(unittest.TestCase):
    """The catalogue's methods, through a client and through a scope."""

    def test_client_and_scope(self) -> None:
        """`Events` sends through anything that has the calls, and returns what they return."""
        client, transport = recording_client(wire="semantic")
        first = Events(client).signed_up(root_event_gid=ROOT, user_id=USER, **SIGN_UP)
        second = Events(client.bind(root_event_gid=ROOT, user_id=USER)).signed_up(**SIGN_UP)
        self.assertEqual(
            [event["message_id"] for event in transport.events], [first.message_id, second.message_id]
        )
        for event in transport.events:
            self.assertEqual((event["type"], event["event"]), ("track", "Signed Up"))
            self.assertEqual(
                (event["user_id"], event["properties"]), (USER, {"method": "google", "plan": "free"})
            )

    def test_root_is_missing(self) -> None:
        """A catalogue event without a root is a TypeError, of a client as of a scope."""
        client, transport = recording_client()
        for sender in (client, client.bind(user_id=USER)):
            with self.subTest(sender), self.assertRaisesRegex(TypeError, "root_event_gid"):
                Events(sender).signed_up(user_id=USER, **SIGN_UP)
        self.assertEqual(transport.events, [])


if __name__ == "__main__":
    unittest.main()
