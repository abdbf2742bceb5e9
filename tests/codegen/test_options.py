"""The options beside a plan: what is skipped, waived, and rendered otherwise."""

import json
import unittest
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO

from segment_codegen.build import build_plan
from segment_codegen.cli import main
from segment_codegen.errors import SchemaError

from tests.codegen.plans import Node, PlanTest, public_plan, rule
from tests.codegen.schemas import write_schema

TEXT: Node = {"type": "string"}
OPTIONS = "segment-codegen.json"
PLAN = public_plan(
    rule("Paid", {"type": "object", "properties": {"a": TEXT}}),
    {**rule("Paid", {"type": "object", "properties": {"b": TEXT}}), "version": 2},
    rule("Lost", {"type": "array"}),
    rule("Shown", {"type": "object", "properties": {"a": {**TEXT, "format": "color"}}}),
)
SKIPPED: Node = {"skip": ["track/Lost"]}


class OptionsTest(PlanTest):
    """What the options do."""

    def setUp(self) -> None:
        """Write the plan."""
        super().setUp()
        self.plan = self.write("plan.json", PLAN)

    def methods(self, **options: object) -> list[str]:
        """Answer the methods of the plan's package under some options."""
        self.write(OPTIONS, options)
        return [each["method"] for each in json.loads(build_plan(self.plan).files["catalogue.json"])]

    def refused(self, **options: object) -> list[tuple[str, str]]:
        """Answer the rule and pointer of each problem of some options."""
        self.write(OPTIONS, options)
        with self.assertRaises(SchemaError) as caught:
            build_plan(self.plan)
        files = {each.file for each in caught.exception.diagnostics}
        self.assertEqual(files, {(self.folder / OPTIONS).as_posix()})
        return [(each.rule, each.pointer) for each in caught.exception.diagnostics]

    def test_skip(self) -> None:
        """An event is left out by its name, with what is wrong with it, and one version by its number."""
        self.assertEqual(self.methods(**SKIPPED), ["paid", "paid_v1", "shown"])
        self.assertEqual(self.methods(skip=["track/Lost", "track/Paid@1"]), ["paid", "shown"])
        self.assertEqual(self.methods(skip=["track/Lost", "track/Paid"]), ["shown"])
        self.assertEqual(self.refused(skip=["track/Lost", "track/Gone"]), [("unused-skip", "/skip/1")])

    def test_skip_all(self) -> None:
        """A plan of which nothing is left makes a package that imports, and sends nothing."""
        everything = ["track/Lost", "track/Paid", "track/Shown"]
        self.assertEqual(self.methods(skip=everything), [])
        package = self.imported(build_plan(self.plan).files)
        self.assertEqual([name for name in dir(package.Events) if not name.startswith("_")], [])

    def test_versions(self) -> None:
        """Versions that are not current can be left out."""
        self.assertEqual(self.methods(**SKIPPED, versions="current"), ["paid", "shown"])
        self.assertEqual(self.methods(**SKIPPED, versions="all"), ["paid", "paid_v1", "shown"])

    def test_waive(self) -> None:
        """A note that is waived, by its rule or also by its place, is not told."""
        self.write(OPTIONS, SKIPPED)
        self.assertEqual([each.rule for each in build_plan(self.plan).notes], ["unknown-format"])
        for waiver in ("unknown-format", "unknown-format#/rules/3", "unknown-format#/rules/3/"):
            self.write(OPTIONS, {**SKIPPED, "waive": [waiver]})
            self.assertEqual(build_plan(self.plan).notes, ())
        for waiver in ("unknown", "unknown-format#/rules/2", "unknown-format#/rule", "common-rule", ""):
            self.assertEqual(self.refused(**SKIPPED, waive=[waiver]), [("unused-waiver", "/waive/0")])

    def test_wrong(self) -> None:
        """Options that there are not, or of another form, are refused where they stand, all at once."""
        found = self.refused(
            name={}, names=[], skip="track/Lost", versions="old", waive=[1], templates="none"
        )
        self.assertEqual(
            found,
            [
                ("unknown-option", "/name"),
                *(
                    ("option-form", f"/{each}")
                    for each in ("names", "skip", "templates", "versions", "waive")
                ),
            ],
        )

    def test_folder(self) -> None:
        """In a folder of schemas the options stand with these, and are none of them."""
        self.write("schemas/Paid.json", {"type": "object", "properties": {}})
        self.write(f"schemas/{OPTIONS}", {"names": {"track/Paid": "bought"}})
        files = build_plan(self.folder / "schemas").files
        self.assertIn("event_models/bought.py", files)

    def test_own_catalogue(self) -> None:
        """The schema folder has options for the events in it too."""
        write_schema(self.folder)
        self.write(f"schema/{OPTIONS}", {"names": {"track/Item Purchased": "bought"}})
        folders = ("--schema", str(self.folder / "schema"), "--out", str(self.folder / "generated"))
        with redirect_stderr(StringIO()):
            self.assertEqual(main(["generate", *folders]), 0)
        self.assertTrue((self.folder / "generated/semantic_events/event_models/bought.py").exists())


