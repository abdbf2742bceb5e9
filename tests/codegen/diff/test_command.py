"""What `segment-codegen diff` prints in each format, what it exits with, and what may be waived."""

import json
import unittest
from typing import Any

from segment_codegen.diff.verdicts import RULES

from tests.codegen.diff.command import TEXT, DiffTest, schema
from tests.sources import ROOT


class ReportTest(DiffTest):
    """One event that gains a required property, and whose version does not tell."""

    def setUp(self) -> None:
        """Write the two."""
        super().setUp()
        self.write("old.json", schema(plan=TEXT))
        self.write("new.json", schema("email", email=TEXT, plan={**TEXT, "description": "Its name."}))

    def test_text(self) -> None:
        """Each change says which property, what, by which rule, where, and the verdict."""
        out, err = self.diff("old.json", "new.json", expected=1)
        self.assertEqual(
            out.splitlines(),
            [
                "track/Signed Up 1.0.0 to 1.0.0: needs a major bump, has none",
                "  email: 'email' is new, and required [required-property-added]",
                "    new.json#/properties/email",
                "    producers: breaks; warehouse: new column; bump: major",
                "  plan: 'description' is new [note-changed]",
                "    new.json#/properties/plan/description",
                "    producers: fine; warehouse: fine; bump: patch",
            ],
        )
        self.assertEqual(err, "1 problem\n")

    def test_json(self) -> None:
        """As JSON each event has its versions, the bump it needs, and each change with both places."""
        out, _ = self.diff("old.json", "new.json", "--format", "json", expected=1)
        found = json.loads(out)
        (event,) = found["events"]
        change = event.pop("changes")[0]
        self.assertEqual(
            event,
            {
                "event": "track/Signed Up",
                "oldVersion": "1.0.0",
                "newVersion": "1.0.0",
                "declared": "none",
                "needed": "major",
                "accepts": "no",
            },
        )
        self.assertEqual((found["problems"], found["unusedWaivers"]), (1, []))
        self.assertEqual(
            change,
            {
                "rule": "required-property-added",
                "subject": "track/Signed Up#email",
                "message": "'email' is new, and required",
                "old": {"file": "old.json", "pointer": "/properties"},
                "new": {"file": "new.json", "pointer": "/properties/email"},
                "producers": "breaks",
                "warehouse": "new column",
                "bump": "major",
                "breaking": True,
                "waived": False,
                "problem": True,
            },
        )

    def test_github(self) -> None:
        """For GitHub what breaks is an error at its line, and what does not is a notice."""
        out, _ = self.diff("old.json", "new.json", "--format", "github", expected=1)
        text = (self.folder / "new.json").read_text("utf-8").splitlines()
        line = next(number for number, each in enumerate(text, 1) if '"email": {' in each)
        self.assertEqual(
            out.splitlines()[0],
            f"::error file=new.json,line={line},title=required-property-added::track/Signed Up#email: 'email'"
            " is new, and required; producers: breaks; warehouse: new column; bump: major",
        )
        self.assertTrue(out.splitlines()[1].startswith("::notice file=new.json,"), out)

    def test_waived(self) -> None:
        """A change that is waived by name breaks nobody, and is shown still."""
        waiver = "required-property-added: track/Signed Up#email"
        out, err = self.diff("old.json", "new.json", "--waive", waiver, expected=0)
        self.assertIn("[required-property-added] (waived)", out)
        self.assertIn("needs a patch bump", out)
        self.assertEqual(err, "")

    def test_waived_by_options(self) -> None:
        """The options beside the new schema waive for everybody."""
        self.write("next/segment-codegen.json", {"diff": ["required-property-added: track/Signed Up"]})
        (self.folder / "new.json").rename(self.folder / "next" / "new.json")
        self.diff("old.json", "next/new.json", expected=0)

    def test_unused(self) -> None:
        """A waiver that waives nothing is a problem itself, in every format."""
        waivers = ("--waive", "required-property-added", "--waive", "type-changed")
        for form, expected in (
            ("text", "[unused-waiver]"),
            ("json", '"unused-waiver"'),
            ("github", "title=unused"),
        ):
            out, err = self.diff("old.json", "new.json", *waivers, "--format", form, expected=1)
            self.assertIn(expected, out)
            self.assertEqual(err, "1 problem\n")

    def test_unknown_waiver(self) -> None:
        """A waiver of no rule is refused, with the rules that there are."""
        _, err = self.diff("old.json", "new.json", "--waive", "property-aded", expected=2)
        self.assertIn("'property-aded' waives no rule", err)
        self.assertIn("required-property-added", err)

    def test_same(self) -> None:
        """Nothing is said where nothing changed."""
        self.assertEqual(self.diff("old.json", "old.json", expected=0), ("", ""))

    def test_hostile(self) -> None:
        """No text of a schema ends a line, or begins a workflow command."""
        properties: dict[str, Any] = {"a\n::error::\x1b[31m\u202e": TEXT}
        self.write("new.json", schema(**properties))
        for form in ("text", "github"):
            out, _ = self.diff("old.json", "new.json", "--format", form, expected=1)
            self.assertFalse(any(each.startswith("::error::") for each in out.splitlines()), out)
            self.assertNotRegex(out, "[\x1b\u202e]")


class DocumentTest(unittest.TestCase):
    """The page on diffs."""

    def test_rules(self) -> None:
        """Its table says of each rule what the program does."""
        page = (ROOT / "docs" / "diff.md").read_text("utf-8")
        rows = [line for line in page.splitlines() if line.startswith("| `")]
        self.assertEqual(
            rows,
            [
                f"| `{name}` | {each.change} | {each.producers} | {each.warehouse} | {each.bump}"
                f"{', warning' if each.warns else ''} |"
                for name, each in RULES.items()
            ],
        )


if __name__ == "__main__":
    unittest.main()
