"""The types that a schema gives a method's keywords: as narrow as Python can say."""

import json
import unittest

from pydantic import ValidationError
from segment_codegen.build import build_plan

from tests.codegen.plans import Node, PlanTest, rule

TEXT: Node = {"type": "string"}
HINTS: tuple[tuple[Node | bool, str], ...] = (
    (TEXT, "str"),
    ({"type": ["string"]}, "str"),
    ({"type": ["integer", "string", "null"]}, "int | str | None"),
    ({"type": ["integer", "number"]}, "float"),
    ({"enum": ["a", "b", None]}, "Literal['a', 'b'] | None"),
    ({"type": "integer", "enum": [200, 404]}, "Literal[200, 404]"),
    ({"enum": [1, "a", True]}, "bool | Literal[1] | Literal['a']"),
    ({"type": "string", "oneOf": [{"const": "a"}, {"const": "b"}]}, "Literal['a', 'b']"),
    ({"anyOf": [{**TEXT, "format": "date-time"}, {"type": "null"}]}, "dt.datetime | str | None"),
    ({"allOf": [TEXT, {"minLength": 2}]}, "str"),
    ({"type": "array", "items": {"enum": ["a"]}}, "Sequence[Literal['a']]"),
    ({"anyOf": [{"type": "array", "items": TEXT}, TEXT]}, "str | Sequence[str]"),
    ({"type": "object", "additionalProperties": {"type": "integer"}}, "Mapping[str, int]"),
    (
        {"type": "object", "patternProperties": {"^a": TEXT}, "additionalProperties": False},
        "Mapping[str, str]",
    ),
    ({"type": "object", "properties": {"x": TEXT}}, "SentA | SentADict"),
    ({"minLength": 1}, "object"),
    ({"not": TEXT}, "object"),
    (True, "object"),
)


class HintTest(PlanTest):
    """The annotation of a keyword."""

    def test_hints(self) -> None:
        """Each kind of schema has the annotation that a caller would write."""
        for schema, hint in HINTS:
            with self.subTest(schema):
                root = {"type": "object", "properties": {"a": schema}, "required": ["a"]}
                source = build_plan(self.write("Sent.json", root)).files["events.py"]
                lines = [each.strip().replace('"', "'") for each in source.splitlines()]
                self.assertIn(f"a: {hint},", lines)

    def test_counts(self) -> None:
        """Lengths and counts beyond what pydantic can hold are kept too."""
        text, items = {"type": "string"}, {"type": "array", "items": {"type": "integer"}}
        for least, most in ((0, 2**32), (1, 2**64), (1, 10**30)):
            properties = {
                "a": {**text, "minLength": least, "maxLength": most},
                "b": {**items, "minItems": least, "maxItems": most},
                "c": {**text, "minLength": most},
            }
            events = self.events(rule("Sent", {"properties": properties}))
            with self.subTest(most):
                events.sent(a="x", b=[1])
                for wrong in ({"c": "x"}, {"a": 1}, {"b": [""]}):
                    with self.assertRaises(ValidationError):
                        events.sent(**wrong)

    def test_variants(self) -> None:
        """What only a variant of a closed event describes is a typed keyword, and needed in that variant."""
        box = {"properties": {"kind": {"const": "box"}}}
        size = {"if": box, "then": {"properties": {"size": {"type": "integer"}}, "required": ["size"]}}
        root = {"type": "object", "properties": {"kind": TEXT}, "required": ["kind"], "allOf": [size]}
        files = build_plan(self.write("Sent.json", {**root, "unevaluatedProperties": False})).files
        self.assertIn("size: int | MISSING = MISSING", files["events.py"])
        self.assertEqual(
            json.loads(files["catalogue.json"])[0]["properties"], {"kind": "kind", "size": "size"}
        )
        events = self.imported(files).Events(self.scope)
        events.sent(kind="box", size=1)
        events.sent(kind="bag")
        for wrong, pointer in (({"kind": "box"}, "size"), ({"kind": "bag", "size": 1}, "size")):
            with self.assertRaisesRegex(ValueError, pointer):
                events.sent(**wrong)
        self.assertEqual(
            [each["properties"] for each in self.sent()], [{"kind": "box", "size": 1}, {"kind": "bag"}]
        )


if __name__ == "__main__":
    unittest.main()
