"""What the bytes of a package depend on, and what they do not."""

import json
import random
import unittest
from typing import Any

from segment_codegen.build import build_plan

from tests.codegen.plans import Node, PlanTest, rule

LINE: Node = {"type": "object", "properties": {"sku": {"type": "string"}}, "required": ["sku"]}
ORDER = rule(
    "Order Completed",
    {
        "type": "object",
        "properties": {"total": {"type": "number"}, "lines": {"type": "array", "items": LINE}},
        "required": ["total"],
    },
    description="A customer paid.",
)


class BytesTest(PlanTest):
    """What the bytes of a package depend on."""

    def test_order(self) -> None:
        """The order of rules, properties and keys changes nothing."""
        rules = [ORDER, *(rule(f"Step {each}", LINE) for each in "abc"), rule("step a", LINE)]
        files = self.files(*rules)
        for seed in range(3):
            chance = random.Random(seed)  # noqa: S311 - nothing secret: the orders to try
            self.assertEqual(self.files(*(shuffled(each, chance) for each in reversed(rules))), files)

    def test_shape(self) -> None:
        """A plan with whole calls and its copy with properties alone give the same bytes."""
        flat = dict(ORDER, jsonSchema={**ORDER["jsonSchema"]["properties"]["properties"]})
        flat["jsonSchema"] |= {
            "description": "A customer paid.",
            "eventMetadata": {"name": "Order Completed", "type": "TRACK"},
            "labels": {},
        }
        self.assertEqual(self.files(flat), self.files(ORDER))

    def test_folder(self) -> None:
        """A folder of JSON Schemas is a plan, one event a file, with the file's name as the last resort."""
        self.write("schemas/a/Order Line.json", LINE)
        self.write("schemas/b.schema.json", {**LINE, "x-event": "Line Sold", "x-version": "2.0.0"})
        self.write("schemas/c.json", {**LINE, "self": {"name": "line_lost", "version": "1-0-2"}})
        files = dict(build_plan(self.folder / "schemas").files)
        self.assertEqual(
            [(each["event"], each["version"]) for each in json.loads(files["catalogue.json"])],
            [("line_lost", "1-0-2"), ("Line Sold", "2.0.0"), ("Order Line", "")],
        )
        self.imported(files).Events(self.scope).order_line(sku="x")
        self.assertEqual(self.sent()[0]["event"], "Order Line")

    def test_one_event(self) -> None:
        """A change of one event leaves the modules of the others as they are, and those that are copied."""
        steps = [rule(f"Step {each}", LINE) for each in "ab"]
        before = self.files(ORDER, *steps)
        wider = {**LINE, "properties": {**LINE["properties"], "colour": {"type": "string"}}}
        after = self.files(ORDER, steps[0], rule("Step b", wider))
        self.assertEqual(
            {name for name, text in after.items() if text != before[name]},
            {
                "__init__.py",
                "catalogue.json",
                "event_dicts.py",
                "event_models/__init__.py",
                "event_models/step_b.py",
                "events.py",
                "provenance.py",
            },
        )


def shuffled(node: object, chance: random.Random) -> Any:
    """Answer the node with the keys of each object, and the items of `required`, in another order."""
    if isinstance(node, dict):
        items = [(key, shuffled(value, chance)) for key, value in node.items()]
        chance.shuffle(items)
        return dict(items)
    if isinstance(node, list) and all(isinstance(each, str) for each in node):
        return chance.sample(node, len(node)) if "null" not in node else node
    return [shuffled(each, chance) for each in node] if isinstance(node, list) else node


if __name__ == "__main__":
    unittest.main()
