"""The law of the warehouse's rows: an event that becomes one, and an event again, is the same."""

import struct
import unittest
from datetime import UTC, datetime, timedelta, timezone
from ipaddress import IPv4Address
from typing import Any
from uuid import UUID

from hypothesis import given
from semantic_events import RowError, SemanticEvent, from_row, to_row
from semantic_events.warehouse import CELLS, COLUMNS, to_sparse_row

from tests.laws import law
from tests.schema_files import sample
from tests.warehouse.events import DOCUMENTS, SCHEMA, normal, storable

MINIMAL = {name: value for name, value in sample(SCHEMA, SCHEMA).items() if name in SCHEMA["required"]} | {
    "type": "track"
}


def event(**fields: object) -> SemanticEvent:
    """Make an event of the required fields and these."""
    return SemanticEvent.model_validate({**MINIMAL, **fields})


class RoundTripTest(unittest.TestCase):
    """Event to row and back."""

    @law(120)
    @given(DOCUMENTS)
    def test_any(self, document: dict[str, Any]) -> None:
        """Any event comes back equal in its normal form, and in this form it stays."""
        back = from_row(to_row(SemanticEvent.model_validate(document)))
        self.assertEqual(back, normal(document))
        self.assertEqual(from_row(to_row(back)), back)

    def test_every_field(self) -> None:
        """An event with every field of the schema uses every column, and comes back equal."""
        whole = storable(
            {**sample(SCHEMA, SCHEMA), "traits": {**sample(SCHEMA, SCHEMA)["traits"], "shoe": 43}}
        )
        row = to_row(SemanticEvent.model_validate(whole))
        self.assertEqual(from_row(row), normal(whole))
        bare = to_row(event())
        used = {"entity_gid", "timestamp", "type", "event", "event_gid", "message_id", "partition"}
        same = {column for column in COLUMNS if row[column] == bare[column]}
        self.assertLessEqual(same, {*used, "root_event_gid"})

    def test_columns(self) -> None:
        """A row has every column, in the order of the table."""
        self.assertEqual(tuple(to_row(event())), COLUMNS)
        self.assertEqual(len(COLUMNS), 299)

    def test_rows_share_nothing(self) -> None:
        """What is done to one row is done to no other."""
        first, second = to_row(event()), to_row(event())
        for column, value in first.items():
            if isinstance(value, dict | list):
                self.assertIsNot(value, second[column])

    def test_sparse(self) -> None:
        """A sparse row has the columns of which the event says something; others are as cells say."""
        given = event(user_id="u", involves=[{"role": "buyer"}])
        sparse, whole = to_sparse_row(given), {cell.column: cell.absent for cell in CELLS}
        self.assertEqual(whole | sparse, to_row(given))
        involves = {column for column in COLUMNS if column.startswith("involves.")}
        self.assertEqual(sparse.keys(), MINIMAL.keys() | {"user_id"} | involves)


class NormalFormTest(unittest.TestCase):
    """What comes back otherwise than it was."""

    def test_times(self) -> None:
        """A time is in UTC to the microsecond, whatever its offset was."""
        there = datetime(1968, 2, 29, 23, 59, 59, 999_999, timezone(timedelta(hours=-11)))
        back = from_row(to_row(event(timestamp=there))).timestamp
        self.assertEqual((back, back.utcoffset()), (there, timedelta(0)))

    def test_floats(self) -> None:
        """A number in a Float32 column is rounded to single precision, one in a Float64 column is not."""
        row = to_row(event(metrics={"share": 0.1}, ttl_days=0.1))
        single = struct.unpack("<f", struct.pack("<f", 0.1))[0]
        self.assertEqual((row["metrics"], row["ttl_days"]), ({"share": single}, 0.1))

    def test_empty_is_absent(self) -> None:
        """What is empty is absent where its column cannot be null, and kept where it can."""
        given = event(app={"name": ""}, user_id="", customer_facing=0, involves=[], properties={}, context={})
        back = from_row(to_row(given))
        self.assertEqual(back, event(user_id=""))

    def test_lists_keep_their_places(self) -> None:
        """An empty object of a list stays at its place; a list of nothing but such objects is absent."""
        given = event(involves=[{}, {"role": "buyer"}, {}])
        self.assertEqual(from_row(to_row(given)), given)
        for empty in (event(involves=[{}, {}]), event(involves=[{"role": ""}])):
            self.assertEqual(from_row(to_row(empty)), event())

    def test_required_text(self) -> None:
        """A required text may be empty."""
        given = event(sentiment=[{"type": "Praise", "sentiment": ""}])
        self.assertEqual(from_row(to_row(given)), given)

    def test_custom_traits(self) -> None:
        """Custom traits are text of JSON in a column of their own, integers of any size too."""
        given = event(traits={"plan": "pro", "größe": {"a": [1, None, 2**80]}})
        row = to_row(given)
        self.assertEqual(row["traits.extras"], '{"größe":{"a":[1,null,1208925819614629174706176]}}')
        self.assertEqual(from_row(row), given)


