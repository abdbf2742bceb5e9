"""Calls of other vendors' clients: typed where they fit, refused where they mean nothing, never changed."""

import copy
import json
import unittest
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from segment_client import DecodeError
from segment_client.ids import derive_event_gid
from segment_client.wire import Identity, decode, encode
from tests.laws import law
from tests.strategies import json_values, texts

NOW = datetime(2026, 1, 31, 9, 30, tzinfo=UTC)
IDENTITY = Identity(UUID("5f7e3c1a-8d4b-4f0e-9a57-2b6c1d9e8f30"), "default")
TRACK = {
    "type": "track",
    "event": "E",
    "userId": "u",
    "messageId": "m-1",
    "timestamp": "2026-01-31T09:30:00.000Z",
}

IDS = st.none() | texts | st.integers()
CONTEXTS = st.fixed_dictionaries(
    {},
    optional={
        "ip": st.sampled_from(["203.0.113.7", "2001:db8::7", "unknown"]) | json_values,
        "campaign": st.just({}) | st.dictionaries(st.sampled_from(["name", "source", "id"]), json_values),
        "os": st.just({"name": ""}) | json_values,
        "page": st.dictionaries(st.sampled_from(["url", "path", "title", "name"]), json_values),
        "screen": st.dictionaries(
            st.sampled_from(["density", "width"]), st.floats(-9, 9) | st.integers(-9, 9)
        ),
        "location": st.dictionaries(st.sampled_from(["city", "longitude", "latitude"]), json_values),
        "traits": st.dictionaries(texts | st.sampled_from(["email", "first_name", "firstName"]), json_values),
        "userAgent": json_values,
        "userAgentData": json_values,
        "groupId": IDS,
        "segment": json_values,
        "cxs": json_values.filter(lambda value: not isinstance(value, dict)),
        "custom": json_values,
    },
)
CALLS = st.fixed_dictionaries(
    {
        "type": st.sampled_from(["track", "identify", "page", "group", "screen", "alias"]),
        "event": texts.filter(bool),
        "userId": texts.filter(bool) | st.integers(),
    },
    optional={
        "messageId": IDS,
        "anonymousId": IDS,
        "previousId": IDS,
        "groupId": json_values,
        "timestamp": st.sampled_from(["2026-01-31T09:30:00Z", "2026-01-31t10:30:00.123456789+01:00", None]),
        "originalTimestamp": st.sampled_from(["2026-01-31T09:30:00+00:00", "yesterday", None]),
        "sentAt": st.sampled_from(["2026-01-31T09:30:00.1Z", 5, None]),
        "name": json_values,
        "category": json_values,
        "channel": texts,
        "_metadata": json_values,
        "properties": st.none() | st.dictionaries(texts | st.sampled_from(["url", "name"]), json_values),
        "traits": st.none() | st.dictionaries(texts | st.sampled_from(["age", "created_at"]), json_values),
        "integrations": st.none() | st.dictionaries(texts, json_values),
        "context": st.none() | CONTEXTS,
    },
)


def returned(call: dict[str, Any]) -> Any:
    """Decode a call, encode the event, and take off what only our calls have."""
    back = json.loads(encode(decode(call, IDENTITY, NOW), "segment"))
    if isinstance(back["context"], dict):
        del back["context"]["cxs"]
        if not back["context"] and "context" not in call:
            del back["context"]
    return back


def without_cxs(call: dict[str, Any]) -> dict[str, Any]:
    """Take off the one key of a context that is not compared."""
    call = copy.deepcopy(call)
    if isinstance(call.get("context"), dict):
        call["context"].pop("cxs", None)
    return call


