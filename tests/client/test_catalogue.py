"""What a catalogue event hands to the client: sent by exactly its names and values, with its provenance."""

import json
import unittest
from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from semantic_events import SemanticEvent, Traits
from semantic_events.properties import CatalogueProperties

from segment_client.wire import Identity, decode, encode
from tests.client.support import ENTITY, ROOT, USER, recording_client
from tests.laws import law
from tests.strategies import json_values, texts

NOW = datetime(2026, 1, 31, tzinfo=UTC)
STANDARD = st.sampled_from(["firstName", "first_name", "email", "age", "address", "createdAt", "id", "plan"])
ODD: dict[str, Any] = {
    "firstName": None,
    "first_name": "Ada",
    "age": "old",
    "address": "1 St James's Square",
    "createdAt": "2026-01-31T09:30:00+01:00",
    "plan": None,
    '"&<{{ }} 😀': [None, {"": None}],
    "a/b~c": {"x": 1},
    "-": "-",
}


def sent(call: str, values: dict[str, Any], *, bound: Any = None, **options: Any) -> dict[str, Any]:
    """Return what one call of a catalogue event sends."""
    client, transport = recording_client(ip=None, **options)
    scope = client.bind(**bound) if bound else client
    own = {"group_id": "g"} if call == "group" else {}
    section = "traits" if call in {"identify", "group"} else "properties"
    getattr(scope, call)(ROOT, user_id=USER, **own, **{section: CatalogueProperties(values)})
    return transport.events[0]


class TraitsTest(unittest.TestCase):
    """Traits of a tracking plan, on identify and group."""

    def test_exact(self) -> None:
        """Traits go as they were given, null too, where Segment's spec has other names or types for them."""
        for call in ("identify", "group"):
            self.assertEqual(sent(call, ODD)["traits"], ODD)

    def test_typed_too(self) -> None:
        """What the SemanticEvent can hold of them stands in its own fields as well."""
        event = sent("identify", {**ODD, "email": "a@example.com"}, wire="semantic")
        self.assertEqual(
            {key: event["traits"][key] for key in ("first_name", "email")},
            {"first_name": "Ada", "email": "a@example.com"},
        )
        self.assertNotIn("age", event["traits"])

    @law(80)
    @given(st.dictionaries(STANDARD | texts, json_values, max_size=5), st.sampled_from(["identify", "group"]))
    def test_law(self, traits: dict[str, Any], call: str) -> None:
        """In either format nothing is lost: whatever the traits, the call that is decoded again has them."""
        self.assertEqual(sent(call, traits).get("traits", {}), traits)
        event = decode(sent(call, traits, wire="semantic"), Identity(ENTITY, "default"), NOW)
        self.assertEqual(json.loads(encode(event, "segment")).get("traits", {}), traits)

    def test_scope(self) -> None:
        """An explicit null goes over what a scope has, and what only the scope has is kept."""
        bound = {"traits": {"plan": "free", "first_name": "Ada", "email": "a@example.com"}}
        traits = {"plan": None, "firstName": None}
        self.assertEqual(
            sent("identify", traits, bound=bound)["traits"], {**traits, "email": "a@example.com"}
        )
        event = sent("identify", traits, bound=bound, wire="semantic")
        self.assertEqual(event["traits"], {"email": "a@example.com"})

    def test_before_send(self) -> None:
        """A trait that before_send changes or takes out goes as the event then has it."""

        def change(event: SemanticEvent) -> SemanticEvent:
            assert event.traits is not None
            event.traits = Traits(first_name="Eve", email=event.traits.email)
            return event

        def clear(event: SemanticEvent) -> SemanticEvent:
            event.traits = None
            return event

        traits = {"first_name": "Ada", "email": "a@example.com", "nick": "A", "plan": None}
        expected = {"firstName": "Eve", "email": "a@example.com", "plan": None}
        self.assertEqual(sent("identify", traits, before_send=change)["traits"], expected)
        cleared = sent("identify", {"first_name": "Ada", "nick": "A", "age": "Ada"}, before_send=clear)
        self.assertNotIn("Ada", json.dumps(cleared))

    def test_plain_traits(self) -> None:
        """Traits that fit need nothing beside them; those of a plain call may be in either spelling."""
        self.assertNotIn("undo", json.dumps(sent("identify", {"firstName": "Ada", "plan": "free"})))
        client, transport = recording_client()
        client.identify(ROOT, user_id=USER, traits={"first_name": "Ada", "plan": None})
        self.assertEqual(transport.events[0]["traits"], {"firstName": "Ada"})


class PageTest(unittest.TestCase):
    """Properties of a page that Segment's spec has, where a plan types them otherwise."""

    def test_exact(self) -> None:
        """Null and other types are sent as they were given; texts stand in the context's page as well."""
        properties = {"url": "https://example.com/", "title": None, "path": 5, "search": {"q": None}}
        event = sent("page", properties, typed_properties=True)
        self.assertEqual(event["properties"], properties)
        self.assertEqual(event["context"]["page"], {"url": "https://example.com/"})


class ProvenanceTest(unittest.TestCase):
    """What an event says of where it is described."""

    PROVENANCE = {"plan": "tp_1", "eventVersion": "2"}  # noqa: RUF012 - nothing changes it

    def protocols(self, bound: Any, context: Any) -> Any:
        """Return what a call sends as context.protocols, with a context that is bound and one of its own."""
        client, transport = recording_client()
        scope = client.bind(context=bound) if bound is not None else client
        properties = CatalogueProperties({"a": 1}, self.PROVENANCE)
        scope.track(ROOT, "E", user_id=USER, properties=properties, context=context)
        return transport.events[0]["context"]["protocols"]

    def test_under_the_context(self) -> None:
        """It is sent as context.protocols, key by key under what the caller or a scope says there."""
        cases: tuple[tuple[Any, Any, Any], ...] = (
            (None, None, self.PROVENANCE),
            (None, {"locale": "en"}, self.PROVENANCE),
            (None, {"protocols": {"plan": "mine", "x": 1}}, {"plan": "mine", "eventVersion": "2", "x": 1}),
            ({"protocols": {"x": 1}}, None, {**self.PROVENANCE, "x": 1}),
            (
                {"protocols": {"x": 1}},
                {"extras": {"protocols": {"plan": None}}},
                {"plan": None, "eventVersion": "2"},
            ),
            (None, {"protocols": "off"}, "off"),
        )
        for bound, context, expected in cases:
            with self.subTest(bound=bound, context=context):
                self.assertEqual(self.protocols(bound, context), expected)

    def test_none(self) -> None:
        """An event without provenance says nothing there."""
        self.assertNotIn("protocols", sent("identify", {"a": 1})["context"])


if __name__ == "__main__":
    unittest.main()
