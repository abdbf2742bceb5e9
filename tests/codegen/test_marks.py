"""Which properties are personal data or deprecated: marks wherever a schema can have them."""

import unittest

from segment_codegen.paths import Path as Steps
from segment_codegen.paths import deprecated_paths, personal_paths
from segment_codegen.plans.detect import read_plan
from segment_codegen.shape import shape

from tests.codegen.plans import Node, PlanTest, public_plan, rule

MARKED: Node = {"type": "string", "x-pii": True}
PERSON: Node = {"type": "object", "properties": {"name": MARKED, "age": {"type": "integer"}}}


class MarksTest(PlanTest):
    """The paths of one event."""

    def personal(self, schema: Node, **definitions: Node) -> tuple[Steps, ...]:
        """Answer the paths of what is personal in a property `p`."""
        root = {"type": "object", "properties": {"p": schema, "q": {"type": "string"}}}
        plan = self.write("plan.json", public_plan(rule("E", root, definitions=definitions)))
        (event,) = shape(read_plan(plan)).events
        return personal_paths(event)

    def test_places(self) -> None:
        """A mark is found on the property, behind references, in lists and maps, and in every branch."""
        reference = {"$ref": "#/definitions/Person"}
        cases: tuple[tuple[Node, tuple[Steps, ...]], ...] = (
            (MARKED, (("p",),)),
            ({"type": "string", "pii": True}, (("p",),)),
            ({"type": "string", "x-personal": "contact"}, (("p",),)),
            ({"type": "string", "x-pii": False}, ()),
            (PERSON, (("p", "name"),)),
            (reference, (("p", "name"),)),
            ({"type": "array", "items": reference}, (("p", None, "name"),)),
            ({"type": "array", "items": MARKED}, (("p",),)),
            ({"type": "object", "additionalProperties": reference}, (("p", None, "name"),)),
            ({"anyOf": [{"type": "integer"}, MARKED]}, (("p",),)),
            ({"anyOf": [PERSON, {"type": "array", "items": PERSON}]}, (("p",),)),
            ({"oneOf": [reference, {"type": "null"}]}, (("p",),)),
            ({"type": "array", "items": [{"type": "string"}, MARKED]}, (("p",),)),
            ({"type": "object", "patternProperties": {"^x": MARKED}}, (("p",),)),
        )
        for schema, paths in cases:
            with self.subTest(schema):
                self.assertEqual(self.personal(schema, Person=PERSON), paths)

    def test_recursive(self) -> None:
        """What holds itself is personal as a whole where it would begin again."""
        node: Node = {
            "type": "object",
            "properties": {"name": MARKED, "next": {"$ref": "#/definitions/Node"}},
        }
        paths = self.personal({"$ref": "#/definitions/Node"}, Node=node)
        self.assertEqual(paths, (("p", "name"), ("p", "next")))

    def test_other_file(self) -> None:
        """A mark in another file of the folder counts, behind a branch too."""
        self.write("plan/person.json", {**PERSON, "$id": "https://example.com/person"})
        schema = {"anyOf": [{"$ref": "person.json#/properties/name"}, {"type": "integer"}]}
        self.write("plan/e.json", {"type": "object", "properties": {"p": schema}})
        events = {each.name: each for each in shape(read_plan(self.folder / "plan")).events}
        self.assertEqual(personal_paths(events["e"]), (("p",),))

    def test_deprecated(self) -> None:
        """A deprecated property is found down to where an object would begin again."""
        node = {
            "type": "object",
            "properties": {"old": {"deprecated": True}, "next": {"$ref": "#/definitions/Node"}},
        }
        root = {
            "type": "object",
            "properties": {"p": {"$ref": "#/definitions/Node"}, "old": {"deprecated": True}},
        }
        plan = self.write("plan.json", public_plan(rule("E", root, definitions={"Node": node})))
        (event,) = shape(read_plan(plan)).events
        self.assertEqual(deprecated_paths(event), (("old",), ("p", "old")))


if __name__ == "__main__":
    unittest.main()
