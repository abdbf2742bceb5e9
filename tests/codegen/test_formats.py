"""The text formats and free JSON from Python: which objects they take besides text."""

import json
import unittest
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from ipaddress import IPv4Address, IPv6Address
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter, ValidationError
from segment_codegen.support import formats
from semantic_events import SemanticEvent, Traits

from tests.codegen.subjects import SUBJECTS

ID = UUID("5f7e3c1a-8d4b-4f0e-9a57-2b6c1d9e8f30")
NOON = datetime(2026, 1, 31, 12, 0, 0, 250, UTC)
HALF_A_MINUTE = timezone(timedelta(seconds=30))
ADAPTERS: dict[str, TypeAdapter[Any]] = {
    "Uuid": TypeAdapter(formats.Uuid),
    "DateTime": TypeAdapter(formats.DateTime),
    "Date": TypeAdapter(formats.Date),
    "IPv4": TypeAdapter(formats.IPv4),
    "IPv6": TypeAdapter(formats.IPv6),
}
TAKEN: list[tuple[str, object, str]] = [
    ("Uuid", ID, str(ID)),
    ("DateTime", NOON, "2026-01-31T12:00:00.000250Z"),
    ("DateTime", NOON.astimezone(timezone(timedelta(hours=-3))), "2026-01-31T09:00:00.000250-03:00"),
    ("Date", date(2026, 1, 31), "2026-01-31"),
    ("IPv4", IPv4Address("10.0.0.1"), "10.0.0.1"),
    ("IPv6", IPv6Address("2001:db8::7"), "2001:db8::7"),
]
REFUSED: dict[str, list[object]] = {
    "Uuid": [ID.int, ID.bytes, ID.hex, str(ID).encode()],
    "DateTime": [
        NOON.replace(tzinfo=None),
        NOON.date(),
        1704067200,
        1704067200.0,
        b"2026-01-31T12:00:00Z",
        Decimal(1),
        datetime.min.replace(tzinfo=HALF_A_MINUTE),
    ],
    "Date": [NOON, NOON.replace(hour=0, microsecond=0), 20000, b"2026-01-31"],
    "IPv4": [12345, b"\n\0\0\1", IPv6Address("::1"), "10.0.0.1\n"],
    "IPv6": [1, bytes(16), IPv4Address("10.0.0.1"), "fe80::1%eth0", IPv6Address("fe80::1%eth0")],
}


class FormatsTest(unittest.TestCase):
    """Each format takes its own Python object, writes it as text, and says in one error what to pass."""

    def test_taken(self) -> None:
        """The format's object is kept as it is, and its JSON is text that reads as the same object."""
        for name, value, text in TAKEN:
            with self.subTest(name=name, value=value):
                adapter = ADAPTERS[name]
                self.assertEqual(adapter.validate_python(value), value)
                self.assertEqual(json.loads(adapter.dump_json(value)), text)
                self.assertEqual(adapter.dump_python(value, mode="json"), text)
                self.assertEqual(adapter.validate_python(text), value)
                self.assertEqual(adapter.validate_json(json.dumps(text)), value)

    def test_offset_of_seconds(self) -> None:
        """A time whose offset has seconds, as RFC 3339 has none, keeps its moment."""
        adapter, amsterdam = ADAPTERS["DateTime"], timezone(timedelta(minutes=19, seconds=32))
        taken = adapter.validate_python(NOON.astimezone(amsterdam))
        self.assertEqual(json.loads(adapter.dump_json(taken)), "2026-01-31T12:00:00.000250Z")

    def test_refused(self) -> None:
        """Numbers, bytes, naive times and other objects are refused with one error that shows good text."""
        for name, values in REFUSED.items():
            for value in values:
                with self.subTest(name=name, value=value), self.assertRaises(ValidationError) as caught:
                    ADAPTERS[name].validate_python(value)
                (error,) = caught.exception.errors()
                self.assertRegex(error["msg"], r"^Input should be an? .*, such as \S+$")

    def test_json_is_as_strict(self) -> None:
        """JSON text is read by the same rules; pydantic's own reading would take UUIDs without hyphens."""
        for name, text in (("Uuid", ID.hex), ("DateTime", "2026-01-31T12:00Z"), ("Date", "1704067200")):
            with self.subTest(name=name), self.assertRaises(ValidationError):
                ADAPTERS[name].validate_json(json.dumps(text))

    def test_json_schema(self) -> None:
        """The JSON Schema of a format is what the schema file says."""
        self.assertEqual(ADAPTERS["DateTime"].json_schema(), {"type": "string", "format": "date-time"})
        self.assertEqual(
            SemanticEvent.model_json_schema()["$defs"]["Context"]["properties"]["ip"]["anyOf"][0],
            {"type": "string", "format": "ipv4"},
        )


