"""What the pages say of an event."""

import unittest

from segment_codegen.docs.words import as_json

from tests.codegen.docs.pages import Node, documented, read
from tests.codegen.plans import rule

LINE: Node = {
    "type": "object",
    "properties": {
        "sku": {"type": "string", "pattern": "^[A-Z]{2}|x$", "description": "The article."},
        "quantity": {"type": "integer", "minimum": 1, "exclusiveMaximum": 100},
    },
    "required": ["sku"],
}
ORDER: Node = {
    "type": "object",
    "properties": {
        "order id": {
            "type": "string",
            "minLength": 3,
            "examples": ["o-1", "o-2"],
            "description": "The shop's own.",
        },
        "currency": {"oneOf": [{"const": "EUR", "description": "Euro."}, {"const": "GBP"}]},
        "coupon": {"type": ["string", "null"], "deprecated": True},
        "email": {"type": "string", "format": "email", "x-pii": True},
        "lines": {"type": "array", "items": LINE, "minItems": 1, "uniqueItems": True},
        "kind": {"const": "order"},
        "when": {"type": "string", "format": "date-time"},
        "rates": {"type": "object", "additionalProperties": {"type": "number"}},
        "parent": {"$ref": "#/definitions/Node"},
    },
    "required": ["order id", "lines"],
    "additionalProperties": False,
}
TREE: Node = {"Node": {"type": "object", "properties": {"parent": {"$ref": "#/definitions/Node"}}}}
PAGES = documented(
    rule("Order Completed", ORDER, description="A customer paid.\n\nOnce.", definitions=TREE),
    rule("Old", {"type": "object", "additionalProperties": False}, description="Gone.")
    | {"deprecatedAt": "2024-01-01T00:00:00Z"},
    rule("", {"properties": {"plan": {"type": "string"}}}, kind="IDENTIFY"),
    version="2",
)


class MarkdownTest(unittest.TestCase):
    """One file an event, and an index."""

    def rows(self, method: str = "order_completed") -> dict[str, list[str]]:
        """Answer the cells of each property's row."""
        lines = [line for line in PAGES[f"events/{method}.md"].splitlines() if line.startswith("| `")]
        cells = [[cell.strip() for cell in line.replace("\\|", "\0").split("|")[1:-1]] for line in lines]
        return {row[0].strip("`"): [cell.replace("\0", "|") for cell in row[1:]] for row in cells}

    def test_files(self) -> None:
        """Each event has a file named like its method, to which the index leads."""
        self.assertEqual(
            set(PAGES),
            {"index.html", "README.md", "events/identify.md", "events/old.md", "events/order_completed.md"},
        )
        self.assertIn(
            "| [Order Completed](events/order_completed.md) | `track` | `order_completed` |",
            PAGES["README.md"],
        )
        self.assertIn("**Deprecated.** Gone", PAGES["README.md"])

    def test_heading(self) -> None:
        """An event says what it is, how it is sent, by which exact name, and in which version."""
        page = PAGES["events/order_completed.md"]
        self.assertIn("\n# Order Completed\n\nA customer paid. Once.\n", page)
        self.assertIn("\nSent by `track` as `Order Completed`, version `1`.\n", page)
        self.assertIn("\n**Deprecated: no new code should send it.**\n", PAGES["events/old.md"])
        self.assertIn("\nSent by `identify`, version `1`.\n", PAGES["events/identify.md"])
        self.assertIn("\nFurther properties are allowed.\n", PAGES["events/identify.md"])

    def test_rows(self) -> None:
        """A property says its type and limits, whether it must be there, its values and examples."""
        rows = self.rows()
        expected = {
            "order id": [
                "text, 3 characters or more",
                "yes",
                'The shop\'s own. For example `"o-1"`, `"o-2"`.',
            ],
            "currency": ["text", "no", 'One of `"EUR"` (Euro), `"GBP"`.'],
            "coupon": ["text or null", "no", "**Deprecated.**"],
            "email": ["text, in the format `email`", "no", "**Personal data.**"],
            "lines": ["list of object, 1 item or more, no item twice", "yes", ""],
            "lines[].sku": ["text, matches `^[A-Z]{2}|x$`", "yes", "The article."],
            "lines[].quantity": ["integer, at least 1, less than 100", "no", ""],
            "kind": ["text", "no", 'Always `"order"`.'],
            "when": ["date and time", "no", ""],
            "rates": ["object, each key with number", "no", ""],
            "parent": ["object", "no", ""],
            "parent.parent": ["object", "no", ""],
        }
        self.assertEqual(rows, expected)

    def test_order(self) -> None:
        """Properties come in the order of the schema, those of an object after it."""
        self.assertEqual(list(self.rows())[4:7], ["lines", "lines[].sku", "lines[].quantity"])


