"""Every call that the pages show is Python, and sends an event that its schema accepts."""

import json
import re
import unittest
import warnings
from collections.abc import Mapping
from typing import Any

from segment_codegen.document import document_plan, document_schema
from segment_codegen.index import read_names
from semantic_events import Events

from segment_client import SegmentClient
from segment_client.testing import RecordingTransport
from tests.codegen.docs.pages import Node, read
from tests.codegen.plans import GID, PlanTest, public_plan, rule
from tests.sources import ROOT

BLOCK = re.compile(r"^```python\n(.*?)\n```$", re.DOTALL | re.MULTILINE)
TEXT: Node = {"type": "string"}
SCHEMAS: Mapping[str, Node] = {
    "Plain": {"properties": {"a": TEXT, "b": {"type": "integer"}, "c": {"type": "boolean"}, "d": {}}},
    "Nothing": {"type": "object", "additionalProperties": False},
    "Limits": {
        "properties": {
            "text": {"type": "string", "minLength": 20, "maxLength": 21},
            "short": {"type": "string", "maxLength": 1},
            "low": {"type": "integer", "maximum": -5},
            "high": {"type": "number", "exclusiveMinimum": 10, "maximum": 10.5},
            "step": {"type": "integer", "minimum": 7, "multipleOf": 5},
            "list": {"type": "array", "items": {"enum": [None, 1.5, True]}, "minItems": 2},
            "pair": {"type": "array", "items": [{"const": 1}, {"type": "null"}], "minItems": 2},
        },
        "required": ["text", "short", "low", "high", "step", "list", "pair"],
    },
    "Patterns": {
        "properties": {
            "currency": {"type": "string", "pattern": "^[A-Z]{3}$"},
            "either": {"type": "string", "pattern": "^(Lawyer Morty|Evil Morty)$"},
            "version": {"type": "string", "pattern": r"^\d+\.\d+\.\d+$"},
            "day": {"type": "string", "format": "date"},
            "mail": {"type": "string", "format": "email"},
        },
        "required": ["currency", "either", "version", "day", "mail"],
    },
    "Branches": {
        "type": "object",
        "properties": {"kind": {"enum": ["a", "b"]}, "a": TEXT, "b": TEXT},
        "required": ["kind"],
        "if": {"properties": {"kind": {"const": "a"}}},
        "then": {"required": ["a"]},
        "else": {"required": ["b"]},
    },
    "Either": {
        "type": "object",
        "oneOf": [{"required": ["x"]}, {"required": ["y"]}],
        "properties": {"x": TEXT, "y": TEXT},
    },
    "Together": {
        "properties": {"one": TEXT, "two": TEXT},
        "dependencies": {"one": ["two"]},
        "required": ["one"],
    },
    "Nested": {
        "properties": {
            'it\'s "quoted"\n': {
                "type": "object",
                "properties": {"class": TEXT, "{{ x }}": TEXT},
                "required": ["class", "{{ x }}"],
            },
            "tree": {"$ref": "#/definitions/Tree"},
        },
        "required": ['it\'s "quoted"\n', "tree"],
    },
}
TREE: Node = {
    "Tree": {
        "type": "object",
        "properties": {"leaf": TEXT, "tree": {"$ref": "#/definitions/Tree"}},
        "required": ["leaf"],
    }
}
NAMELESS: Mapping[str, Node] = {
    "IDENTIFY": {"properties": {"plan": TEXT}},
    "GROUP": {"properties": {"name": TEXT}, "required": ["name"]},
    "PAGE": {},
}


def calls(pages: Mapping[str, str]) -> dict[str, str]:
    """Answer the call that each file of Markdown shows."""
    return {name: BLOCK.findall(text)[0] for name, text in pages.items() if name.startswith("events/")}


