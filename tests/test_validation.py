"""The short way to validate an event's fields: it says what the model says, of whatever is passed."""

import json
import unittest
from datetime import UTC, datetime
from ipaddress import IPv4Address, IPv6Address
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from semantic_events import Context, Involved, SemanticEvent, Traits

from segment_client.validation import event_of, fields_of, valid_fields
from segment_client.wire import encode, encode_fields
from tests.laws import law
from tests.schema_files import EVENT_FILE, load, sample
from tests.strategies import documents, json_values

SCHEMA = load(EVENT_FILE)
DOCUMENTS = documents(SCHEMA, SCHEMA)
WHOLE = sample(SCHEMA, SCHEMA)
ODD = (
    json_values
    | st.floats()
    | st.binary(max_size=3)
    | st.sampled_from(
        ["\ud800", "1", datetime(2026, 1, 31, tzinfo=UTC), UUID(int=3), IPv4Address("10.0.0.1")]
    )
)


def places(value: object) -> list[tuple[Any, Any]]:
    """Return each container within a document with a key or index of it."""
    if isinstance(value, dict | list):
        steps = list(value.items()) if isinstance(value, dict) else list(enumerate(value))
        inner = [place for _, item in steps for place in places(item)]
        return [*((value, step) for step, _ in steps), *inner]
    return []


@st.composite
def spoiled(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a document in which something may be replaced, removed or added."""
    document: dict[str, Any] = draw(DOCUMENTS)
    for _ in range(draw(st.integers(0, 2))):
        container, step = draw(st.sampled_from(places(document)))
        match draw(st.sampled_from(["replace", "none", "remove", "add"])):
            case "replace":
                container[step] = draw(ODD)
            case "none":
                container[step] = None
            case "remove":
                del container[step]
            case "add" if isinstance(container, dict):
                container["unheard_of"] = draw(ODD)
    return document


def by_model(fields: dict[str, Any]) -> object:
    """Return what the model makes of fields: its JSON, or its errors."""
    try:
        return json.loads(event_of(fields).model_dump_json(exclude_none=True))
    except ValidationError as error:
        return error.errors(include_url=False, include_context=False)


def by_fields(fields: dict[str, Any]) -> object:
    """Return what the short way makes of them."""
    try:
        return json.loads(encode_fields(valid_fields(fields), "semantic"))
    except ValidationError as error:
        return error.errors(include_url=False, include_context=False)


class ValidFieldsTest(unittest.TestCase):
    """Fields beside the model."""

    @law(200)
    @given(DOCUMENTS)
    def test_valid(self, document: dict[str, Any]) -> None:
        """Fields that fit the schema are what the event has, and go over the wire as the event does."""
        fields = valid_fields(document)
        event = event_of(document)
        self.assertEqual(event_of(fields), event)
        for wire in ("segment", "semantic"):
            ours = encode_fields(fields, wire)
            self.assertEqual(json.loads(ours), json.loads(encode(event, wire)))

    @law(400)
    @given(spoiled())
    def test_same(self, document: dict[str, Any]) -> None:
        """Whatever is wrong in a document, the short way answers just what the model does."""
        self.assertEqual(repr(by_fields(document)), repr(by_model(document)))

    def test_models(self) -> None:
        """Models are taken wherever they stand, also one that was changed past its validation."""
        involved = Involved.model_validate(WHOLE["involves"][0])
        fields = valid_fields(
            {**WHOLE, "involves": [involved], "context": Context(ip=IPv4Address("10.1.1.1"))}
        )
        self.assertEqual(fields["involves"], [involved.model_dump(exclude_none=True)])
        self.assertEqual(str(fields["context"]["ip"]), "10.1.1.1")
        context = Context(extras={"a": 1})
        vars(context)["locale"] = 5
        with self.assertRaisesRegex(ValidationError, "locale"):
            valid_fields({**WHOLE, "context": context})

    def test_addresses(self) -> None:
        """An address is its canonical text, given as text or as an object."""
        wanted = {"ip": "203.0.113.7", "ipv6": "2001:db8::7"}
        for given_ in (
            {"ip": "203.0.113.7", "ipv6": "2001:DB8:0::7"},
            {"ip": IPv4Address("203.0.113.7"), "ipv6": IPv6Address("2001:db8::7")},
        ):
            self.assertEqual(valid_fields({**WHOLE, "context": given_})["context"], wanted)

    def test_none(self) -> None:
        """What is None is absent, but within free values."""
        fields = valid_fields({**WHOLE, "campaign": None, "context": {"locale": None, "extras": {"a": None}}})
        self.assertNotIn("campaign", fields)
        self.assertEqual(fields["context"], {"extras": {"a": None}})

    def test_iterators(self) -> None:
        """What can be read but once is read once: nothing of it is lost, nor what is wrong in it."""
        line, guest = {"product_id": "p", "units": 1.0}, {"label": "l", "role": "r"}
        for absent in ({}, {"campaign": None}):
            fields = valid_fields(
                {**WHOLE, **absent, "commerce": {"products": iter([line])}, "involves": iter([guest])}
            )
            self.assertEqual((fields["commerce"]["products"], fields["involves"]), ([line], [guest]))
        self.assertEqual(valid_fields({**WHOLE, "involves": (guest,)})["involves"], [guest])
        with self.assertRaises(ValidationError):
            valid_fields({**WHOLE, "commerce": {"products": iter([{**line, "unheard_of": 1}])}})

    def test_copied(self) -> None:
        """What the caller changes afterwards is not changed in the fields."""
        given_ = {**WHOLE, "traits": {"plan": "a", "own": {"list": [1]}}, "dimensions": {"a": "b"}}
        fields = valid_fields(given_)
        given_["traits"]["own"]["list"].append(2)
        given_["dimensions"]["a"] = "c"
        self.assertEqual(fields["traits"]["own"], {"list": [1]})
        self.assertEqual(fields["dimensions"], {"a": "b"})

    def test_custom(self) -> None:
        """The custom keys of an open object are beside its fields, as a model's are in its dump."""
        event = event_of({**WHOLE, "traits": Traits.model_validate({"plan": "a", "own": 1})})
        self.assertIsInstance(event, SemanticEvent)
        self.assertEqual(fields_of(event)["traits"], {"plan": "a", "own": 1})
        self.assertEqual(
            valid_fields({**WHOLE, "traits": {"own": 1, "plan": "a"}})["traits"], {"plan": "a", "own": 1}
        )


if __name__ == "__main__":
    unittest.main()
