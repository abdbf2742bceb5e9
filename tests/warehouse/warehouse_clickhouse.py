"""The generated table in ClickHouse's own engine: what is inserted comes back equal, in the normal form."""

import json
import re
import unittest
from collections.abc import Iterable, Iterator
from copy import deepcopy
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from segment_codegen.load import Document
from segment_codegen.resolve import resolve
from segment_codegen.warehouse.clickhouse import create_table
from segment_codegen.warehouse.columns import Table, plan_table
from segment_codegen.warehouse.migration import migrate
from semantic_events import SemanticEvent, from_row, to_row
from semantic_events.warehouse import COLUMNS

from tests.schema_files import sample
from tests.sources import ROOT
from tests.warehouse.engine import Engine, generated, statements
from tests.warehouse.events import DOCUMENTS, SCHEMA, normal, storable

COUNT = 100_000
BATCH = 20_000
DRAWN = 400
"""How many events are drawn of the whole schema; the others are these again, under other ids."""


def drawn(count: int) -> list[dict[str, Any]]:
    """Return so many events of the whole schema, the same ones in every run, one with every field first."""
    whole = storable(sample(SCHEMA, SCHEMA))
    found = [{**whole, "traits": {**whole["traits"], "größe": {"a": [1, None, 2**80, 1.0]}}}]

    @settings(
        max_examples=count // 10,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(DOCUMENTS, min_size=10, max_size=10))
    def draw(documents: list[dict[str, Any]]) -> None:
        found.extend(documents)

    draw()
    return found[:count]


def numbered(documents: list[dict[str, Any]], count: int) -> Iterator[dict[str, Any]]:
    """Yield so many events: these over and over, each with ids and a time of its own."""
    for number in range(count):
        yield documents[number % len(documents)] | own(number)


def own(number: int) -> dict[str, Any]:
    """Return what an event of this number has for itself; the times are of four months, some before 1970."""
    return {
        "partition": "test",
        "event_gid": str(UUID(int=number)),
        "message_id": f"m{number:06}",
        "timestamp": f"{1960 + number % 2 * 60}-0{number % 4 + 1}-28T12:00:00.{number:06}Z",
    }


def events(documents: Iterable[dict[str, Any]]) -> Iterator[SemanticEvent]:
    """Yield the events of documents."""
    return (SemanticEvent.model_validate(document) for document in documents)


class TableTest(unittest.TestCase):
    """`clickhouse.sql`."""

    def test_columns(self) -> None:
        """The table has the columns of the rows, in their order, each with a description."""
        with Engine() as engine:
            engine.run_all(generated("clickhouse.sql"))
            told = engine.select("SELECT name, comment FROM system.columns WHERE table = 'semantic_events'")
            self.assertEqual(tuple(each["name"] for each in told), COLUMNS)
            self.assertEqual([each["name"] for each in told if not each["comment"]], [])

    def test_round_trip(self) -> None:
        """100,000 events, drawn from the whole schema, are read back equal in the normal form."""
        documents = list(numbered(drawn(DRAWN), DRAWN))
        rows = list(map(to_row, events(documents)))
        first: list[dict[str, Any]] = []
        with Engine() as engine:
            engine.run_all(generated("clickhouse.sql"))
            for start in range(0, COUNT, BATCH):
                numbers = range(start, start + BATCH)
                engine.insert("semantic_events", (rows[each % DRAWN] | own(each) for each in numbers))
            count = 0
            for count, row in enumerate(engine.stream_events(), 1):
                number = count - 1
                if number < DRAWN:
                    self.assertEqual(from_row(row), normal(documents[number]))
                    first.append(row)
                self.assertEqual(row, first[number % DRAWN] | own(number))
        self.assertEqual(count, COUNT)

    def test_defaults(self) -> None:
        """A row of which only the key was inserted is the bare event: what the table fills in is absent."""
        bare = {name: value for name, value in sample(SCHEMA, SCHEMA).items() if name in SCHEMA["required"]}
        with Engine() as engine:
            engine.run_all(generated("clickhouse.sql"))
            engine.insert("semantic_events", [bare])
            (row,) = engine.events()
        self.assertEqual(from_row(row), SemanticEvent.model_validate(bare))


class MigrationTest(unittest.TestCase):
    """What `segment-codegen diff` says of the table."""

    def test_alter(self) -> None:
        """The statements make the table of an older schema that of this one, with what was in it."""
        old = older(SCHEMA)
        before, after = (planned(each) for each in (old, SCHEMA))
        found = migrate(before, after)
        self.assertEqual((len(found.statements), found.refused), (6, ()))
        event = {**storable(sample(old, old)), "involves": [{"role": "buyer"}, {"role": "seller"}]}
        with Engine() as engine:
            engine.run(create_table(before).removesuffix(";\n"))
            row = to_row(SemanticEvent.model_validate(event))
            columns = {column.name for column in before.columns}
            engine.insert("semantic_events", [{name: row[name] for name in row.keys() & columns}])
            for statement in found.statements:
                engine.run(statement.removesuffix(";"))
            engine.run_all(generated("clickhouse.sql").replace("`semantic_events`", "made", 1))
            told = "SELECT name, type, comment FROM system.columns WHERE table = '{}'"
            altered, made = (engine.select(told.format(name)) for name in ("semantic_events", "made"))
            self.assertEqual(altered, made)
            (back,) = engine.events()
        self.assertEqual(from_row(back), normal(event))


def older(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a schema of which this one may have come: with less columns, and with smaller types."""
    old = deepcopy(schema)
    involved, access, screen = (old["$defs"][name]["properties"] for name in ("Involved", "Access", "Screen"))
    del involved["label"], old["$defs"]["Page"]["properties"]["title"]
    access["type"] |= {"x-clickhouse": "Enum8('Blacklisted'=1)", "enum": ["Blacklisted"]}
    access["label"]["x-clickhouse"] = "String"
    screen["width"] |= {"x-clickhouse": "Int8", "minimum": -128, "maximum": 127}
    old["properties"]["ttl_days"]["x-clickhouse"] = "Float32"
    for name in ("Access", "Screen"):
        for each in old["$defs"][name]["properties"].values():
            each.pop("examples", None)
    access["type"]["examples"], access["label"]["examples"] = ["Blacklisted"], ["a"]
    access["user_gid"]["examples"] = access["organization_gid"]["examples"] = [str(UUID(int=3))]
    access["date_from"]["examples"] = access["date_to"]["examples"] = ["2025-01-01T00:00:00Z"]
    for name, each in screen.items():
        each["examples"] = ["Home" if name == "name" else 100]
    return old


def planned(schema: dict[str, Any]) -> Table:
    """Return the table of a schema."""
    made = plan_table(resolve(Document("event.schema.json", schema)), "event.schema.json")
    assert made is not None
    return made


class DocumentTest(unittest.TestCase):
    """`docs/warehouse.md`."""

    def test_queries(self) -> None:
        """Every query of the page runs, and the one about products answers what was bought."""
        text = (ROOT / "docs" / "warehouse.md").read_text("utf-8")
        queries = [
            each for block in re.findall(r"```sql\n(.*?)```", text, re.DOTALL) for each in statements(block)
        ]
        self.assertGreater(len(queries), 5)
        products = [
            {"sku": "a", "units": 2.0, "unit_price": 1.5},
            {"sku": "b", "units": 1.0, "unit_price": 9.0},
        ]
        order = sample(SCHEMA, SCHEMA) | {"event": "Order Completed", "commerce": {"products": products}}
        with Engine() as engine:
            engine.run_all(generated("clickhouse.sql"))
            engine.insert("semantic_events", map(to_row, events(numbered([order], 3))))
            answers = [engine.select(each) for each in queries]
        bought = [{"sku": "b", "sold": 3, "revenue": 27}, {"sku": "a", "sold": 6, "revenue": 9}]
        self.assertIn(bought, answers)


class TopicTest(unittest.TestCase):
    """`kafka.sql`, its views unchanged, over tables that stand for those of the topics."""

    def setUp(self) -> None:
        """Make the tables and the views."""
        self.engine = self.enterContext(Engine())
        self.engine.run_all(generated("clickhouse.sql"))
        self.engine.read_topics()

    def test_views_agree(self) -> None:
        """Messages become the rows that `to_row` makes of their events, over the whole schema."""
        documents = [within_64_bits(each) for each in numbered(drawn(DRAWN), DRAWN)]
        messages = [{"_message": each.model_dump_json(exclude_none=True)} for each in events(documents)]
        self.engine.insert("semantic_events_topic", messages)
        self.engine.run("CREATE TABLE inserted AS semantic_events")
        self.engine.insert("inserted", map(to_row, events(documents)))
        read, inserted = self.engine.events(), self.engine.events("inserted")
        self.assertEqual(len(read), DRAWN)
        for one, other in zip(read, inserted, strict=True):
            self.assertEqual(comparable(one), comparable(other))
        self.assertEqual(self.engine.select("SELECT * FROM semantic_events_rejected"), [])

    def test_no_events(self) -> None:
        """What is no event is kept as it is with what is wrong with it, and is no row."""
        (good,) = events(numbered([sample(SCHEMA, SCHEMA)], 1))
        unsure = {**json.loads(good.model_dump_json(exclude_none=True)), "timestamp": "soon"}
        raw = [json.dumps(unsure), '{"a": 1}', "{broken"]
        self.engine.insert(
            "semantic_events_topic",
            [
                {"_message": raw[0]},
                {"_message": raw[1]},
                {"_message": "", "_error": "Cannot parse", "_raw_message": raw[2]},
            ],
        )
        self.assertEqual(self.engine.events(), [])
        found = {each["raw"]: each for each in self.engine.select("SELECT * FROM semantic_events_rejected")}
        self.assertEqual(found.keys(), set(raw))
        late, other, broken = (found[each] for each in raw)
        self.assertEqual(errors(late), [("timestamp", "missing or malformed", "no_event")])
        self.assertEqual(set(other["errors.path"]), set(SCHEMA["required"]))
        self.assertEqual(errors(broken), [("", "Cannot parse", "no_json")])

    def test_rejected(self) -> None:
        """The topic of what was rejected fills its table; a message of another form is kept whole."""
        error = {"path": "/user_id", "message": "Input should be text", "type": "string_type"}
        told = {"errors": [error], "raw": '{"user_id": 1}'}
        moment = "2026-01-31T09:30:00.000001Z"
        self.engine.insert(
            "semantic_events_rejected_topic",
            [
                {"_message": json.dumps({"received_at": moment, **told})},
                {"_message": '{"x": 1}'},
                {"_message": "", "_error": "Cannot parse", "_raw_message": "{broken"},
            ],
        )
        found = self.engine.select("SELECT * FROM semantic_events_rejected ORDER BY received_at, raw DESC")
        self.assertEqual(
            [(each["raw"], errors(each)) for each in found],
            [
                ('{"user_id": 1}', [tuple(error.values())]),
                ("{broken", [("", "Cannot parse", "no_json")]),
                ('{"x": 1}', []),
            ],
        )
        self.assertEqual(found[0]["received_at"], moment)


def errors(rejected: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Return path, message and type of each error of a row."""
    columns = (rejected[f"errors.{name}"] for name in ("path", "message", "type"))
    return list(zip(*columns, strict=True))


def comparable(row: dict[str, Any]) -> dict[str, Any]:
    """Return the row with its JSON texts parsed, numbers as floats: another program writes them otherwise."""
    texts = ("context.extras", "traits.extras")
    return row | {name: json.loads(row[name] or "null", parse_int=float) for name in texts}


def within_64_bits(value: Any) -> Any:
    """Return a document without integers that ClickHouse's reader of JSON does not take for integers."""
    if isinstance(value, dict):
        return {key: within_64_bits(each) for key, each in value.items()}
    if isinstance(value, list):
        return [within_64_bits(each) for each in value]
    return value % 2**63 if type(value) is int and abs(value) >= 2**63 else value


if __name__ == "__main__":
    unittest.main()
