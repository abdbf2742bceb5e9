"""What is said of schemas that a package would not keep: each problem by its rule, and where it is."""

import unittest
from typing import Any

from segment_codegen.build import build_plan
from segment_codegen.errors import SchemaError

from tests.codegen.plans import Node, PlanTest

DRAFT = "http://json-schema.org/draft-{}/schema#"
TEXT: Node = {"type": "string"}

ERRORS: tuple[tuple[Node, str, str], ...] = (
    ({"type": "strng"}, "malformed", "/properties/a/type"),
    ({"type": []}, "malformed", "/properties/a/type"),
    ({"minLength": -1}, "malformed", "/properties/a/minLength"),
    ({"required": True}, "malformed", "/properties/a/required"),
    ({"properties": []}, "malformed", "/properties/a/properties"),
    ({"items": [TEXT]}, "malformed", "/properties/a/items"),
    ({"anyOf": []}, "malformed", "/properties/a/anyOf"),
    ({"not": "text"}, "malformed", "/properties/a/not"),
    ({"allOf": [TEXT, {"enum": 1}]}, "malformed", "/properties/a/allOf/1/enum"),
    ({"$ref": "#/$defs/none"}, "lost-reference", "/properties/a/$ref"),
    ({"$ref": "#/properties/a"}, "endless-reference", "/properties/a/$ref"),
    ({"not": {"$ref": "#/properties/a"}}, "endless-reference", "/properties/a/not"),
    ({"$ref": "#/x-types/number"}, "malformed", "/x-types/number"),
    ({"$dynamicRef": "#x"}, "unsupported-keyword", "/properties/a/$dynamicRef"),
    ({"pattern": r"\p{L}"}, "unsupported-pattern", "/properties/a/pattern"),
    ({"patternProperties": {"a++": TEXT}}, "unsupported-pattern", "/properties/a/patternProperties/a++"),
)
NOTES: tuple[tuple[Node, str, str], ...] = (
    ({**TEXT, "format": "color"}, "unknown-format", "/properties/a/format"),
    ({**TEXT, "default": "x"}, "default-not-sent", "/properties/a/default"),
    ({**TEXT, "maxLenght": 1}, "unknown-keyword", "/properties/a/maxLenght"),
    ({"anyOf": [TEXT, {"minimun": 1}]}, "unknown-keyword", "/properties/a/anyOf/1/minimun"),
    (
        {"type": "object", "required": ["b"], "additionalProperties": False},
        "admits-nothing",
        "/properties/a/required",
    ),
)


class SurveyTest(PlanTest):
    """What the survey reports."""

    def found(self, root: Node) -> tuple[str, list[tuple[str, str]]]:
        """Answer how it went, and the rules and pointers of what was found."""
        file = self.write("Sent.json", root)
        try:
            found = build_plan(file).notes
            outcome = "built"
        except SchemaError as error:
            found, outcome = error.diagnostics, "refused"
        for each in found:
            self.assertEqual(each.file, file.as_posix())
            self.assertTrue(each.message and each.hint, each)
        return outcome, [(each.rule, each.pointer) for each in found]

    def of(self, schema: object, **more: Any) -> Node:
        """Answer the schema of an event with one property."""
        return {"type": "object", "properties": {"a": schema}, **more}

    def test_errors(self) -> None:
        """What no package can be made of is refused, by its place."""
        for schema, rule, pointer in ERRORS:
            with self.subTest(schema):
                outcome, found = self.found(self.of(schema, **{"x-types": {"number": 1}}))
                self.assertEqual((outcome, found[:1]), ("refused", [(rule, pointer)]))

    def test_notes(self) -> None:
        """What is left out or taken for granted is noted, and a package is made."""
        for schema, rule, pointer in NOTES:
            with self.subTest(schema):
                self.assertEqual(self.found(self.of(schema)), ("built", [(rule, pointer)]))

    def test_silent(self) -> None:
        """Annotations, notes of one's own and the names of schemas need no word."""
        notes = {
            "title": "T",
            "description": "D",
            "examples": [1],
            "x-own": {},
            "$comment": "c",
            "readOnly": True,
        }
        self.assertEqual(self.found(self.of({**TEXT, **notes, "$anchor": "a"})), ("built", []))

    def test_later(self) -> None:
        """A keyword that its draft does not know yet is noted: it is not checked, as no validator would."""
        old = {"const": 1, "if": TEXT, "dependentRequired": {}, "prefixItems": []}
        outcome, found = self.found(self.of(old, **{"$schema": DRAFT.format("04")}))
        self.assertEqual((outcome, [rule for rule, _ in found]), ("built", ["later-keyword"] * 4))

    def test_no_object(self) -> None:
        """An event whose schema allows no object is refused: a call carries one."""
        for schema in ({"type": "array", "items": TEXT, "properties": {}}, {"allOf": [{"type": "null"}]}):
            self.assertEqual(self.found(schema), ("refused", [("no-object", "")]))

    def test_all(self) -> None:
        """All problems of a plan are reported at once."""
        self.write("s/a.json", self.of({"pattern": "("}))
        self.write("s/b.json", self.of({"$ref": "#x"}))
        with self.assertRaises(SchemaError) as caught:
            build_plan(self.folder / "s")
        rules = [each.rule for each in caught.exception.diagnostics]
        self.assertEqual(rules, ["unsupported-pattern", "lost-reference"])


if __name__ == "__main__":
    unittest.main()
