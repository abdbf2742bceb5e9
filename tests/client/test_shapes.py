"""Calls that come again and again go a short way: nobody can tell it by what is sent or raised."""

import json
import unittest
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from hypothesis import given
from hypothesis import strategies as st
from semantic_events import App, Context
from semantic_events.properties import CatalogueProperties

from segment_client import Scope, SegmentClient
from segment_client.errors import SegmentError
from segment_client.testing import ManualClock, RecordingTransport
from tests.client.support import ENTITY, ROOT, USER, recording_client
from tests.laws import law
from tests.schema_files import EVENT_FILE, load
from tests.strategies import documents, json_values, texts

CALL: dict[str, Any] = {"root_event_gid": ROOT, "event_name": "E", "user_id": USER}
OFTEN = 20
"""More calls than a shape needs to be learned."""

SCHEMA = load(EVENT_FILE)
KEYWORDS = sorted(
    SCHEMA["properties"].keys()
    - {"type", "event", "entity_gid", "partition", "received_at", "write_key", "message_id", "timestamp"}
)
CONTEXT = {
    "ip": "203.0.113.7",
    "locale": "en-GB",
    "groupId": "g1",
    "group_id": "g1",
    "userAgent": "Mozilla/5.0",
    "timezone": "Europe/London",
    "active": True,
    "app": {"name": "Reports", "version": "4"},
    "device": {"adTrackingEnabled": True, "model": "P1"},
    "campaign": {"name": "spring"},
    "screen": {"inner_height": 3, "width": 4},
    "page": {"path": "/", "title": "T"},
    "os": {"name": "Linux", "version": "7"},
    "library": {"name": "ours", "version": "7"},
    "location": {"longitude": 1.5, "latitude": 2.5},
    "traits": {"plan": "pro"},
    "extras": {"a": [1]},
    "custom": {"b": None},
}
ODD: st.SearchStrategy[object] = st.sampled_from(
    [
        *(None, "", " ", 0, -1, True, 1.5, float("nan"), "x", "\ud800", "192.168.1.999", b"b", [], {}),
        *({"name": None}, {"name": "a", "nom": "b"}, {1: 2}, UUID(int=5), datetime(2026, 1, 2, tzinfo=UTC)),
        *(
            App(name="n"),
            Context(locale="de"),
            {"app": {"name": "inner"}},
            {"userAgent": "UA", "ip": None},
        ),
        {"adTrackingEnabled": True, "ad_tracking_enabled": False},
    ]
)


