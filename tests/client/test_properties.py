"""Properties: as text by default, with their JSON types where a destination's tracking plan asks for them."""

import json
import unittest
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum, IntEnum, StrEnum
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from semantic_events import Events, SemanticEvent

from segment_client import InvalidTypeError, InvalidValueError
from tests.client.support import ENTITY, ROOT, USER, recording_client
from tests.laws import law
from tests.strategies import json_values, texts


class Colour(Enum):
    """Plain."""

    RED = "red"
    CODE = 7


class Size(StrEnum):
    """Text."""

    LARGE = "large"


class Level(IntEnum):
    """A number."""

    HIGH = 3


CYCLE: list[Any] = [1]
CYCLE.append({"again": CYCLE})


def sent(properties: Any, **options: Any) -> dict[str, Any]:
    """Return the properties of a track on the wire."""
    client, transport = recording_client(**options)
    client.track(ROOT, "E", user_id=USER, properties=properties)
    found: dict[str, Any] = transport.events[0]["properties"]
    return found


class TextTest(unittest.TestCase):
    """Without `typed_properties`, in both formats."""

    CASES: tuple[tuple[Any, str], ...] = (
        (350, "350"),
        (-1, "-1"),
        (10**30, "1" + "0" * 30),
        (True, "True"),
        (False, "False"),
        (19.99, "19.99"),
        ("", ""),
        ("Zoë \U0001f600", "Zoë \U0001f600"),
        (datetime(2026, 1, 31, 9, 30, tzinfo=UTC), "2026-01-31T09:30:00+00:00"),
        (datetime(2026, 1, 31, 9, tzinfo=timezone(timedelta(hours=2))), "2026-01-31T09:00:00+02:00"),
        (date(2026, 1, 31), "2026-01-31"),
        (ENTITY, str(ENTITY)),
        (Decimal("19.990"), "19.990"),
        (Colour.RED, "red"),
        (Colour.CODE, "7"),
        (Size.LARGE, "large"),
        (Level.HIGH, "3"),
        ([], "[]"),
        ({}, "{}"),
        ([1, "é", None, True, 1.5], '[1,"é",null,true,1.5]'),
        ((1, 2), "[1,2]"),
        ({"a": {"b": [1, {"c": None}]}}, '{"a":{"b":[1,{"c":null}]}}'),
        (
            [Decimal("1.50"), ENTITY, date(2026, 1, 31), Size.LARGE],
            f'["1.50","{ENTITY}","2026-01-31","large"]',
        ),
        ({1: "a", Level.HIGH: "b", ENTITY: "c"}, f'{{"1":"a","3":"b","{ENTITY}":"c"}}'),
    )

    def test_texts(self) -> None:
        """Each value becomes its text: numbers and bools as Python writes them, the rest ISO 8601 or JSON."""
        for wire in ("segment", "semantic"):
            for value, text in self.CASES:
                with self.subTest(wire=wire, value=value):
                    self.assertEqual(sent({"value": value}, wire=wire), {"value": text})

    def test_none_is_left_out(self) -> None:
        """A property that is None is left out."""
        self.assertEqual(sent({"a": None, "b": 0}), {"b": "0"})

    def test_same_object_twice(self) -> None:
        """One list in two places is no cycle."""
        twice = [1]
        self.assertEqual(sent({"value": {"a": twice, "b": twice}}), {"value": '{"a":[1],"b":[1]}'})

    @law(60)
    @given(st.lists(json_values, max_size=3) | st.dictionaries(texts, json_values, max_size=3))
    def test_containers_are_json(self, value: Any) -> None:
        """The text of any list or dict is compact JSON that reads back as the same value."""
        text = sent({"value": value})["value"]
        self.assertEqual(json.loads(text), value)
        self.assertEqual(text, json.dumps(json.loads(text), ensure_ascii=False, separators=(",", ":")))


class RefusedTest(unittest.TestCase):
    """What can be no property, typed or as text."""

    def test_refused(self) -> None:
        """Cycles and other objects are a TypeError that names the path, and nothing is sent."""
        for path, value in (
            ("properties.value[1].again", CYCLE),
            ("properties.value", {1, 2}),
            ("properties.value", b"bytes"),
            ("properties.value", object()),
            ("properties.value", timedelta(1)),
            ("properties.value", Colour),
            ("properties.value.a[1]", {"a": [1, {2}]}),
            ("properties.value", {None: 1}),
            ("properties.value.a", {"a": {(1, 2): 1}}),
        ):
            for typed in (False, True):
                client, transport = recording_client(typed_properties=typed)
                with self.subTest(path, typed=typed), self.assertRaises(InvalidTypeError) as caught:
                    client.track(ROOT, "E", user_id=USER, properties={"value": value})
                self.assertRegex(str(caught.exception), f"^{path.replace('[', '.').replace(']', '.')} ")
                self.assertEqual(transport.requests, [])

    def test_too_deep(self) -> None:
        """A value nested deeper than JSON readers follow is refused with its path."""
        deep: Any = []
        for _ in range(5000):
            deep = [deep]
        with self.assertRaisesRegex(InvalidValueError, "properties.value.* nested deeper"):
            sent({"value": deep})

    def test_too_long(self) -> None:
        """A number of more digits than readers of JSON take is refused with its path, wherever it stands."""
        for long in (10**5000, [10**5000]):
            with self.assertRaisesRegex(InvalidValueError, r"^properties.value\S* is a number of too many"):
                sent({"value": long})
        client, transport = recording_client(typed_properties=True)
        for name in ("properties", "traits", "context"):
            fields: dict[str, Any] = {name: {"value": -(10**5000)}}
            with self.assertRaisesRegex(InvalidValueError, rf"^{name}.value is a number of too many"):
                client.track(ROOT, "E", user_id=USER, **fields)
        client.track(ROOT, "E", user_id=USER, properties={"value": 10**4000})
        self.assertEqual(transport.events[0]["properties"], {"value": 10**4000})