class TemplatesTest(PlanTest):
    """Templates of the user's own."""

    def build(self, **templates: str) -> dict[str, str]:
        """Answer the package that is made with some templates."""
        plan = self.write(
            "plan.json", public_plan(rule("Paid", {"type": "object", "properties": {"a": TEXT}}))
        )
        self.write(OPTIONS, {"templates": "mine"})
        (self.folder / "mine").mkdir(exist_ok=True)
        for name, text in templates.items():
            (self.folder / "mine" / f"{name}.jinja").write_text(text, encoding="utf-8")
        return dict(build_plan(plan).files)

    def test_overridden(self) -> None:
        """A template stands for the one of its name, with the same values, and can include others."""
        head = '{{ header }}\n{% include "_own.jinja" %}\nPROVENANCE = {{ provenance }}\n'
        files = self.build(**{"provenance.py": head, "_own": "OWNER = 'data team'\n"})
        self.assertIn('OWNER = "data team"', files["provenance.py"])
        self.assertIn("segment-codegen", files["provenance.py"].partition("PROVENANCE")[2])
        self.assertIn("def paid(", files["events.py"])

    def test_only_there(self) -> None:
        """The templates of one plan are not those of the next."""
        own = self.build(**{"provenance.py": "PROVENANCE = {}\n"})
        (self.folder / OPTIONS).unlink()
        self.assertNotEqual(
            build_plan(self.folder / "plan.json").files["provenance.py"], own["provenance.py"]
        )

    def test_broken(self) -> None:
        """What cannot be filled, comes out as no Python, or stands for nothing, is told with its name."""
        cases = {
            "{% if %}": ("broken-template", "provenance.py.jinja cannot be filled"),
            "{{ lost }}": ("broken-template", "'lost' is undefined"),
            "{{ 'raw' }}": ("broken-template", "may not write 'raw'"),
            "PROVENANCE = = 1\n": ("broken-template", "provenance.py comes out as no Python in line 1"),
        }
        for text, (name, said) in cases.items():
            with self.subTest(text), self.assertRaises(SchemaError) as caught:
                self.build(**{"provenance.py": text})
            (problem,) = caught.exception.diagnostics
            self.assertEqual((problem.rule, problem.file), (name, (self.folder / "mine").as_posix()))
            self.assertIn(said, problem.message)
        with self.assertRaises(SchemaError) as caught:
            self.build(**{"provenance.py": "PROVENANCE = {}\n", "provenence.py": ""})
        self.assertEqual([each.rule for each in caught.exception.diagnostics], ["unused-template"])

    def test_check(self) -> None:
        """`check` holds a package against the plan with the same options, and shows what has changed."""
        self.build(**{"provenance.py": "PROVENANCE = {}\n"})
        arguments = ["--plan", str(self.folder / "plan.json"), "--out", str(self.folder / "out")]
        with redirect_stderr(StringIO()), redirect_stdout(StringIO()) as shown:
            self.assertEqual(main(["generate", *arguments]), 0)
            self.assertEqual(main(["check", *arguments]), 0)
            self.assertEqual(shown.getvalue(), "")
            (self.folder / "mine" / "provenance.py.jinja").unlink()
            self.assertEqual(main(["check", *arguments]), 1)
        self.assertIn("-PROVENANCE = {}\n", shown.getvalue())


if __name__ == "__main__":
    unittest.main()
