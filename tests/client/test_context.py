"""`context`, `page` and the other objects: where what a call gives comes to stand."""

import unittest
from typing import Any

from semantic_events import App, Context, Page, SemanticEvent, Traits, UserAgent

from segment_client import InvalidTypeError
from tests.client.support import ROOT, USER, recording_client


class Sends(unittest.TestCase):
    """Sends single calls and looks at what arrived."""

    def semantic(self, call: str, /, *args: Any, **fields: Any) -> dict[str, Any]:
        """Return the SemanticEvent that a call sends."""
        client, transport = recording_client(wire="semantic", ip=None)
        getattr(client, call)(ROOT, *args, user_id=USER, **fields)
        event = transport.events[0]
        SemanticEvent.model_validate(event)
        return event

    def segment(self, call: str, /, *args: Any, **fields: Any) -> dict[str, Any]:
        """Return the segment call that a call sends."""
        client, transport = recording_client(ip=None)
        getattr(client, call)(ROOT, *args, user_id=USER, **fields)
        return transport.events[0]


class ContextTest(Sends):
    """What is given as `context`."""

    OBJECTS: tuple[tuple[str, dict[str, Any], str, dict[str, Any]], ...] = (
        ("app", {"name": "a", "build": "7"}, "app", {"name": "a", "build": "7"}),
        (
            "campaign",
            {"name": "spring", "source": "mail", "medium": "m", "term": "t", "content": "c"},
            "campaign",
            {"campaign": "spring", "source": "mail", "medium": "m", "term": "t", "content": "c"},
        ),
        (
            "device",
            {"adTrackingEnabled": True, "advertisingId": "ad", "macAddress": "00:00", "id": "d"},
            "device",
            {"ad_tracking_enabled": True, "advertising_id": "ad", "mac_address": "00:00", "id": "d"},
        ),
        ("library", {"name": "l", "version": "1"}, "library", {"name": "l", "version": "1"}),
        ("network", {"wifi": True, "carrier": "c"}, "network", {"wifi": True, "carrier": "c"}),
        ("os", {"name": "o", "version": "1"}, "os", {"name": "o", "version": "1"}),
        (
            "page",
            {"url": "https://example.com/", "name": "n"},
            "page",
            {"url": "https://example.com/", "name": "n"},
        ),
        ("referrer", {"id": "r", "type": "t"}, "referrer", {"id": "r", "type": "t"}),
        (
            "screen",
            {"innerHeight": 5, "innerWidth": 6, "density": 2},
            "screen",
            {"inner_height": 5, "inner_width": 6, "density": 2},
        ),
        (
            "userAgentData",
            {"brands": [{"brand": "b", "version": "1"}], "mobile": False, "platform": "p"},
            "user_agent",
            {"data": [{"brand": "b", "version": "1"}], "mobile": False, "platform": "p"},
        ),
        (
            "traits",
            {"firstName": "Ada", "createdAt": "2026-01-31", "shoeSize": 38},
            "traits",
            {"first_name": "Ada", "created_at": "2026-01-31", "shoeSize": 38},
        ),
    )

    def test_objects_of_the_spec(self) -> None:
        """Each object of Segment's spec fills ours, in its spelling and in ours."""
        for key, given, name, expected in self.OBJECTS:
            for context in ({key: given}, {name: expected}):
                with self.subTest(context=context):
                    event = self.semantic("track", "E", context=context)
                    self.assertEqual(event[name], expected)
                    self.assertNotIn("context", event)

    def test_keyword_of_the_object(self) -> None:
        """An object's own keyword takes both spellings too."""
        for key, given, name, expected in self.OBJECTS:
            if key == name:
                with self.subTest(name):
                    self.assertEqual(self.semantic("track", "E", **{name: given})[name], expected)

    def test_fields(self) -> None:
        """The fields of Context are filled from `context`, groupId in both spellings."""
        fields: dict[str, Any] = {
            "ip": "203.0.113.7",
            "ipv6": "2001:db8::7",
            "locale": "nl-NL",
            "timezone": "Europe/Amsterdam",
            "active": False,
        }
        event = self.semantic("track", "E", context={**fields, "groupId": "g"})
        self.assertEqual(event["context"], {**fields, "group_id": "g"})
        self.assertEqual(self.semantic("track", "E", context={"group_id": "g"})["context"], {"group_id": "g"})

    def test_user_agent(self) -> None:
        """Segment's userAgent is text and fills the signature."""
        event = self.semantic(
            "track", "E", context={"userAgent": "Mozilla/5.0", "userAgentData": {"mobile": True}}
        )
        self.assertEqual(event["user_agent"], {"signature": "Mozilla/5.0", "mobile": True})
        call = self.segment("track", "E", context={"user_agent": {"signature": "Mozilla/5.0"}})
        self.assertEqual(call["context"]["userAgent"], "Mozilla/5.0")

    def test_location(self) -> None:
        """A location may be [longitude, latitude] or Segment's dict, whose other keys are kept as extras."""
        for location in ([4.9, 52.4], (4.9, 52.4), {"latitude": 52.4, "longitude": 4.9}):
            with self.subTest(location=location):
                event = self.semantic("track", "E", context={"location": location})
                self.assertEqual(event["context"], {"location": [4.9, 52.4]})
        event = self.semantic(
            "track", "E", context={"location": {"latitude": 52.4, "longitude": 4.9, "city": "Amsterdam"}}
        )
        self.assertEqual(
            event["context"], {"location": [4.9, 52.4], "extras": {"location": {"city": "Amsterdam"}}}
        )
        event = self.semantic("track", "E", context={"location": {"city": "Amsterdam"}})
        self.assertEqual(event["context"], {"extras": {"location": {"city": "Amsterdam"}}})

    def test_extras(self) -> None:
        """All that remains goes to extras with its JSON types, on Segment's wire into the context."""
        context = {"team": "blue", "floor": 3, "tags": ["a", None], "extras": {"deep": {"a": [1.5, True]}}}
        expected = {"team": "blue", "floor": 3, "tags": ["a", None], "deep": {"a": [1.5, True]}}
        self.assertEqual(self.semantic("track", "E", context=context)["context"], {"extras": expected})
        sent = self.segment("track", "E", context=context)["context"]
        self.assertEqual({key: sent[key] for key in expected}, expected)

    def test_extras_that_json_cannot_hold(self) -> None:
        """An extra or a custom trait of another type is refused with its path."""
        for where, fields in (
            (r"context\.team\[0\]", {"context": {"team": [{1, 2}]}}),
            (r"context\.extras\.team", {"context": {"extras": {"team": b""}}}),
            (r"traits\.shoe", {"traits": {"shoe": object()}}),
            (r"traits\.shoe", {"context": {"traits": {"shoe": object()}}}),
        ):
            with self.subTest(where), self.assertRaisesRegex(InvalidTypeError, where):
                self.semantic("track", "E", **fields)

    def test_traits_of_other_calls(self) -> None:
        """Traits in the context are the traits of every call but identify and group."""
        for name, args in (("track", ("E",)), ("page", ()), ("screen", ()), ("alias", ("before",))):
            with self.subTest(name):
                event = self.semantic(name, *args, context={"traits": {"firstName": "Ada"}})
                self.assertEqual(event["traits"], {"first_name": "Ada"})
                call = self.segment(name, *args, context={"traits": {"first_name": "Ada"}})
                self.assertEqual(call["context"]["traits"], {"firstName": "Ada"})

    def test_traits_of_identify_and_group(self) -> None:
        """Identify and group have traits of their own; those in their context are kept as an extra."""
        for name, args in (("identify", ()), ("group", ("g",))):
            with self.subTest(name):
                fields: Any = {
                    "traits": {"firstName": "Ada"},
                    "context": {"traits": {"plan": "pro"}, "team": 1},
                }
                event = self.semantic(name, *args, **fields)
                self.assertEqual(event["traits"], {"first_name": "Ada"})
                self.assertEqual(event["context"]["extras"], {"traits": {"plan": "pro"}, "team": 1})
                self.assertEqual(self.segment(name, *args, **fields)["traits"], {"firstName": "Ada"})

    def test_models(self) -> None:
        """Models are taken wherever their dicts are."""
        event = self.semantic(
            "track",
            "E",
            context=Context(locale="nl-NL", extras={"team": 1}),
            traits=Traits.model_validate({"email": "a@example.com", "shoeSize": 38}),
            app=App(name="a"),
            user_agent=UserAgent.model_validate({"data": [{"brand": "b"}]}),
        )
        self.assertEqual(event["context"], {"locale": "nl-NL", "extras": {"team": 1}})
        self.assertEqual(event["traits"], {"email": "a@example.com", "shoeSize": 38})
        self.assertEqual((event["app"], event["user_agent"]), ({"name": "a"}, {"data": [{"brand": "b"}]}))
        event = self.semantic("track", "E", context={"app": App(name="b"), "page": Page(url="u")})
        self.assertEqual((event["app"], event["page"]), ({"name": "b"}, {"url": "u"}))

    def test_models_are_checked_again(self) -> None:
        """A model that was filled past its checks is refused like a dict."""
        wrong: Any = {"name": 5}
        with self.assertRaisesRegex(ValueError, "app.name"):
            self.semantic("track", "E", app=App.model_construct(**wrong))

    def test_defaults_give_way_by_field(self) -> None:
        """What is given overrides the defaults field by field."""
        event = self.semantic("track", "E", context={"library": {"name": "mine"}}, os={"version": "9"})
        self.assertEqual(event["library"].keys(), {"name", "version"})
        self.assertEqual(event["library"]["name"], "mine")
        self.assertEqual((event["os"]["version"], event["os"].keys()), ("9", {"name", "version"}))

    def test_keyword_over_context(self) -> None:
        """For one field its own keyword goes before `context`; other fields of the object are kept."""
        event = self.semantic(
            "track",
            "E",
            app={"name": "keyword"},
            traits={"plan": "keyword"},
            context={"app": {"name": "context", "build": "7"}, "traits": {"plan": "context", "email": "e"}},
        )
        self.assertEqual(event["app"], {"name": "keyword", "build": "7"})
        self.assertEqual(event["traits"], {"plan": "keyword", "email": "e"})