@st.composite
def calls(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a call's keywords, most of them valid."""
    names = draw(st.lists(st.sampled_from(KEYWORDS), max_size=4, unique=True))
    call = {name: draw(documents(SCHEMA, SCHEMA["properties"][name])) for name in names}
    inside = draw(st.lists(st.sampled_from(sorted(CONTEXT)), max_size=4, unique=True))
    if inside:
        call["context"] = {key: CONTEXT[key] for key in inside}
    if draw(st.booleans()):
        call["properties"] = draw(st.dictionaries(texts, json_values, max_size=4))
    return {**CALL, **call}


@st.composite
def changed(draw: st.DrawFn, call: dict[str, Any]) -> dict[str, Any]:
    """Draw a call that gives the same names, with one value of another kind somewhere in it."""
    call = {name: dict(value) if type(value) is dict else value for name, value in call.items()}
    name = draw(st.sampled_from(sorted(call)))
    if type(call[name]) is dict and call[name] and draw(st.booleans()):
        call[name][draw(st.sampled_from(sorted(call[name], key=str)))] = draw(ODD)
    elif name in SCHEMA["properties"] and draw(st.booleans()):
        call[name] = draw(documents(SCHEMA, SCHEMA["properties"][name]))
    else:
        call[name] = draw(ODD)
    return call


def outcome(client: SegmentClient | Scope, call: Mapping[str, Any]) -> object:
    """Make a call; return its receipt's identifier, or the error that it raised."""
    try:
        return client.track(**call, message_id="m").event_gid
    except (TypeError, ValueError, SegmentError) as error:
        return type(error), str(error)


def content(sent: RecordingTransport) -> list[str]:
    """Return the JSON of what was sent, in one order of keys: as Python's values, 1 and True are equal."""
    return [json.dumps(event, sort_keys=True) for event in sent.events]


class Number(int):
    """A number with a text of its own."""

    def __str__(self) -> str:
        return "many"


class TravellingClock(ManualClock):
    """A clock that tells the time of a zone, or of none."""

    zone: tzinfo | None = UTC

    def now(self) -> datetime:
        """Return its date and time there."""
        return super().now().replace(tzinfo=self.zone)


class SameTest(unittest.TestCase):
    """What a client does that has learned a shape, beside one that goes the whole way with each call."""

    def setUp(self) -> None:
        """Make both."""
        self.make(typed=False)

    def make(self, *, typed: bool) -> None:
        """Make both; where something may change an event, each goes the whole way."""
        self.client, self.sent = recording_client(typed_properties=typed)
        self.whole, self.wanted = recording_client(typed_properties=typed, before_send=lambda event: event)

    def check(self, *calls: Mapping[str, Any], bound: Mapping[str, Any] | None = None) -> None:
        """Make calls with both, and hold what they sent and raised side by side."""
        client, whole = (
            (self.client.bind(**bound), self.whole.bind(**bound)) if bound else (self.client, self.whole)
        )
        for call in calls:
            self.assertEqual(outcome(client, call), outcome(whole, call))
        self.assertEqual(content(self.sent), content(self.wanted))

    @law(120)
    @given(st.data())
    def test_any(self, data: st.DataObject) -> None:
        """Calls that give the same names are sent alike, and refused with the same words."""
        self.make(typed=data.draw(st.booleans()))
        call = data.draw(calls())
        others = [data.draw(changed(call)) for _ in range(4)]
        bound = data.draw(st.lists(st.sampled_from(sorted(call)), max_size=3, unique=True))
        bound = [name for name in bound if name != "event_name"]
        try:
            self.whole.bind(**{name: call[name] for name in bound})
        except (TypeError, ValueError):
            bound = []
        given_each = [
            {k: v for k, v in one.items() if k not in bound} for one in [*[call] * OFTEN, *others, call]
        ]
        self.check(*given_each, bound={name: call[name] for name in bound})

    def test_catalogue(self) -> None:
        """The properties of a catalogue event tell their provenance, each its own or none."""
        made = [
            CatalogueProperties({"n": 1, "none": None}, {"eventVersion": str(n % 3)}) for n in range(OFTEN)
        ]
        bare = [CatalogueProperties({"n": 1}) for _ in range(OFTEN)]
        self.check(*({**CALL, "properties": each} for each in [*made, *bare, *made, {"n": 2}, *bare]))

    def test_default(self) -> None:
        """What is given of an object that has defaults goes over them field by field, however often."""
        whole = {"name": "Plan 9", "version": "4"}
        self.check(*[{**CALL, "os": whole}] * OFTEN, {**CALL, "os": {"name": "Inferno"}})
        self.check(
            *[{**CALL, "context": {"os": whole}}] * OFTEN, {**CALL, "context": {"os": {"name": "Inferno"}}}
        )

    def test_bound(self) -> None:
        """A call goes over what is bound, objects field by field, in scopes that come and go."""
        for number in range(OFTEN):
            bound = {
                "context": {"app": {"name": str(number)}, "ip": "203.0.113.1"},
                "session_id": str(number),
            }
            self.check(CALL, {**CALL, "session_id": "own"}, {**CALL, "app": {"version": "1"}}, bound=bound)
            self.check({**CALL, "context": {"app": {"version": "2"}, "locale": "en"}}, bound=bound)

    def test_bound_twice(self) -> None:
        """A scope of a scope has what is bound in both, the upper over the lower."""
        for below, above in (
            ({"session_id": "a", "account_id": "b"}, {"session_id": "c"}),
            ({"context": {"app": {"name": "a"}}}, {"context": {"app": {"version": "1"}}, "account_id": "b"}),
            ({"app": {"name": "a"}}, {"account_id": "b"}),
        ):
            scopes = [client.bind(**below).bind(**above) for client in (self.client, self.whole)]
            for call in [CALL] * OFTEN + [{**CALL, "app": {"build": "2"}}]:
                self.assertEqual(*(outcome(scope, call) for scope in scopes))
            self.assertEqual(content(self.sent), content(self.wanted))

    def test_timestamp(self) -> None:
        """A timestamp is taken as text or with any offset, and refused without one, or with seconds in it."""
        day = datetime(2026, 1, 2, 3, 4, 5, 6)  # noqa: DTZ001  # it is to be refused
        offsets = [timezone(timedelta(hours=5, minutes=30)), timezone(timedelta(seconds=30)), None]
        texts = ["2026-01-31T09:30:00z", "2026-01-31", "soon", 5]
        for moment in [*(day.replace(tzinfo=each) for each in offsets), *texts]:
            self.check(
                *[{**CALL, "timestamp": "2026-01-31T09:30:00Z"}] * OFTEN, {**CALL, "timestamp": moment}
            )

    def test_clock(self) -> None:
        """What a clock says is sent with any offset, and refused without one, or with seconds in it."""
        clock = TravellingClock()
        self.client, self.sent = recording_client(clock=clock)
        self.whole, self.wanted = recording_client(clock=clock, before_send=lambda event: event)
        for zone in [timezone(timedelta(hours=5, minutes=30)), timezone(timedelta(seconds=30)), None]:
            clock.zone = UTC
            self.check(*[CALL] * OFTEN)
            clock.zone = zone
            self.check(CALL)

    def test_own_ids(self) -> None:
        """Each event has a message id of its own, and the identifier that is derived of it."""
        receipts = [self.client.track(**CALL) for _ in range(2 * OFTEN)]
        self.assertEqual(
            [receipt.message_id for receipt in receipts], [e["messageId"] for e in self.sent.events]
        )
        self.assertEqual(len({receipt.message_id for receipt in receipts}), 2 * OFTEN)
        self.assertEqual(receipts[-1].event_gid, uuid5(ENTITY, receipts[-1].message_id))

    def test_typed(self) -> None:
        """Properties that keep their JSON types are numbers, lists and dicts, and NaN is refused."""
        self.make(typed=True)
        values = [
            1,
            True,
            1.5,
            "a",
            [1, {"b": None}],
            None,
            Number(5),
            float("nan"),
            10**30,
            {1},
            Decimal("1.0"),
        ]
        self.check(*({**CALL, "properties": {"p": value}} for value in [1] * OFTEN + values + [{1: 2}]))
        made = [CatalogueProperties({"n": 1, "none": None}, {"eventVersion": "1"})] * OFTEN
        self.check(*({**CALL, "properties": each} for each in made))

    def test_size(self) -> None:
        """An event over the limit is refused as ever."""
        self.check(*[{**CALL, "properties": {"text": "x" * number}} for number in [1] * OFTEN + [40_000, 2]])


if __name__ == "__main__":
    unittest.main()
