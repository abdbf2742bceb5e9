"""What checks are generated: those that a model does not make itself, and no others."""

import ast
import unittest

from segment_codegen.build import build_plan

from tests.codegen.plans import Node, PlanTest

TEXT: Node = {"type": "string"}
OBJECT: Node = {"type": "object", "properties": {"a": TEXT, "b": {"type": "integer", "minimum": 1}}}
CASES: tuple[tuple[Node, str], ...] = (
    ({}, ""),
    ({"unevaluatedProperties": False}, ""),
    ({"dependentRequired": {"a": ["b"]}}, "forms.Dependent({'a': checks.Required('b')})"),
    ({"not": {"required": ["a", "b"]}}, "forms.Not(checks.Required('a', 'b'))"),
    (
        {"if": {"required": ["a"]}, "then": {"required": ["b"]}},
        "forms.IfThen(checks.Required('a'), checks.Required('b'), None)",
    ),
)


class LeftoverTest(PlanTest):
    """The check of an event, and of an object in it."""

    def test_event(self) -> None:
        """An event's check has its conditions alone, where the model holds the rest."""
        for condition, check in CASES:
            with self.subTest(condition):
                self.assertEqual(self.check({**OBJECT, **condition}), check)

    def test_object(self) -> None:
        """So has that of an object in it, at the place of the object."""
        for condition, check in CASES:
            with self.subTest(condition):
                found = self.check({"type": "object", "properties": {"o": {**OBJECT, **condition}}})
                self.assertEqual(found, check and f"forms.Members({{'o': {check}}})")

    def test_anything(self) -> None:
        """What may be anything is not checked, however that is written."""
        every = ["array", "boolean", "integer", "null", "number", "object", "string"]
        for schema in ({}, {"type": every}, {"type": every, "additionalProperties": True}):
            self.assertEqual(self.check({"type": "object", "properties": {"a": schema}}), "")

    def check(self, schema: Node) -> str:
        """Answer the check of an event that is generated of a schema; "" where there is none."""
        root = {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
        source = build_plan(self.write("Sent.json", root)).files["event_models/sent.py"]
        calls = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.keyword))
        return next((ast.unparse(each.value) for each in calls if each.arg == "check"), "")


if __name__ == "__main__":
    unittest.main()
