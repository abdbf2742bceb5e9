"""What the generator makes of the annotations, and what it refuses."""

import unittest

from segment_codegen.errors import SchemaError
from segment_codegen.load import Document
from segment_codegen.resolve import resolve
from segment_codegen.warehouse.clickhouse import create_table
from segment_codegen.warehouse.columns import Table, plan_table

from tests.codegen.schemas import Node

TABLE: Node = {
    "name": "semantic_events",
    "engine": "ReplacingMergeTree",
    "partitionBy": ["toYYYYMM(at)"],
    "orderBy": ["id", "at"],
}


def table(properties: Node, **more: object) -> Table:
    """Plan the table of a schema with these properties."""
    root: Node = {
        "title": "SemanticEvent",
        "description": "It's a thing.",
        "x-version": "1.0.0",
        "x-clickhouse-table": TABLE,
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
        **more,
    }
    document = Document("event.schema.json", root)
    planned = plan_table(resolve(document), document.file)
    assert planned is not None
    return planned


def leaf(column: str, **more: object) -> Node:
    """Describe a field with a column."""
    return {"type": "string", "description": "A field.", "x-clickhouse": column, **more}


class ColumnTest(unittest.TestCase):
    """Annotations to columns."""

    def test_definition(self) -> None:
        """The definition names each column, with its type, description and compression, quoted."""
        said = create_table(table({"it's": leaf("Nullable(String)", **{"x-clickhouse-codec": "ZSTD(1)"})}))
        self.assertIn("`it's` Nullable(String) COMMENT 'A field.' CODEC(ZSTD(1))\n", said)
        self.assertIn("PARTITION BY (toYYYYMM(at))\nORDER BY (id, at)\n", said)
        self.assertIn(
            "\nSETTINGS non_replicated_deduplication_window = 1000\nCOMMENT 'It\\'s a thing.';\n", said
        )

    def test_types(self) -> None:
        """Times get microseconds, dates the wide type, and only text is of low cardinality."""
        cases = {
            ("DateTime64", "date-time"): "DateTime64(6, 'UTC')",
            ("Nullable(Date)", "date"): "Nullable(Date32)",
            ("LowCardinality(Date32)", "date"): "Date32",
            ("LowCardinality(UUID)", "uuid"): "UUID",
            ("LowCardinality(Nullable(UUID))", "uuid"): "Nullable(UUID)",
        }
        for (column, kind), expected in cases.items():
            (planned,) = table({"a": leaf(column, format=kind)}).columns
            self.assertEqual(planned.type.sql, expected)
        for column in ("LowCardinality(String)", "LowCardinality(Nullable(String))"):
            (planned,) = table({"a": leaf(column)}).columns
            self.assertEqual(planned.type.sql, column)

    def test_no_table(self) -> None:
        """A schema that names no table gets none."""
        document = Document(
            "a", {"title": "E", "x-version": "1.0.0", "properties": {"a": {"type": "string"}}}
        )
        self.assertIsNone(plan_table(resolve(document), "a"))


class RefusedTest(unittest.TestCase):
    """Fields that a column would not hold."""

    def refused(self, properties: Node, pointer: str, message: str, **more: object) -> None:
        """Assert that the one problem is at this place and says this."""
        with self.assertRaises(SchemaError) as caught:
            table(properties, **more)
        (problem,) = caught.exception.diagnostics
        self.assertEqual((problem.file, problem.pointer), ("event.schema.json", pointer))
        self.assertIn(message, problem.message)

    def test_no_column(self) -> None:
        """A field without an annotation, and one of an unknown type, are errors."""
        self.refused({"a": {"type": "string"}}, "/properties/a", "has no column")
        for unknown in ("Text", "Nullable(Map(String,String))", "Nullable(Point)", "Array(String)", ""):
            self.refused({"a": leaf(unknown)}, "/properties/a", f"no column of type {unknown!r}")

    def test_ranges(self) -> None:
        """An integer must be limited to the range of its column, which would wrap in silence."""
        for limits in ({}, {"minimum": 0}, {"minimum": 0, "maximum": 256}, {"minimum": -1, "maximum": 9}):
            self.refused(
                {"a": leaf("UInt8", **{"type": "integer", **limits})}, "/properties/a", "between 0 and 255"
            )
        table({"a": leaf("UInt8", type="integer", minimum=0, maximum=255)})

    def test_other_types(self) -> None:
        """A column of another type than the field is an error, in a map too."""
        self.refused({"a": leaf("UUID")}, "/properties/a", "it holds another type")
        self.refused({"a": leaf("String", format="uuid")}, "/properties/a", "it holds another type")
        numbers = {"type": "object", "additionalProperties": {"type": "number"}}
        self.refused({"a": leaf("Map(String,Bool)", **numbers)}, "/properties/a", "it holds another type")
        self.refused(
            {"a": leaf("Point", type="array", items={"type": "number"})}, "/properties/a", "no such list"
        )

    def test_enum_values(self) -> None:
        """A value that an enum column lacks is an error that names it."""
        self.refused(
            {"a": leaf("Enum8('x'=1, 'y'=2)", enum=["x", "z"])}, "/properties/a", "has no place for ['z']"
        )

    def test_shared_lengths(self) -> None:
        """A second map or list under one name is an error: ClickHouse would keep one length for both."""
        texts = {"type": "object", "additionalProperties": {"type": "string"}}
        inner = {
            "type": "object",
            "properties": {name: leaf("Map(String,String)", **texts) for name in ("first", "second")},
            "additionalProperties": False,
        }
        self.refused(
            {"outer": {"$ref": "#/$defs/Inner"}},
            "/$defs/Inner/properties/second",
            "outer.second and outer.first would share one length",
            **{"$defs": {"Inner": inner}},
        )

    def test_nested_lists(self) -> None:
        """A list in an object of a list is an error at its definition."""
        inner = {"type": "object", "properties": {"a": leaf("String")}, "additionalProperties": False}
        outer = {
            "type": "object",
            "properties": {"inner": {"type": "array", "items": {"$ref": "#/$defs/Inner"}}},
            "additionalProperties": False,
        }
        listed: Node = {"outer": {"type": "array", "items": {"$ref": "#/$defs/Outer"}}}
        self.refused(
            listed,
            "/$defs/Outer/properties/inner",
            "a list within a list has no column",
            **{"$defs": {"Inner": inner, "Outer": outer}},
        )


if __name__ == "__main__":
    unittest.main()
