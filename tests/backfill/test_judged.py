"""How a record is judged: by what the models say, in either format, without a value in what is said."""

import json
import unittest
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from ipaddress import IPv4Address, IPv6Address
from typing import Any
from uuid import UUID

from hypothesis import given
from semantic_events import SemanticEvent, to_row
from semantic_events.warehouse import CELLS

from segment_client.backfill.judged import Flaw, Judge
from segment_client.backfill.records import Record, Unreadable
from segment_client.wire import encode
from tests.laws import law
from tests.schema_files import sample
from tests.warehouse.events import DOCUMENTS, SCHEMA, storable

ENTITY = UUID(int=7)
NOW = datetime(2026, 1, 31, tzinfo=UTC)
JUDGE = Judge(ENTITY, "main", NOW)
ABSENT = {cell.column: cell.absent for cell in CELLS}
WHOLE = storable(sample(SCHEMA, SCHEMA))


def judged(value: Any, judge: Judge = JUDGE) -> dict[str, object] | list[Flaw]:
    """Judge a line that holds this JSON, or is these bytes."""
    line = value if isinstance(value, bytes) else json.dumps(value).encode()
    return judge.judge(Record(12, line))


class GoodTest(unittest.TestCase):
    """Records that are events."""

    @law(40)
    @given(DOCUMENTS)
    def test_semantic(self, document: dict[str, Any]) -> None:
        """An event in its own format becomes its row, `received_at` too, but without a write key."""
        row = judged(document)
        assert isinstance(row, dict)
        kept = {name: value for name, value in document.items() if name != "write_key"}
        self.assertEqual(ABSENT | row, to_row(SemanticEvent.model_validate(kept)))

    def test_segment(self) -> None:
        """An event in Segment's format becomes the same row."""
        document = {name: value for name, value in WHOLE.items() if name not in ("received_at", "write_key")}
        event = SemanticEvent.model_validate(document)
        row = judged(encode(event, "segment"))
        assert isinstance(row, dict)
        self.assertEqual(ABSENT | row, to_row(event))

    def test_foreign(self) -> None:
        """A call that names less gets entity, partition and time of the backfill, and ids that stay."""
        call = {"type": "track", "event": "Signed Up", "userId": "u", "writeKey": "secret"}
        row = judged(call)
        assert isinstance(row, dict)
        self.assertEqual(
            (row["entity_gid"], row["partition"], row["timestamp"], row["user_id"]),
            (ENTITY, "main", NOW, "u"),
        )
        self.assertNotIn("write_key", row)
        self.assertEqual(judged(call), row)

    def test_row(self) -> None:
        """A row of the warehouse's table, as Parquet holds it, is its event."""
        event = SemanticEvent.model_validate(WHOLE)
        objects = (UUID, IPv4Address, IPv6Address)
        texts = {
            column: str(value) if isinstance(value, objects) else value
            for column, value in to_row(event).items()
        }
        row = JUDGE.judge(Record(0, texts))
        assert isinstance(row, dict)
        self.assertEqual(ABSENT | row, to_row(event))

    def test_columns(self) -> None:
        """A row of Parquet whose columns are an event's fields, with nulls, times and days, is the event."""
        timestamp, day = datetime(2025, 3, 1, 12, tzinfo=UTC), datetime(2025, 3, 1, tzinfo=UTC).date()
        value = {**WHOLE, "timestamp": timestamp, "commerce": {"business_day": day}, "user_id": None}
        row = JUDGE.judge(Record(0, value))
        assert isinstance(row, dict)
        self.assertEqual((row["timestamp"], row["commerce.business_day"]), (timestamp, day))
        self.assertNotIn("user_id", row)

    def test_values_of_parquet(self) -> None:
        """A row may hold what JSON has no form for: decimals are numbers, other keys than texts are texts."""
        call = {"type": "track", "event": "E", "userId": "u"}
        properties = {"price": Decimal("1.10"), "count": Decimal(2**70), "by_day": {date(2026, 1, 31): 1}}
        row = JUDGE.judge(Record(0, {**call, "properties": properties}))
        plain = {"price": 1.1, "count": 2**70, "by_day": {"2026-01-31": 1}}
        self.assertEqual(row, JUDGE.judge(Record(0, {**call, "properties": plain})))
        self.assertIsInstance(row, dict)


class BadTest(unittest.TestCase):
    """Records that are none."""

    def assert_flaw(self, judged: object, path: str, kind: str) -> None:
        """Assert that there is one flaw, there and of this type, and that it says nothing of the data."""
        assert isinstance(judged, list)
        ((flaw),) = judged
        self.assertEqual((flaw.path, flaw.type), (path, kind))
        self.assertNotIn("hidden", flaw.message)

    def test_flaws(self) -> None:
        """What is no JSON, no object, no event or out of a column's range says where and why."""
        self.assert_flaw(judged(b'{"hidden": tru'), "", "invalid_json")
        self.assert_flaw(judged(b'{"hidden": NaN}'), "", "invalid_json")
        self.assert_flaw(judged(b"\xff"), "", "invalid_json")
        self.assert_flaw(judged(["hidden"]), "", "invalid_shape")
        self.assert_flaw(judged({**WHOLE, "timestamp": "hidden"}), "timestamp", "date-time_format")
        self.assert_flaw(judged({**WHOLE, "timestamp": "1812-02-07T00:00:00Z"}), "timestamp", "out_of_range")
        self.assert_flaw(judged({**WHOLE, "metrics": {"hidden": 1e39}}), "metrics", "out_of_range")
        self.assert_flaw(JUDGE.judge(Record(0, Unreadable("cut off"))), "", "unreadable")

    def test_deep(self) -> None:
        """A record that is nested beyond measure is refused, and stops nothing."""
        deep = b'{"a":' * 100_000 + b"1" + b"}" * 100_000
        self.assertIsInstance(judged(deep), list)

    def test_other_values_of_parquet(self) -> None:
        """Bytes, times of day and the like are refused, with or without a message id, and kept as texts."""
        for value in (b"hidden", time(1), timedelta(1)):
            for more in ({}, {"messageId": "m"}):
                properties = {"a": value, "b": {date(2026, 1, 31): 1}}
                record = Record(
                    0, {"type": "track", "event": "E", "userId": "u", "properties": properties, **more}
                )
                self.assert_flaw(JUDGE.judge(record), "", "invalid_call")
                self.assertEqual(json.loads(record.raw)["properties"]["b"], {"2026-01-31": 1})

    def test_columns_of_other_types(self) -> None:
        """A row whose column is of another type than the table's is refused, and the column named."""
        event = SemanticEvent.model_validate(WHOLE)
        for cell in CELLS:
            for value in (b"hidden", 5, ["hidden", 1], {"hidden": None}, date(1, 1, 1)):
                judged = JUDGE.judge(Record(0, to_row(event) | {cell.column: value}))
                if isinstance(judged, list):
                    self.assertNotIn("hidden", judged[0].message)

    def test_no_entity(self) -> None:
        """A call that names no entity is refused where none was given, with what to pass."""
        call = {"type": "track", "event": "E", "userId": "u"}
        self.assert_flaw(judged(call, Judge(None, "main", NOW)), "entity_gid", "no_entity")


if __name__ == "__main__":
    unittest.main()