class OwnCallsTest(unittest.TestCase):
    """The project's own catalogue."""

    PAGES = document_schema(ROOT / "schema", read_names(ROOT / "generated" / "semantic_events"))

    def test_sent(self) -> None:
        """Each call of the own catalogue is sent with exactly the properties that it shows."""
        transport = RecordingTransport()
        with SegmentClient("key", GID, "test", transport=transport, typed_properties=True) as client:
            events = Events(client.bind(root_event_gid=GID, user_id="u"))
            for name, code in calls(self.PAGES).items():
                with self.subTest(name):
                    exec(compile(code, name, "exec"), {"events": events})  # noqa: S102 - our own pages' code
                    sent = transport.events[-1]
                    self.assertIn(f"\n# {sent['event']}\n", self.PAGES[name])
                    self.assertTrue(sent["properties"])
        self.assertEqual(len(transport.events), len(list((ROOT / "schema" / "events").iterdir())))

    def test_setup(self) -> None:
        """What is said of how a program gets `events` makes them."""
        (setup,) = BLOCK.findall(self.PAGES["README.md"])
        names: dict[str, Any] = {"entity_gid": GID}
        exec(compile(setup, "README.md", "exec"), names)  # noqa: S102 - our own pages' code
        self.assertIsInstance(names["events"], Events)
        names["client"].close()

    def test_html(self) -> None:
        """The HTML page shows the same calls as Markdown."""
        codes = read(self.PAGES["index.html"]).codes
        self.assertLessEqual(set(calls(self.PAGES).values()), set(codes))


class PlanCallsTest(PlanTest):
    """Calls of plans that demand much."""

    def test_sent(self) -> None:
        """Each call sends an event that both the package and the source schema accept."""
        rules = [rule(name, schema, definitions=TREE) for name, schema in SCHEMAS.items()]
        rules += [rule("", schema, kind=kind) for kind, schema in NAMELESS.items()]
        rules.append(rule("Old", {"properties": {"a": TEXT}}) | {"deprecatedAt": "2024-01-01T00:00:00Z"})
        pages = document_plan(self.write("plan.json", public_plan(*rules)), {}, "app.analytics")
        events = self.events(*rules)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            for name, code in calls(pages).items():
                with self.subTest(name, code=code):
                    self.assertNotIn("placeholders", pages[name])
                    exec(compile(code, name, "exec"), {"events": events})  # noqa: S102 - our own pages' code
        self.assertEqual(len(self.transport.events), len(rules))

    def test_least(self) -> None:
        """A call shows what is required, or of what is not a few, and nothing that is deprecated."""
        properties = dict.fromkeys("abcde", TEXT) | {"a": {**TEXT, "deprecated": True}}
        pages = document_plan(
            self.write(
                "plan.json",
                public_plan(
                    rule("A", {"properties": properties}),
                    rule("B", {"properties": properties, "required": ["e"]}),
                ),
            ),
            {},
            "app.analytics",
        )
        self.assertEqual(
            calls(pages),
            {
                "events/a.md": 'events.a(\n    b="b",\n    c="c",\n    d="d",\n)',
                "events/b.md": 'events.b(\n    e="e",\n)',
            },
        )

    def test_impossible(self) -> None:
        """Where no values are found that the schema accepts, the page says so."""
        schema = {"properties": {"a": {"type": "string", "pattern": "^[0-9]{3}[qx]{7}$"}}, "required": ["a"]}
        pages = document_plan(self.write("plan.json", public_plan(rule("A", schema))), {}, "app.analytics")
        self.assertIn("The values are placeholders: put yours in their place.", pages["events/a.md"])
        self.assertIn("The values are placeholders", pages["index.html"])

    def test_layout(self) -> None:
        """What is too long for a line has one for each item; texts are in double quotes if they hold none."""
        lines = [{"name": f"A long name, number {number}", "it's": 'a "word"'} for number in range(2)]
        schema = {
            "properties": {"lines": {"const": lines}, "n": {"const": [1, None, True]}},
            "required": ["lines", "n"],
        }
        pages = document_plan(self.write("plan.json", public_plan(rule("A", schema))), {}, "app.analytics")
        (code,) = calls(pages).values()
        self.assertEqual(
            code.splitlines(),
            [
                "events.a(",
                "    lines=[",
                '        {"name": "A long name, number 0", "it\'s": \'a "word"\'},',
                '        {"name": "A long name, number 1", "it\'s": \'a "word"\'},',
                "    ],",
                "    n=[1, None, True],",
                ")",
            ],
        )
        self.assertEqual(json.loads(json.dumps(lines)), lines)


if __name__ == "__main__":
    unittest.main()