class ForeignTest(unittest.TestCase):
    """segment -> semantic -> segment."""

    @law(300)
    @given(CALLS)
    def test_nothing_is_lost(self, call: dict[str, Any]) -> None:
        """A foreign call comes back equal as JSON, and decoding does not change it."""
        before = copy.deepcopy(call)
        self.assertEqual(_tagged(returned(call)), _tagged(without_cxs(call)))
        self.assertEqual(call, before)

    @law(120)
    @given(CALLS)
    def test_decoded_events_travel_on(self, call: dict[str, Any]) -> None:
        """An event that was decoded from a foreign call comes back equal from both formats."""
        event = decode(call, IDENTITY, NOW)
        other = Identity(IDENTITY.entity_gid, IDENTITY.partition)
        self.assertEqual(decode(json.loads(encode(event, "semantic")), other, NOW), event)
        if call.get("context", {}) is not None:  # with no context, our fields have no place to travel in
            self.assertEqual(decode(json.loads(encode(event, "segment")), other, NOW), event)

    def test_ids_are_derived(self) -> None:
        """The ids that only our events have follow from the write key's identity and the message id."""
        event = decode(TRACK, IDENTITY, NOW)
        self.assertEqual(event.entity_gid, IDENTITY.entity_gid)
        self.assertEqual(event.partition, "default")
        self.assertEqual(event.event_gid, derive_event_gid(IDENTITY.entity_gid, "m-1"))
        self.assertEqual(event.root_event_gid, event.event_gid)

    def test_long_message_ids_stay_repeats(self) -> None:
        """A message id that the schema does not take becomes the same usable one at each decoding."""
        call = {**TRACK, "messageId": "m." * 50}
        first, second = decode(call, IDENTITY, NOW), decode(call, IDENTITY, NOW)
        self.assertEqual(first.message_id, second.message_id)
        self.assertNotEqual(first.message_id, decode(TRACK, IDENTITY, NOW).message_id)

    def test_missing_message_ids_are_new(self) -> None:
        """A call without a message id gets a new one each time."""
        call = {key: value for key, value in TRACK.items() if key != "messageId"}
        self.assertNotEqual(decode(call, IDENTITY, NOW).message_id, decode(call, IDENTITY, NOW).message_id)

    def test_timestamps(self) -> None:
        """A missing timestamp is the original one, else when it was sent, else now."""
        bare = {key: value for key, value in TRACK.items() if key != "timestamp"}
        original, sent, enveloped = "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z", "2026-01-03T00:00:00Z"
        self.assertEqual(
            [
                decode({**bare, "originalTimestamp": original, "sentAt": sent}, IDENTITY, NOW).timestamp.day,
                decode({**bare, "sentAt": sent}, IDENTITY, NOW, enveloped).timestamp.day,
                decode(bare, IDENTITY, NOW, enveloped).timestamp.day,
                decode(bare, IDENTITY, NOW).timestamp,
            ],
            [1, 2, 3, NOW],
        )

    def test_typed_values(self) -> None:
        """What fits a typed field is there to query; what does not is kept by its pointer."""
        event = decode(
            {
                **TRACK,
                "properties": {"n": 350, "yes": True, "list": [1, {"a": 2}], "none": None},
                "integrations": {"All": False, "Amplitude": {"session_id": 5}},
                "context": {
                    "ip": "2001:db8::7",
                    "screen": {"density": 1.5, "width": 300},
                    "location": {"city": "Bonn"},
                    "traits": {"firstName": "Zoë", "email": 5},
                },
            },
            IDENTITY,
            NOW,
        )
        assert event.context
        assert event.context.extras
        assert event.screen
        assert event.traits
        self.assertEqual(event.properties, {"n": "350", "yes": "True", "list": '[1,{"a":2}]'})
        self.assertEqual(event.integrations, {"All": False, "Amplitude": True})
        self.assertEqual((event.screen.width, event.screen.density), (300, None))
        self.assertEqual((event.traits.first_name, event.traits.email), ("Zoë", None))
        originals = event.context.extras["segment"]
        assert isinstance(originals, dict)
        self.assertEqual(originals["/context/ip"], "2001:db8::7")
        self.assertEqual(originals["/context/location"], {"city": "Bonn"})
        self.assertEqual(originals["/context/screen/density"], 1.5)
        self.assertEqual(originals["/context/traits/email"], 5)
        self.assertEqual(originals["/properties/n"], 350)
        self.assertEqual(originals["/integrations/Amplitude"], {"session_id": 5})

    def test_traits_in_both_places(self) -> None:
        """An identify call's own traits win over those in its context, which fill in where it has none."""
        call = {**TRACK, "type": "identify", "context": {"traits": {"plan": "context"}}}
        both = decode({**call, "traits": {"plan": "own"}}, IDENTITY, NOW)
        only = decode(call, IDENTITY, NOW)
        assert both.traits
        assert only.traits
        self.assertEqual((both.traits.plan, only.traits.plan), ("own", "context"))

    def test_page_names(self) -> None:
        """A page's name and address are found in its properties too."""
        call = {**TRACK, "type": "page", "properties": {"name": "Home", "url": "https://example.com/"}}
        event = decode(call, IDENTITY, NOW)
        assert event.page
        self.assertEqual(
            (event.page.name, event.page.url, event.event), ("Home", "https://example.com/", "Page Viewed")
        )

    def test_write_keys_are_dropped(self) -> None:
        """A write key in a call is in neither the event nor its originals."""
        event = decode({**TRACK, "writeKey": "sentinel-key"}, IDENTITY, NOW)
        self.assertNotIn("sentinel-key", event.model_dump_json())
        semantic = json.loads(encode(event, "semantic")) | {"write_key": "sentinel-key"}
        self.assertNotIn("sentinel-key", decode(semantic, IDENTITY, NOW).model_dump_json())

    def test_refusals(self) -> None:
        """A call that means nothing is refused with the place of each problem."""
        cases: list[tuple[dict[str, Any], list[str]]] = [
            ({**TRACK, "type": "purchase"}, ["type"]),
            ({"userId": "u"}, ["type"]),
            ({**TRACK, "event": ""}, ["event"]),
            ({**TRACK, "event": None, "userId": None}, ["event", "userId"]),
            ({**TRACK, "userId": ""}, ["userId"]),
            ({**TRACK, "properties": [1]}, ["properties"]),
            ({**TRACK, "userId": {"id": 1}}, ["userId"]),
        ]
        for call, places in cases:
            with self.subTest(call=call), self.assertRaises(DecodeError) as caught:
                decode(call, IDENTITY, NOW)
            self.assertEqual([error["loc"][0] for error in caught.exception.errors], places)

    def test_wrong_timestamp(self) -> None:
        """A timestamp that is no date is refused, not replaced."""
        with self.assertRaisesRegex(ValueError, "timestamp"):
            decode({**TRACK, "timestamp": "yesterday"}, IDENTITY, NOW)


def _tagged(value: Any) -> Any:
    """Tell True from 1, which Python takes for equal and JSON does not."""
    if isinstance(value, dict):
        return {key: _tagged(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_tagged(item) for item in value]
    return (isinstance(value, bool), value)


if __name__ == "__main__":
    unittest.main()