class PlacesTest(Sends):
    """`name`, `group_id`, `previous_id` and the properties of a page."""

    PAGE = ("url", "path", "referrer", "search", "title", "host", "encoding", "referring_domain")

    def test_page_properties(self) -> None:
        """The properties that describe the page fill it, the rest is text; the wire has them in both."""
        properties = {**{key: f"/{key}" for key in self.PAGE}, "rank": 3}
        event = self.semantic("page", name="Home", properties=properties)
        self.assertEqual(event["page"], {**{key: f"/{key}" for key in self.PAGE}, "name": "Home"})
        self.assertEqual(event["properties"], {"rank": "3"})
        call = self.segment("page", name="Home", properties=properties)
        self.assertEqual(call["name"], "Home")
        self.assertEqual(call["properties"], {**properties, "rank": "3"})
        self.assertEqual(call["context"]["page"], {key: f"/{key}" for key in self.PAGE})

    def test_other_calls_keep_them(self) -> None:
        """On other calls than page, such properties stay properties."""
        for name, args in (("track", ("E",)), ("screen", ()), ("identify", ())):
            with self.subTest(name):
                event = self.semantic(name, *args, properties={"url": "u", "name": "n"})
                self.assertEqual(event["properties"], {"url": "u", "name": "n"})
                self.assertNotIn("page", event)

    def test_precedence_of_a_page(self) -> None:
        """A page's field comes from its keyword, else from properties, else from context."""
        event = self.semantic(
            "page",
            page={"url": "keyword"},
            properties={"url": "properties", "title": "properties"},
            context={"page": {"url": "context", "title": "context", "path": "context"}},
        )
        self.assertEqual(event["page"], {"url": "keyword", "title": "properties", "path": "context"})

    def test_page_property_types(self) -> None:
        """A page property of another type is refused, as the page's field is text."""
        with self.assertRaisesRegex(ValueError, "page.url"):
            self.semantic("page", properties={"url": 5})

    def test_names(self) -> None:
        """A page's and a screen's name stand in the object and at the top of Segment's call."""
        for name in ("page", "screen"):
            with self.subTest(name):
                self.assertEqual(self.semantic(name, name="Home")[name], {"name": "Home"})
                call = self.segment(name, name="Home", context={name: {"name": "Other"}})
                self.assertEqual(call["name"], "Home")
                self.assertNotIn("name", call["context"].get(name, {}))

    def test_group_id(self) -> None:
        """A group's id is groupId at the top, and on other calls in the context."""
        event = self.semantic("group", "g1", context={"groupId": "other", "locale": "en"})
        self.assertEqual(event["context"], {"group_id": "g1", "locale": "en"})
        call = self.segment("group", "g1")
        self.assertEqual((call["groupId"], "groupId" in call["context"]), ("g1", False))
        call = self.segment("track", "E", context={"groupId": "g1"})
        self.assertEqual(("groupId" in call, call["context"]["groupId"]), (False, "g1"))

    def test_previous_id(self) -> None:
        """An alias's previous id is previousId at the top; on other calls it is among our own fields."""
        self.assertEqual(self.segment("alias", "before")["previousId"], "before")
        call = self.segment("track", "E", previous_id="before")
        self.assertEqual(("previousId" in call, call["context"]["cxs"]["previous_id"]), (False, "before"))
        self.assertEqual(self.semantic("alias", "before")["previous_id"], "before")

    def test_everything_by_keyword(self) -> None:
        """The first two arguments may be keywords too."""
        client, transport = recording_client(wire="semantic")
        client.track(event_name="E", root_event_gid=ROOT, user_id=USER)
        client.group(group_id="g", root_event_gid=ROOT, user_id=USER)
        client.alias(previous_id="p", root_event_gid=ROOT, user_id=USER)
        track, group, alias = transport.events
        self.assertEqual(
            (track["event"], group["context"]["group_id"], alias["previous_id"]), ("E", "g", "p")
        )


if __name__ == "__main__":
    unittest.main()
