"""The law of the wire: an event that is encoded and decoded is the same event."""

import json
import unittest
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st
from semantic_events import Context, SemanticEvent

from segment_client.wire import Identity, decode, encode
from tests.laws import law
from tests.schema_files import EVENT_FILE, load, sample
from tests.strategies import documents, json_values

SCHEMA = load(EVENT_FILE)
SENT = {**SCHEMA, "properties": {k: v for k, v in SCHEMA["properties"].items() if not v.get("readOnly")}}
OTHER = Identity(UUID(int=7), "another")
NOW = datetime(2026, 1, 31, tzinfo=UTC)
EVENTS = documents(SCHEMA, SENT).map(SemanticEvent.model_validate)
POINTERS = st.lists(
    st.sampled_from(["properties", "context", "cxs", "a", "a~1b", "traits", "messageId", "v"]), max_size=3
)
ORIGINALS = st.dictionaries(POINTERS.map(lambda keys: "/" + "/".join(keys)), json_values, max_size=3)


def over_the_wire(event: SemanticEvent) -> SemanticEvent:
    """Encode and decode an event in Segment's format."""
    return decode(json.loads(encode(event, "segment")), OTHER, NOW)


class RoundTripTest(unittest.TestCase):
    """semantic -> wire -> semantic."""

    @law(150)
    @given(EVENTS)
    def test_segment(self, event: SemanticEvent) -> None:
        """Any event comes back equal from Segment's format."""
        self.assertEqual(over_the_wire(event), event)

    @law(50)
    @given(EVENTS)
    def test_semantic(self, event: SemanticEvent) -> None:
        """Any event comes back equal from the semantic format."""
        self.assertEqual(decode(json.loads(encode(event, "semantic")), OTHER, NOW), event)

    @law(80)
    @given(EVENTS, ORIGINALS)
    def test_originals(self, event: SemanticEvent, originals: dict[str, Any]) -> None:
        """An event whose extras hold originals, of whatever making, comes back equal."""
        originals.pop("/context", None)  # a call without a context cannot carry the fields of ours
        event.context = Context(extras={"segment": originals, "a": 1})
        self.assertEqual(over_the_wire(event), event)

    def test_every_field(self) -> None:
        """An event with every field of the schema comes back equal for each call type, in both formats."""
        whole = sample(SCHEMA, SENT)
        for call_type in SCHEMA["properties"]["type"]["enum"]:
            event = SemanticEvent.model_validate({**whole, "type": call_type})
            with self.subTest(call_type):
                self.assertEqual(over_the_wire(event), event)
                self.assertEqual(decode(json.loads(encode(event, "semantic")), OTHER, NOW), event)


if __name__ == "__main__":
    unittest.main()
