"""Names that generated code uses itself are given to nothing of a plan."""

import ast
import importlib
import json
import unittest
import warnings
from collections.abc import Mapping

from tests.codegen.plans import Node, PlanTest, rule
from tests.codegen.test_names import TAKEN

TEXT: Node = {"type": "string"}
FORMATS = ("date-time", "date", "uuid", "ipv4", "ipv6")
VALUES: tuple[Node, ...] = (
    TEXT,
    {"enum": ["a", None]},
    {"type": ["number", "null"], "minimum": 1},
    {"type": "integer", "maximum": 5},
    {"type": "boolean"},
    {"type": "array", "items": {"type": "string", "minLength": 1}},
    {"type": "object"},
    {},
    {"type": ["string", "integer"], "minLength": 1, "maximum": 9},
    {"type": "object", "properties": {"dict": TEXT}, "additionalProperties": False},
    *({"type": "string", "format": each} for each in FORMATS),
)
PYDANTIC = (
    "copy",
    "json",
    "schema",
    "dict",
    "model_config",
    "model_dump",
    "model_fields",
    "model_x",
    "__class__",
)
ODD = (
    "2FA Page Viewed",
    "class",
    "None",
    "__init__",
    "aux",
    "COM1",
    "😀",
    "Заказ",
    "注文",
    "हिन्दी",
    "Order Dict",
)


def used(files: Mapping[str, str]) -> set[str]:
    """Answer the names that the modules of the events import or use."""
    found: set[str] = set()
    for file in (each for each in files if each.startswith("event") and each.endswith(".py")):
        for node in ast.walk(ast.parse(files[file])):
            match node:
                case ast.Name(id=name) | ast.alias(name=name, asname=None) | ast.alias(asname=str(name)):
                    found.add(name)
    return found


def listed(names: set[str], shift: int) -> Node:
    """Answer an object with a property of each of these names."""
    values = {name: VALUES[(number + shift) % len(VALUES)] for number, name in enumerate(sorted(names))}
    return {"type": "object", "properties": values, "required": sorted(names)[::2]}


class ReservedTest(PlanTest):
    """Plans that use the generated code's own names."""

    def test_own_names(self) -> None:
        """Events, objects and properties of every such name leave each other and the package whole."""
        calls = [rule("", listed({"a"}, 0), kind=kind) for kind in ("IDENTIFY", "GROUP", "PAGE", "SCREEN")]
        plain = self.files(*calls, *(rule(f"E{each}", listed({"a"}, each)) for each in range(len(VALUES))))
        own = {
            each for each in used(plain) if not each.startswith(("E", "Identify", "Group", "Page", "Screen"))
        }
        own |= {"Events", "CatalogueEvent", "EventError", *PYDANTIC, *ODD, *TAKEN}
        rules = [rule(name, listed({name, "dict"}, number)) for number, name in enumerate(sorted(own))]
        rules += [rule(f"All {shift}", listed(own, shift)) for shift in range(0, len(VALUES), 4)]
        files = self.files(*rules, *(rule("", listed(own, 1), kind=each["type"]) for each in calls))
        package = self.imported(files)
        models = importlib.import_module(f"{package.__name__}.event_models")
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            for name in models.__all__:
                self.assertEqual(getattr(models, name).__name__, name)
            for each in json.loads(files["catalogue.json"]):
                module = importlib.import_module(f"{models.__name__}.{each['method']}")
                model = getattr(module, each["classes"][""])
                fields = {field.alias or name: name for name, field in model.model_fields.items()}
                spelled = {wire: each["fields"].get(wire, wire) for wire in each["properties"]}
                self.assertEqual(fields, spelled)
                self.assertTrue(callable(getattr(package.Events, each["method"])))


if __name__ == "__main__":
    unittest.main()
