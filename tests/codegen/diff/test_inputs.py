"""What `segment-codegen diff` compares, and what it refuses."""

import unittest

from tests.codegen.diff.command import TEXT, DiffTest, schema
from tests.codegen.plans import public_plan, rule


class InputsTest(DiffTest):
    """What can be compared."""

    def test_no_schema(self) -> None:
        """What is no plan and no schema is refused with exit code 2, whichever side it is."""
        self.write("schema.json", schema())
        for name, content in (
            ("prose.json", {"name": "a package"}),
            ("broken.json", {"type": "module", "properties": {}}),
            ("lost.json", {"type": "object", "properties": {"a": {"$ref": "#/$defs/none"}}}),
            ("list.json", [1]),
        ):
            self.write(name, content)
            for sides in ((name, "schema.json"), ("schema.json", name)):
                out, err = self.diff(*sides, expected=2)
                self.assertIn(name, err)
                self.assertEqual(out, "")
        (self.folder / "torn.json").write_text('{"type": ')
        self.assertIn("no JSON", self.diff("schema.json", "torn.json", expected=2)[1])
        self.assertIn("nowhere.json", self.diff("nowhere.json", "schema.json", expected=2)[1])

    def test_values(self) -> None:
        """A schema of a list or a value can be compared, though no event has one."""
        self.write("old.json", {"type": "array", "items": {"type": "integer"}})
        self.write("new.json", {"type": "array", "items": {"type": "number"}})
        self.assertEqual(self.rules("old.json", "new.json", expected=1), [("type-widened", "new#*")])

    def test_other_draft(self) -> None:
        """Drafts are compared by what they say: draft 04's exclusive bound is that of 2020-12."""
        draft4 = {"$schema": "http://json-schema.org/draft-04/schema#", "type": "object"}
        bound = {"type": "number", "minimum": 0, "exclusiveMinimum": True}
        self.write("old.json", {**draft4, "properties": {"a": bound}})
        self.write(
            "new.json", {"type": "object", "properties": {"a": {"type": "number", "exclusiveMinimum": 0}}}
        )
        self.assertEqual(self.rules("old.json", "new.json", expected=0), [])

    def test_plans(self) -> None:
        """Plans are compared event by event, in whatever format each is."""
        old = public_plan(
            rule("A", {"properties": {"a": TEXT}}), rule("B", {}), rule("C", {}, description="C.")
        )
        self.write("old.json", old)
        self.write("new/a.json", schema(event="A", version="1", a={"type": "number"}))
        self.write("new/c.json", {"x-event": "C", "description": "C.", "x-version": "1", "type": "object"})
        self.write("new/d.json", schema(event="D", version="1"))
        found = self.rules("old.json", "new", expected=1)
        self.assertIn(("type-changed", "track/A#a"), found)
        self.assertIn(("event-removed", "track/B"), found)
        self.assertIn(("event-added", "track/D"), found)

    def test_versions(self) -> None:
        """Current versions are compared with each other, older ones with themselves."""
        self.write("old/1.json", schema(version="1", a=TEXT))
        self.write("old/2.json", schema(version="2", a=TEXT, b=TEXT))
        self.write("old/3.json", schema(version="3", a=TEXT))
        self.write("new/1.json", schema(version="1", a={"type": "number"}))
        self.write("new/3.json", schema(version="3", a=TEXT))
        self.write("new/4.json", schema(version="4", a=TEXT, c=TEXT))
        self.assertEqual(
            sorted(self.rules("old", "new", expected=1)),
            [
                ("property-added", "track/Signed Up#c"),
                ("type-changed", "track/Signed Up#a"),
                ("version-removed", "track/Signed Up"),
            ],
        )

    def test_renamed(self) -> None:
        """An event that says which name it had is compared with that one."""
        self.write("old/a.json", schema(event="A", a=TEXT))
        self.write("old/c.json", schema(event="C"))
        self.write("new/b.json", {**schema(event="B", a=TEXT), "x-renamed-from": "A"})
        self.write("new/c.json", schema(event="C"))
        self.assertEqual(self.rules("old", "new", expected=1), [("event-renamed", "track/B")])

    def test_alias_period(self) -> None:
        """While the old property is there beside the new one nothing is renamed."""
        self.write("old.json", schema(a=TEXT))
        self.write("new.json", schema(a=TEXT, b={**TEXT, "x-renamed-from": "a"}))
        self.assertEqual(
            self.rules("old.json", "new.json", expected=0), [("property-added", "track/Signed Up#b")]
        )

    def test_references(self) -> None:
        """A definition in another file is compared where events refer to it."""
        for folder, kind in (("old", "integer"), ("new", "string")):
            self.write(f"{folder}/shared.json", {"$defs": {"id": {"type": kind}}})
            self.write(f"{folder}/a.json", schema(event="A", id={"$ref": "shared.json#/$defs/id"}))
            self.write(f"{folder}/b.json", schema(event="B"))
        out, _ = self.diff("old", "new", expected=1)
        self.assertIn("id: integer became string [type-changed]\n    new/shared.json#/$defs/id/type", out)

    def test_recursion(self) -> None:
        """A schema within itself is compared to the end."""
        for name, kind in (("old.json", "integer"), ("new.json", "string")):
            root = schema(size={"type": kind}, child={"$ref": "#"})
            self.write(name, root)
        self.assertEqual(
            self.rules("old.json", "new.json", expected=1), [("type-changed", "track/Signed Up#size")]
        )


if __name__ == "__main__":
    unittest.main()