class FreeJsonTest(unittest.TestCase):
    """Free JSON is copied, and what JSON cannot say is refused with its place."""

    def test_copied(self) -> None:
        """What the caller passed is neither shared nor changed, and numbers stay what they are."""
        items: list[object] = [1, 1.0, 2**70, True, None, ("a",)]
        kept = Traits.model_validate({"custom": {"list": items}})
        items.append("later")
        expected = f'{{"custom":{{"list":[1,1.0,{2**70},true,null,["a"]]}}}}'
        self.assertEqual(kept.model_dump_json(exclude_none=True), expected)

    def test_refused(self) -> None:
        """Sets, bytes, NaN, keys that are no text and cycles are refused, null too as a custom trait."""
        cycle: list[object] = []
        cycle.append([cycle])
        for value, said in (
            ({"a": [{1}]}, "/a/0 is a set"),
            (b"a", "it is a bytes"),
            ([float("nan")], "/0 is no finite number"),
            ({1: "a"}, "it has a key that is a int"),
            (cycle, "/0/0 contains itself"),
            (None, "other than null"),
        ):
            with self.subTest(said=said), self.assertRaisesRegex(ValidationError, said):
                Traits.model_validate({"custom": value})


class ModelsTest(unittest.TestCase):
    """What models do beyond their fields."""

    def test_assignment(self) -> None:
        """Assigning a wrong value is refused; what was changed inside is checked when it is passed on."""
        event = SemanticEvent.model_validate(SUBJECTS["SemanticEvent"].minimal)
        with self.assertRaises(ValidationError):
            event.importance = 128
        event.properties = {"a": "b"}
        event.properties["c"] = 1  # type: ignore[assignment]  # the mistake that is tested
        with self.assertRaises(ValidationError):
            SemanticEvent.model_validate(event)

    def test_again(self) -> None:
        """An event that is validated again is the same, its custom traits in one place."""
        event = SemanticEvent.model_validate(
            {**SUBJECTS["SemanticEvent"].minimal, "traits": {"custom": {"a": [1]}}}
        )
        again = SemanticEvent.model_validate(event)
        self.assertEqual(again.model_dump_json(exclude_none=True), event.model_dump_json(exclude_none=True))
        assert again.traits is not None
        self.assertEqual(again.traits.model_extra, {"custom": {"a": [1]}})
        self.assertNotIn("__pydantic_extra__", vars(again.traits))

    def test_not_finite(self) -> None:
        """NaN and infinities are refused wherever a number stands."""
        minimal = SUBJECTS["SemanticEvent"].minimal
        for value in (float("nan"), float("inf")):
            for fields in ({"ttl_days": value}, {"metrics": {"a": value}}, {"commerce": {"revenue": value}}):
                with self.subTest(fields=fields), self.assertRaises(ValidationError):
                    SemanticEvent.model_validate({**minimal, **fields})

    def test_bytes_keys(self) -> None:
        """Bytes are no key of a map."""
        with self.assertRaises(ValidationError):
            SemanticEvent.model_validate({**SUBJECTS["SemanticEvent"].minimal, "properties": {b"a": "b"}})


if __name__ == "__main__":
    unittest.main()
