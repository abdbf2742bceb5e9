"""How the warehouse's table follows the schema, and what is refused as data would be lost."""

import unittest

from segment_codegen.warehouse.columns import Table
from segment_codegen.warehouse.migration import Migration, migrate

from tests.codegen.schemas import Node
from tests.codegen.warehouse.test_columns import leaf, table


def changed(old: Node | None, new: Node | None) -> Migration:
    """Migrate a table whose column `b`, between `a` and `c`, is of one schema, then of the other."""
    return migrate(_around(old), _around(new))


def _around(node: Node | None) -> Table:
    middle: Node = {"b": node} if node else {}
    return table({"a": leaf("String"), **middle, "c": leaf("String")})


def whole(low: int, high: int, column: str) -> Node:
    """Describe an integer."""
    return leaf(column, type="integer", minimum=low, maximum=high)


class CompatibleTest(unittest.TestCase):
    """Changes that a statement makes."""

    def assert_alters(self, old: Node | None, new: Node, statement: str) -> None:
        """Assert that this is all that is done."""
        found = changed(old, new)
        self.assertEqual(found.statements, (f"ALTER TABLE `semantic_events` {statement};",))
        self.assertEqual(found.refused, ())

    def test_same(self) -> None:
        """The same table needs nothing."""
        self.assertEqual(changed(leaf("String"), leaf("String")), Migration())

    def test_added(self) -> None:
        """A field that is new is a column at its place."""
        statement = "ADD COLUMN IF NOT EXISTS `b` Nullable(String) COMMENT 'A field.' AFTER `a`"
        self.assert_alters(None, leaf("Nullable(String)"), statement)

    def test_types(self) -> None:
        """A type that holds all that the other one does takes its place."""
        number: Node = {"type": "number"}
        cases = (
            (leaf("String"), leaf("Nullable(String)"), "Nullable(String)"),
            (leaf("String"), leaf("LowCardinality(String)"), "LowCardinality(String)"),
            (whole(-128, 127, "Int8"), whole(-128, 127, "Int32"), "Int32"),
            (whole(0, 255, "UInt8"), whole(0, 255, "Int16"), "Int16"),
            (leaf("Float32", **number), leaf("Float64", **number), "Float64"),
            (
                leaf("Enum8('x'=1)", enum=["x"]),
                leaf("Enum8('x'=1,'y'=2)", enum=["x"]),
                "Enum8('x' = 1, 'y' = 2)",
            ),
            (leaf("Enum8('x'=1)", enum=["x"]), leaf("Enum16('x'=1)", enum=["x"]), "Enum16('x' = 1)"),
            (leaf("Enum8('x'=1)", enum=["x"]), leaf("String", enum=["x"]), "String"),
        )
        for old, new, type_ in cases:
            with self.subTest(type_):
                self.assert_alters(old, new, f"MODIFY COLUMN `b` {type_} COMMENT 'A field.'")

    def test_notes(self) -> None:
        """Another description is another comment, and another compression another codec."""
        old, new = (
            leaf("String"),
            leaf("String", description="It's new.", **{"x-clickhouse-codec": "ZSTD(1)"}),
        )
        self.assertEqual(
            changed(old, new).statements,
            (
                "ALTER TABLE `semantic_events` MODIFY COLUMN `b` CODEC(ZSTD(1));",
                "ALTER TABLE `semantic_events` COMMENT COLUMN `b` 'It\\'s new.';",
            ),
        )


class RefusedTest(unittest.TestCase):
    """Changes that would lose what is stored."""

    def assert_refused(self, old: Node, new: Node | None, reason: str) -> None:
        """Assert that nothing is done, for this reason."""
        found = changed(old, new)
        self.assertEqual((found.statements, [each.subject for each in found.refused]), ((), ["b"]))
        self.assertIn(reason, found.refused[0].reason)

    def test_removed(self) -> None:
        """A field that is gone keeps its column."""
        self.assert_refused(leaf("String"), None, "its values would be lost")

    def test_enum_value(self) -> None:
        """A value that may be stored never leaves an enum, nor gets another number."""
        old = leaf("Enum8('x'=1,'y'=2)", enum=["x"])
        self.assert_refused(old, leaf("Enum8('x'=1)", enum=["x"]), "leave y in it")
        self.assert_refused(old, leaf("Enum8('x'=2,'y'=1)", enum=["x"]), "leave x, y in it")

    def test_types(self) -> None:
        """A type that cannot hold all that the other one does is refused."""
        number: Node = {"type": "number"}
        for old, new, reason in (
            (leaf("Nullable(String)"), leaf("String"), "absent would become"),
            (whole(0, 9, "Int16"), whole(0, 9, "Int8"), "Int16 does not become Int8 without loss"),
            (whole(0, 9, "Int8"), whole(0, 9, "UInt8"), "Int8 does not become UInt8"),
            (leaf("Float64", **number), leaf("Float32", **number), "Float64 does not become Float32"),
            (leaf("String"), leaf("UUID", format="uuid"), "String does not become UUID"),
        ):
            with self.subTest(reason):
                self.assert_refused(old, new, reason)

    def test_key(self) -> None:
        """A column that the table is sorted by stays of its type, and the table as it is sorted."""
        old = table({"id": leaf("String"), "at": leaf("DateTime64", format="date-time")})
        new = table({"id": leaf("LowCardinality(String)"), "at": leaf("DateTime64", format="date-time")})
        (refused,) = migrate(old, new).refused
        self.assertEqual(
            (refused.subject, refused.reason), ("id", "it is part of the table's key: make a new table")
        )


if __name__ == "__main__":
    unittest.main()