class ReadTest(unittest.TestCase):
    """Rows as different clients of the warehouse answer them."""

    def test_texts(self) -> None:
        """Identifiers and addresses may be text, and a time without an offset is in UTC."""
        given = event(context={"ip": "203.0.113.7"}, user_gid=UUID(int=5))
        row = to_row(given)
        self.assertEqual(row["context.ip"], IPv4Address("203.0.113.7"))
        moment = given.timestamp.astimezone(UTC).replace(tzinfo=None)
        texts = {"context.ip": "203.0.113.7", "user_gid": str(UUID(int=5)), "timestamp": moment}
        self.assertEqual(from_row({**row, **texts}), given)

    def test_some_columns(self) -> None:
        """Columns that were not selected are absent."""
        row = to_row(event(user_id="u", page={"title": "Home"}))
        some = {column: row[column] for column in ("user_id", *MINIMAL)}
        self.assertEqual(from_row(some), event(user_id="u"))

    def test_unknown_column(self) -> None:
        """A column that the table does not have is an error that names it."""
        with self.assertRaisesRegex(RowError, "no such columns: loaded_at"):
            from_row({**to_row(event()), "loaded_at": 1})

    def test_uneven_lists(self) -> None:
        """Columns of one list that differ in length are an error that names one."""
        row = to_row(event(involves=[{"role": "buyer"}]))
        with self.assertRaisesRegex(RowError, r"involves\.\w+: the columns of a list have different lengths"):
            from_row({**row, "involves.role": ["a", "b"]})

    def test_other_types(self) -> None:
        """What a column cannot hold is an error that names the column and not the value."""
        row = to_row(event())
        for column, value in (("metrics", {"a": "hidden"}), ("traits.extras", "hidden"), ("properties", 5)):
            with self.assertRaises(RowError) as caught:
                from_row({**row, column: value})
            self.assertEqual(str(caught.exception), f"{column}: it is nothing that the column holds")
        with self.assertRaisesRegex(RowError, "involves.label: it is no list"):
            from_row({**row, "involves.label": "hidden"})


class RangeTest(unittest.TestCase):
    """What ClickHouse would store as something else is refused before."""

    def refused(self, column: str, secret: str, **fields: object) -> None:
        """Assert that no row can be made, and that the error names the column but not the value."""
        with self.assertRaises(RowError) as caught:
            to_row(event(**fields))
        self.assertRegex(str(caught.exception), rf"^{column}: the column holds .+ only$")
        self.assertNotIn(secret, str(caught.exception))

    def test_times(self) -> None:
        """Times and dates outside of 1900 to 2299 are refused, also where only their time in UTC is."""
        self.refused("timestamp", "1899", timestamp="1899-12-31T23:59:59Z")
        self.refused("timestamp", "1900-01-01T00", timestamp="1900-01-01T00:30:00+01:00")
        self.refused("local_time", "9999", local_time="9999-12-31T23:59:59-11:00")
        self.refused("traits.birthday", "1812", traits={"birthday": "1812-02-07"})
        self.refused(
            "access.date_to",
            "2300",
            access=[{"type": "Whitelisted", "user_gid": UUID(int=1), "date_to": "2300-01-01T00:00:00Z"}],
        )

    def test_floats(self) -> None:
        """Numbers beyond Float32 are refused, also in a map and in a list."""
        self.refused("metrics", "1e[+]39", metrics={"secret": 1e39})
        self.refused("involves.capacity", "1e[+]39", involves=[{"capacity": -1e39}])

    def test_ends(self) -> None:
        """The ends of the ranges are kept."""
        for moment in ("1900-01-01T00:00:00Z", "2299-12-31T23:59:59.999999Z"):
            self.assertEqual(from_row(to_row(event(timestamp=moment))), event(timestamp=moment))
        largest = struct.unpack("<f", b"\xff\xff\x7f\x7f")[0]
        self.assertEqual(to_row(event(metrics={"a": largest}))["metrics"], {"a": largest})


if __name__ == "__main__":
    unittest.main()