class TypedTest(unittest.TestCase):
    """With `typed_properties=True`."""

    def test_native_types(self) -> None:
        """JSON's own types stay in the segment format; all other values are text."""
        given_properties = {
            "int": 350,
            "bool": True,
            "float": 19.99,
            "text": "350",
            "list": [1, {"a": None, "when": date(2026, 1, 31)}],
            "decimal": Decimal("1.50"),
            "uuid": ENTITY,
            "level": Level.HIGH,
            "none": None,
        }
        expected = {
            **given_properties,
            "list": [1, {"a": None, "when": "2026-01-31"}],
            "decimal": "1.50",
            "uuid": str(ENTITY),
            "level": 3,
        }
        del expected["none"]
        found = sent(given_properties, typed_properties=True)
        self.assertEqual(found, expected)
        self.assertEqual({key: type(value) for key, value in found.items()}["bool"], bool)

    def test_semantic_stays_text(self) -> None:
        """The semantic format has text only, whatever the client is told."""
        self.assertEqual(sent({"a": 1, "b": None}, typed_properties=True, wire="semantic"), {"a": "1"})

    def test_other_calls(self) -> None:
        """Native types stand where the call type has its properties, and nowhere else."""
        for name, place in (("identify", ("context", "cxs")), ("screen", ()), ("page", ())):
            client, transport = recording_client(typed_properties=True)
            getattr(client, name)(ROOT, user_id=USER, properties={"a": 1})
            node = transport.events[0]
            for key in place:
                node = node[key]
            with self.subTest(name):
                self.assertEqual(node["properties"], {"a": 1})
                self.assertEqual("properties" in transport.events[0], not place)

    def test_no_finite_number(self) -> None:
        """NaN and infinities are refused with their path; as text they are sent."""
        for value in (float("nan"), float("inf"), -float("inf")):
            for path, properties in (
                ("properties.a", {"a": value}),
                (r"properties.a\[1\].b", {"a": [1, {"b": value}]}),
            ):
                with (
                    self.subTest(properties=properties),
                    self.assertRaisesRegex(InvalidValueError, f"^{path} "),
                ):
                    sent(properties, typed_properties=True)
        self.assertEqual(sent({"a": float("nan"), "b": [float("inf")]}), {"a": "nan", "b": '["inf"]'})

    def test_null_of_a_nullable_property(self) -> None:
        """An explicit None for a nullable catalogue property is null when typed, and left out as text."""
        for options, expected in (
            ({"typed_properties": True}, {"query": "q", "results_count": 0, "category": None}),
            ({}, {"query": "q", "results_count": "0"}),
            ({"wire": "semantic", "typed_properties": True}, {"query": "q", "results_count": "0"}),
        ):
            client, transport = recording_client(**options)
            Events(client).search_performed(
                root_event_gid=ROOT, user_id=USER, query="q", results_count=0, category=None
            )
            with self.subTest(options):
                self.assertEqual(transport.events[0]["properties"], expected)

    def test_property_that_is_not_given(self) -> None:
        """A catalogue property that is not given is never sent, not as null either."""
        client, transport = recording_client(typed_properties=True)
        Events(client).search_performed(root_event_gid=ROOT, user_id=USER, query="q", results_count=3)
        self.assertEqual(transport.events[0]["properties"], {"query": "q", "results_count": 3})

    def test_catalogue_types(self) -> None:
        """A catalogue property of a wrong type is refused before anything is sent."""
        client, transport = recording_client()
        wrong: Any = "many"
        with self.assertRaisesRegex(ValidationError, "results_count"):
            Events(client).search_performed(root_event_gid=ROOT, user_id=USER, query="q", results_count=wrong)
        self.assertEqual(transport.requests, [])

    def test_before_send_wins(self) -> None:
        """A property that before_send changes or takes out goes as the event then has it."""

        def change(event: SemanticEvent) -> SemanticEvent:
            assert event.properties is not None
            event.properties = {"kept": event.properties["kept"], "changed": "two", "added": "3"}
            return event

        found = sent({"kept": 1, "changed": 2, "gone": 4}, typed_properties=True, before_send=change)
        self.assertEqual(found, {"kept": 1, "changed": "two", "added": "3"})

    def test_before_send_takes_all(self) -> None:
        """When before_send takes out all properties, none is sent."""

        def clear(event: SemanticEvent) -> SemanticEvent:
            event.properties = None
            return event

        client, transport = recording_client(typed_properties=True, before_send=clear)
        client.track(ROOT, "E", user_id=USER, properties={"a": 1})
        self.assertNotIn("properties", transport.events[0])

    @law(60)
    @given(st.dictionaries(texts, json_values.filter(lambda value: value is not None), max_size=4))
    def test_any_json(self, properties: dict[str, Any]) -> None:
        """Any JSON value that is not null arrives as it was given."""
        self.assertEqual(sent(properties, typed_properties=True), properties)


if __name__ == "__main__":
    unittest.main()