class HtmlTest(unittest.TestCase):
    """The page that has all events."""

    def test_events(self) -> None:
        """Each event has an article, to which a link leads, and its schema as the plan has it."""
        page = read(PAGES["index.html"])
        self.assertEqual(page.values("article", "id"), ["identify", "old", "order_completed"])
        links = set(page.values("a", "href"))
        self.assertLessEqual({"#identify", "#old", "#order_completed"}, links)
        self.assertIn('"order id": {\n      "type": "string",', page.codes[-1])

    def test_filters(self) -> None:
        """There is a filter for each call and mark of the plan, and events have what these look for."""
        page = read(PAGES["index.html"])
        self.assertEqual(
            page.values("button", "data-filter"), ["identify", "track", "personal", "deprecated"]
        )
        self.assertEqual(
            page.values("article", "data-is"), ["identify", "track deprecated", "track personal deprecated"]
        )
        self.assertEqual(read(documented(rule("A", {}))["index.html"]).values("button", "data-filter"), [])

    def test_says(self) -> None:
        """What Markdown says of a property, the page does too."""
        text = read(PAGES["index.html"]).text
        for said in (
            "A customer paid.\n\nOnce.",
            "matches ^[A-Z]{2}|x$",
            "3 characters or more",
            "Euro.",
            '"o-2"',
        ):
            self.assertIn(said, text)

    def test_conditions(self) -> None:
        """Where no table can say all, the page says so; a format or listed values it can."""
        more = "demands more than the table can say"
        plain: Node = {
            "properties": {
                "email": {"type": "string", "format": "email"},
                "currency": {"oneOf": [{"const": "EUR"}, {"const": 1}]},
            }
        }
        conditions: tuple[Node, ...] = ({}, {"dependencies": {"a": ["b"]}}, {"not": {"required": ["a"]}})
        for each in conditions:
            for schema in ({**plain, **each}, {"properties": {"a": {"items": {**plain, **each}}}}):
                told = more in read(documented(rule("A", schema))["index.html"]).text
                self.assertEqual(told, bool(each), schema)


class ExampleTest(unittest.TestCase):
    """The call to copy, where values for it are hard to find."""

    def test_named(self) -> None:
        """A schema that refers to another by a name, which counts from its own, has a call to copy."""
        node: Node = {"$id": "node", "type": "object", "properties": {"b": {"$ref": "#/definitions/n"}}}
        node["definitions"] = {"n": {"type": "integer"}}
        own = {"$id": "https://example.com/sent"}
        sent: Node = {"properties": {"a": {"$ref": "node"}}, "required": ["a"]}
        pages = documented(rule("Sent", sent, definitions={"x": node}, **own))
        self.assertNotIn("placeholders", pages["events/sent.md"])

    def test_unproved(self) -> None:
        """A pattern that the independent validator cannot read leaves an example of placeholders."""
        pages = documented(rule("Sent", {"properties": {"a": {"type": "string", "pattern": "^[^]$"}}}))
        self.assertIn("placeholders", pages["events/sent.md"])

    def test_small(self) -> None:
        """A number of steps that no float can count, or that is as large as one can be, has an example."""
        for limits in ({"multipleOf": 1e-320}, {"minimum": 1e308, "multipleOf": 0.5}, {"minimum": 10**300}):
            pages = documented(rule("Sent", {"properties": {"a": {"type": "number", **limits}}}))
            self.assertIn("events/sent.md", pages)

    def test_long(self) -> None:
        """What would have to be very long is shown short, by placeholders."""
        for limits in ({"type": "array", "minItems": 2**64}, {"type": "string", "minLength": 10**9}):
            pages = documented(rule("Sent", {"properties": {"a": limits}, "required": ["a"]}))
            with self.subTest(limits):
                self.assertIn("placeholders", pages["events/sent.md"])
                self.assertLess(len(pages["events/sent.md"]), 5_000)


class WordsTest(unittest.TestCase):
    """Words for single things."""

    def test_json(self) -> None:
        """Values are shown as JSON, whatever letters they have."""
        self.assertEqual(as_json(["é", None, 1.5, True]), '["é", null, 1.5, true]')


if __name__ == "__main__":
    unittest.main()
