"""Hostile text in a plan: it neither breaks nor becomes code, and is sent byte for byte where it is sent."""

import ast
import copy
import importlib
import json
import unittest
from collections.abc import Mapping

from hypothesis import Phase, given
from hypothesis import strategies as st
from segment_codegen.build import build_plan
from segment_codegen.errors import SchemaError

from tests.codegen.plans import Node, PlanTest, public_plan, rule
from tests.laws import law

PIECES = (
    '"""',
    "'''",
    '"',
    "\\",
    "\\N{BULLET}",
    "\n",
    "\r\n",
    "\u2028",
    "{{ 7 * 7 }}",
    "{% raise %}",
    "{#",
    "#}",
    "\x00",
    "\x1b[2J",
    "\u202e",
    "\u2066",
    "\ufeff",
    "\U000e0041",
    "\nimport os\n",
    "'); raise SystemExit #",
    "]\n    x: int = exit()\n",
    "</script>",
    "😀",
    "Ж",
    "$ref",
    "%s {0}",
    "a",
    " ",
)
TEXTS = st.lists(st.sampled_from(PIECES), min_size=1, max_size=5).map("".join)
TEXTS |= st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)
CUT = "\ud83d"
TEXT: Node = {"type": "string"}


def hostile(texts: list[str]) -> Node:
    """Answer a plan with every kind of text that a plan can hold, taken from the list in turn."""
    given = iter(texts)

    def text() -> str:
        return next(given)

    def notes() -> Node:
        return {
            "description": text(),
            "title": text(),
            "$comment": text(),
            "examples": [text()],
            "x-note": text(),
        }

    def value() -> Node:
        return {"enum": [text(), text(), None], **notes()}

    inner = {"type": "object", "properties": {text(): value(), text(): TEXT}, "required": [text()], **notes()}
    definition = text()
    properties = {
        text(): value(),
        text(): {**TEXT, "pattern": f"^[^{len(texts)}]*$", "minLength": 0, "default": text(), **notes()},
        text(): {"const": text(), **notes()},
        text(): {"enum": [text(), 1, None]},
        text(): {"type": ["array", "null"], "items": inner, **notes()},
        text(): {"$ref": f"#/definitions/{escaped(definition)}"},
        text(): {
            "type": "object",
            "patternProperties": {"^a": {"const": text()}},
            "additionalProperties": TEXT,
        },
    }
    schema = {"type": "object", "properties": properties, "dependentRequired": {text(): [text()]}, **notes()}
    paid = rule(text(), schema, description=text(), definitions={definition: copy.deepcopy(inner)})
    page = rule(text(), {"type": "object", "properties": {text(): TEXT}, "deprecated": True}, kind="PAGE")
    old = {**copy.deepcopy(paid), "version": 7, "deprecatedAt": "2024-01-01T00:00:00.000Z"}
    return public_plan(paid, page, old) | {"id": text(), "name": text(), "updatedAt": text()}


def escaped(step: str) -> str:
    """Answer a step of a JSON pointer in the fragment of a URI."""
    plain = step.replace("~", "~0").replace("/", "~1")
    return "".join(f"%{byte:02X}" for byte in plain.encode())


SIZE = 80
KNOWN = [f"t {number}" if number % 2 else f"t{number}" for number in range(SIZE)]


def names(files: Mapping[str, str]) -> set[str]:
    """Answer the names that the modules of a package use, those that they import too."""
    found: set[str] = set()
    for source in (files[each] for each in files if each.endswith(".py")):
        for node in ast.walk(ast.parse(source)):
            match node:
                case ast.Name(id=name) | ast.Attribute(attr=name) | ast.alias(name=name):
                    found.add(name)
                case ast.ImportFrom(module=str(name)):
                    found.add(name)
    return found


def given_names(files: Mapping[str, str]) -> set[str]:
    """Answer the names that a package gave to what is in its plan."""
    found: set[str] = set()
    for each in json.loads(files["catalogue.json"]):
        found |= {each["method"], f"event_models.{each['method']}", *each["properties"].values()}
        found |= {*each["classes"].values(), *(f"{name}Dict" for name in each["classes"].values())}
        found |= {*each["fields"].values()}
    return found


class HostileTest(PlanTest):
    """What is generated of hostile plans."""

    def build(self, texts: list[str]) -> dict[str, str]:
        """Answer the package of a hostile plan."""
        return dict(build_plan(self.write("plan.json", hostile(texts))).files)

    def test_inert(self) -> None:
        """Only code that is made of any plan is there, each character of it visible; it imports and sends."""
        known = self.build(KNOWN)
        usual = names(known) - given_names(known)
        self.assertFalse({"os", "exit", "SystemExit"} & usual)

        @law(25, phases=[Phase.generate])
        @given(st.lists(TEXTS, min_size=4, max_size=12))
        def check(texts: list[str]) -> None:
            numbered = [f"{texts[each % len(texts)]}{each}" for each in range(SIZE)]
            files = self.build(numbered)
            spelled = {each for each in numbered if each.isidentifier()}
            self.assertEqual(names(files) - given_names(files) - spelled - usual, set())
            for file, content in files.items():
                self.assertTrue(content.replace("\n", "").isprintable(), file)
            self.assert_sends(files)

        check()

    def assert_sends(self, files: dict[str, str]) -> None:
        """Import a package, load all of it, and send its page with its one property."""
        package = self.imported(files)
        models = importlib.import_module(f"{package.__name__}.event_models")
        for name in models.__all__:
            getattr(models, name)
        (page,) = (each for each in json.loads(files["catalogue.json"]) if each["type"] == "page")
        ((wire, keyword),) = page["properties"].items()
        getattr(package.Events(self.scope), page["method"])(**{keyword: "x"})
        self.assertEqual(self.sent()[-1], {"type": "page", "name": page["event"], "properties": {wire: "x"}})
        self._forget(package.__name__)

    def test_cut(self) -> None:
        """Half a surrogate pair is refused where it would be sent, and shown escaped where people read it."""
        for part in ("key", "jsonSchema"):
            cut = rule("Paid", {"type": "object", "properties": {"a": {"enum": [CUT]}, CUT: TEXT}})
            plan = public_plan({**rule("Paid", {}), part: CUT if part == "key" else cut[part]})
            with self.assertRaises(SchemaError) as caught:
                build_plan(self.write("plan.json", plan))
            self.assertEqual({each.rule for each in caught.exception.diagnostics}, {"cut-text"})
        notes = {"description": CUT, "title": CUT, "default": CUT, "examples": [CUT], "$comment": CUT}
        shown = {"type": "object", "properties": {"a": {**TEXT, **notes}}, **notes}
        files = self.files(rule("Paid", shown, description=CUT))
        self.assertIn("\\\\ud83d", files["events.py"])
        self.imported(files).Events(self.scope).paid(a="x")

    def test_long(self) -> None:
        """A name that no file could have is cut, and stays one's own."""
        files = self.files(*(rule("ы" * 300 + each, {"type": "object"}) for each in "ab"))
        methods = [each["method"] for each in json.loads(files["catalogue.json"])]
        self.assertEqual(len(set(methods)), 2)
        self.assertLess(max(len(each.encode()) for each in methods), 200)
        self.imported(files)


if __name__ == "__main__":
    unittest.main()
