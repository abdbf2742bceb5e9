"""A generated package in use: imported in an interpreter of its own, with hostile text in its schema."""

import ast
import json
import tempfile
import unittest
from pathlib import Path

from segment_codegen.build import build
from segment_codegen.write import write_folder

from tests.codegen.schemas import Node, event, purchase, run, write_schema

TEXT: Node = {"type": "string"}
HOSTILE = (
    '"""',
    'ends with "',
    "ends with \\",
    "\\N{BULLET} \\x41 \\",
    "{{ 7 * 7 }} {% raise %} {# #}",
    "a\nimport os\r\n\tb\u2028c",
    "\x00\x1b[2J",
    "\u202e\u2066bidi\u200b",
    "'''; raise SystemExit #",
    "😀 <&>",
)
PROGRAM = """
import json, sys
from semantic_events import Events, SemanticEvent
from semantic_events.event_models import ItemPurchasedGiftTo

class Client:
    def track(self, **given):
        return given

events = Events(Client())
event = SemanticEvent(type="track", event="E", context={"ip": "10.0.0.1"})
assert event.context.ip.packed
results = [
    events.item_purchased(item_id="a", price=5, user_id="u"),
    events.item_purchased(item_id="a", price=1.5, coupon=None, user_id_property=7, class_property="c"),
    events.item_purchased(item_id="a", price=1, gift_to={"first name": "Ada", "str": "x"}),
    events.item_purchased(item_id="a", price=1, gift_to=ItemPurchasedGiftTo(**{"first name": "Ada"})),
]
assert all(type(each["properties"]).__name__ == "CatalogueProperties" for each in results)
good = {"price": 1}
for wrong in ({"price": "1"}, {"price": -1}, good | {"class_property": None}, good | {"gift_to": {}}):
    try:
        events.item_purchased(item_id="a", **wrong)
    except ValueError as error:
        assert type(error).__name__ == "ValidationError"
    else:
        raise AssertionError(wrong)
json.dump(results, sys.stdout)
"""


class PackageTest(unittest.TestCase):
    """What a program that imports the package gets."""

    def setUp(self) -> None:
        """Make a folder to generate in."""
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def generate(self, root: Node, *catalogue: Node) -> dict[str, str]:
        """Generate the package in memory and write it to the folder."""
        files = dict(build(write_schema(self.folder, root, *catalogue)).files)
        package = self.folder / "generated" / "semantic_events"
        write_folder(package, files)
        return files

    def test_use(self) -> None:
        """Catalogue methods check their properties and send them by their exact names, as they were given."""
        self.generate(event(), purchase())
        done = run("-c", PROGRAM, cwd=self.folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        sent: list[Node] = [
            {"properties": {"item_id": "a", "price": 5}, "user_id": "u"},
            {"properties": {"item_id": "a", "price": 1.5, "coupon": None, "user_id": 7, "class": "c"}},
            {"properties": {"item_id": "a", "price": 1, "gift to": {"first name": "Ada", "str": "x"}}},
            {"properties": {"item_id": "a", "price": 1, "gift to": {"first name": "Ada"}}},
        ]
        self.assertEqual(json.loads(done.stdout), [{"event_name": "Item Purchased", **each} for each in sent])

    def test_index(self) -> None:
        """catalogue.json names each event's method and the keyword of each of its properties."""
        files = self.generate(event(), purchase())
        self.assertEqual(
            json.loads(files["catalogue.json"]),
            [
                {
                    "type": "track",
                    "event": "Item Purchased",
                    "version": "1.0.0",
                    "method": "item_purchased",
                    "properties": {
                        "item_id": "item_id",
                        "price": "price",
                        "class": "class_property",
                        "coupon": "coupon",
                        "gift to": "gift_to",
                        "user_id": "user_id_property",
                    },
                    "identity": "track/Item Purchased",
                    "classes": {"/properties/gift to": "ItemPurchasedGiftTo", "": "ItemPurchased"},
                    "fields": {
                        "/properties/gift to#first name": "first_name",
                        "class": "class_property",
                        "gift to": "gift_to",
                    },
                }
            ],
        )

    def test_hostile_text(self) -> None:
        """Text of a schema can neither break nor become code, and reaches docstrings in printable form."""
        added = {f"p{number}": {**TEXT, "description": text} for number, text in enumerate(HOSTILE)}
        events: list[Node] = [
            {
                **purchase(added={"enum": [text], "description": text}),
                "x-event": f"E{number} {text}",
                "description": text,
            }
            for number, text in enumerate(HOSTILE)
        ]
        files = self.generate({**event(**added), "description": HOSTILE[0]}, *events)
        for name in (each for each in files if each.endswith(".py")):
            self.assertTrue(files[name].replace("\n", "").isprintable(), name)
            self.assertLessEqual(imported(files[name]), ALLOWED, name)
        index = json.loads(files["catalogue.json"])
        self.assertEqual({each["event"] for each in index}, {each["x-event"] for each in events})
        program = "import semantic_events.events, semantic_events.models, semantic_events.dicts"
        done = run("-c", f"{program}, semantic_events.event_dicts", cwd=self.folder)
        self.assertEqual((done.returncode, done.stdout), (0, ""), done.stderr)

    def test_cheap(self) -> None:
        """Importing the package loads neither pydantic nor any of its modules."""
        self.generate(event(), purchase())
        loaded = "[name for name in sys.modules if 'pydantic' in name or 'events.' in name]"
        done = run("-c", f"import sys, semantic_events; print({loaded})", cwd=self.folder)
        self.assertEqual(done.stdout, "[]\n", done.stderr)

    def test_exports(self) -> None:
        """Every exported name can be imported, and another is an AttributeError."""
        self.generate(event(), purchase())
        program = (
            "import semantic_events as s\n"
            "assert sorted(s.__all__) == sorted(dir(s)) and all(getattr(s, name) for name in s.__all__)\n"
            "assert not hasattr(s, 'models_'), 'anything goes'"
        )
        done = run("-c", program, cwd=self.folder)
        self.assertEqual(done.returncode, 0, done.stderr)


ALLOWED = {
    "__future__",
    "abc",
    "collections.abc",
    "dataclasses",
    "functools",
    "datetime",
    "decimal",
    "fractions",
    "importlib",
    "inspect",
    "ipaddress",
    "math",
    "re",
}
ALLOWED |= {"enum", "pydantic", "pydantic_core", "typing", "typing_extensions", "uuid", "warnings"}


def imported(source: str) -> set[str]:
    """Name the modules that source imports from outside of its package."""
    nodes = list(ast.walk(ast.parse(source)))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return plain | {str(node.module) for node in nodes if isinstance(node, ast.ImportFrom) and not node.level}


if __name__ == "__main__":
    unittest.main()
