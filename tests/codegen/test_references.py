"""What references lead to: pointers, anchors, `$id`, other files of the folder, and back to themselves."""

import unittest
from contextlib import redirect_stderr
from io import StringIO

from pydantic import ValidationError
from segment_codegen.build import build_plan
from segment_codegen.cli import main
from segment_codegen.errors import SchemaError

from tests.codegen.plans import Node, PlanTest, public_plan, rule

DRAFT_07 = "http://json-schema.org/draft-07/schema#"
LOST = ("#/$defs/none", "#none", "none.json", "https://example.com/x.json#/a", "#/$defs/list/9")
CODE: Node = {"type": "string", "minLength": 2}


def of(schema: Node) -> Node:
    """Answer the schema of an event with one property."""
    return {"type": "object", "properties": {"a": schema}}


class ReferenceTest(PlanTest):
    """What a reference says of the value where it stands."""

    def assert_code(self, reference: str, **root: object) -> None:
        """Assert that a property with the reference takes text of two characters, and no less."""
        schema = {"type": "object", "properties": {"code": {"$ref": reference}}, **root}
        events = self.imported(build_plan(self.write("s/Sent.json", schema)).files).Events(self.scope)
        events.sent(code="ab")
        with self.assertRaises(ValidationError):
            events.sent(code="a")

    def test_pointers(self) -> None:
        """A pointer's steps are unescaped: percent signs first, then tildes; numbers lead into lists."""
        self.assert_code("#/$defs/a%20b~1c~0%25", **{"$defs": {"a b/c~%": CODE}})
        self.assert_code("#/$defs/list/anyOf/1", **{"$defs": {"list": {"anyOf": [True, CODE]}}})
        self.assert_code("#/definitions/1", **{"$schema": DRAFT_07, "definitions": {"1": CODE}})

    def test_anchors(self) -> None:
        """An anchor leads to the schema that has it, in drafts before 2019-09 by `$id`."""
        self.assert_code("#code", **{"$defs": {"x": {"$anchor": "code", **CODE}}})
        self.assert_code("#code", **{"$schema": DRAFT_07, "definitions": {"x": {"$id": "#code", **CODE}}})

    def test_ids(self) -> None:
        """A schema with an `$id` is found by it, absolute or relative to the one around it."""
        own = {"$id": "https://example.com/plan/sent.json"}
        inner = {"$id": "code.json", **CODE}
        self.assert_code("code.json", **own, **{"$defs": {"x": inner}})
        self.assert_code("https://example.com/plan/code.json", **own, **{"$defs": {"x": inner}})
        around = {"$id": "code.json", "$defs": {"own": CODE}, "$ref": "#/$defs/own"}
        self.assert_code("code.json", **own, **{"$defs": {"own": {"type": "null"}, "x": around}})

    def test_files(self) -> None:
        """A reference leads to another file of the folder; one of definitions alone is no event."""
        self.write("s/shared/types.json", {"$defs": {"code": {"$ref": "#/$defs/text"}, "text": CODE}})
        self.write(
            "s/Sent.json", {"type": "object", "properties": {"a": {"$ref": "shared/types.json#/$defs/code"}}}
        )
        self.write(
            "s/x/Got.json", {"type": "object", "properties": {"a": {"$ref": "../Sent.json#/properties/a"}}}
        )
        events = self.imported(build_plan(self.folder / "s").files).Events(self.scope)
        for method in (events.sent, events.got):
            method(a="ab")
            with self.assertRaises(ValidationError):
                method(a="a")
        self.assertEqual([name for name in dir(events) if not name.startswith("_")], ["got", "sent"])

    def test_drafts(self) -> None:
        """What a reference leads to is read by the draft of its own file."""
        old = {"$schema": "http://json-schema.org/draft-04/schema#"}
        self.write("s/old.json", {**old, "definitions": {"n": {"minimum": 1, "exclusiveMinimum": True}}})
        self.write("s/Sent.json", of({"$ref": "old.json#/definitions/n"}))
        events = self.imported(build_plan(self.folder / "s").files).Events(self.scope)
        events.sent(a=2)
        with self.assertRaises(ValidationError):
            events.sent(a=1)

    def test_itself(self) -> None:
        """A list that holds itself, and two objects that hold each other, are checked to any depth."""
        node = {"anyOf": [{"type": "array", "items": {"$ref": "#/$defs/node"}}, {"type": "integer"}]}
        other = {"type": "object", "properties": {"node": {"$ref": "#/$defs/pair"}, "n": {"type": "integer"}}}
        pair = {"type": "object", "properties": {"other": {"$ref": "#/$defs/other"}}}
        schema = {
            "type": "object",
            "properties": {"a": {"$ref": "#/$defs/node"}, "b": {"$ref": "#/$defs/pair"}},
            "$defs": {"node": node, "other": other, "pair": pair},
        }
        events = self.imported(build_plan(self.write("Sent.json", schema)).files).Events(self.scope)
        events.sent(a=[[1, [2]], []], b={"other": {"node": {"other": {"n": 1}}}})
        for wrong in ({"a": [[1, ["x"]]]}, {"b": {"other": {"node": {"other": {"n": "x"}}}}}):
            with self.assertRaises(ValidationError):
                events.sent(**wrong)

    def test_itself_or(self) -> None:
        """What is null, or text, or an object that holds itself is checked to any depth."""
        for other, end in (("null", None), ("string", "end")):
            inner = {
                "type": "object",
                "properties": {"next": {"$ref": "#/$defs/node"}, "n": {"type": "integer"}},
            }
            node = {"anyOf": [{"type": other}, inner]}
            schema = of({"$ref": "#/$defs/node"}) | {"$defs": {"node": node}}
            events = self.imported(build_plan(self.write("Sent.json", schema)).files).Events(self.scope)
            with self.subTest(other):
                events.sent(a={"n": 1, "next": {"n": 2, "next": end}})
                for wrong in ({"n": 1, "next": {"n": "x", "next": end}}, {"next": {"next": 1}}):
                    with self.assertRaises(ValidationError):
                        events.sent(a=wrong)

    def test_chain(self) -> None:
        """References that lead deeper than can be followed are refused in a sentence."""
        links: Node = {f"d{each}": of({"$ref": f"#/$defs/d{each + 1}"}) for each in range(400)}
        file = self.write("Sent.json", of({"$ref": "#/$defs/d0"}) | {"$defs": links | {"d400": CODE}})
        for command in (["generate", "--out", str(self.folder / "p")], ["lint"]):
            with redirect_stderr(StringIO()) as said:
                self.assertEqual(main([*command, "--plan", str(file)]), 2)
            self.assertIn("references lead too deep to be followed", said.getvalue())

    def test_lost(self) -> None:
        """One that leads nowhere, out of the folder or to the network is refused, and nothing is fetched."""
        for reference in (
            "#/$defs/none",
            "#none",
            "none.json",
            "https://example.com/x.json#/a",
            "#/$defs/list/9",
        ):
            properties = {
                "type": "object",
                "properties": {"a": {"$ref": reference}},
                "$defs": {"list": [True]},
            }
            with self.assertRaises(SchemaError) as caught:
                build_plan(self.write("plan.json", public_plan(rule("Sent", properties))))
            self.assertEqual(
                [each.rule for each in caught.exception.diagnostics], ["lost-reference"], reference
            )

    def test_space(self) -> None:
        """A reference to a file by a name with a raw space is refused with the reference to write."""
        self.write("my code.json", CODE)
        file = self.write("Sent.json", of({"$ref": "my code.json"}))
        with self.assertRaisesRegex(SchemaError, "a space in a reference is written %20: 'my%20code.json'"):
            build_plan(file)


if __name__ == "__main__":
    unittest.main()
