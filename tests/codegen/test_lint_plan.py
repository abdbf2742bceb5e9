"""`lint` on plans: what it prints in each format, what it exits with, and what may be waived."""

import json
import tempfile
import unittest
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

from segment_codegen.cli import main
from segment_codegen.lines import lines_of
from segment_codegen.plan_rules.model import Remark
from segment_codegen.plan_rules.table import RULES
from segment_codegen.plan_rules.waivers import read_waivers
from segment_codegen.reports import report

from tests.codegen.plans import Node, public_plan, rule
from tests.sources import ROOT

EMAIL: Node = {"email": {"type": "string", "description": "Where we write to."}, "plan": {"type": "string"}}
SIGNED_UP = rule("Signed Up", {"type": "object", "properties": EMAIL}, description="Somebody has signed up.")
POINTER = "/rules/0/jsonSchema/properties/properties/properties"


class LintPlanTest(unittest.TestCase):
    """The command, on the plan of one event with two problems."""

    def setUp(self) -> None:
        """Write the plan."""
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.plan = self.folder / "plan.json"
        self.plan.write_text(json.dumps(public_plan(SIGNED_UP), indent=2), encoding="utf-8")

    def lint(self, *arguments: str, expected: int) -> tuple[str, str]:
        """Run `lint`, assert what it exits with, and answer what it prints on both streams."""
        folder = f"{self.folder.as_posix()}/"
        with redirect_stdout(StringIO()) as out, redirect_stderr(StringIO()) as err:
            self.assertEqual(main(["lint", "--plan", str(self.plan), *arguments]), expected, err.getvalue())
        return out.getvalue().replace(folder, ""), err.getvalue().replace(folder, "")

    def options(self, *waivers: str) -> None:
        """Write the options beside the plan."""
        (self.folder / "segment-codegen.json").write_text(json.dumps({"lint": waivers}), encoding="utf-8")

    def test_text(self) -> None:
        """Each remark says where, what, by which rule, and what to do; the exit code is 1."""
        out, err = self.lint(expected=1)
        self.assertEqual(
            out.splitlines(),
            [
                f"plan.json#{POINTER}/email: 'email' looks like data about a person, and is not marked"
                " as that [personal-data]",
                '  hint: write "x-pii": true beside it, or "x-pii": false where it is none',
                f"plan.json#{POINTER}/plan: the property 'plan' has no description [missing-description]",
                "  hint: say what it is, in which unit, and where its values come from",
            ],
        )
        self.assertEqual(err, "2 problems\n")

    def test_json(self) -> None:
        """As JSON each remark is an object with the identity of what it is about."""
        found = json.loads(self.lint("--format", "json", expected=1)[0])
        self.assertEqual(
            [each["subject"] for each in found], ["track/Signed Up#email", "track/Signed Up#plan"]
        )
        self.assertEqual(found[1]["rule"], "missing-description")
        self.assertEqual(found[1]["pointer"], f"{POINTER}/plan")

    def test_github(self) -> None:
        """For GitHub each remark is a workflow command with the line of the file."""
        lines = self.lint("--format", "github", expected=1)[0].splitlines()
        number = next(
            at for at, each in enumerate(self.plan.read_text("utf-8").splitlines(), 1) if '"email"' in each
        )
        self.assertEqual(
            lines[0],
            f"::warning file=plan.json,line={number},title=personal-data::'email' looks like data about a"
            " person,"
            ' and is not marked as that; write "x-pii": true beside it, or "x-pii": false where it is none',
        )
        self.assertEqual(len(lines), 2)

    def test_waived(self) -> None:
        """A rule is waived for all, for an event, or for a property, by the options and by the command."""
        self.options("personal-data: track/Signed Up#email")
        self.assertIn("1 problem\n", self.lint(expected=1)[1])
        self.assertEqual(self.lint("--waive", "missing-description", expected=0), ("", ""))
        self.options("personal-data: track/Signed Up", "missing-description")
        self.assertEqual(self.lint(expected=0), ("", ""))

    def test_unused(self) -> None:
        """A waiver that waives nothing is a problem itself, where it stands."""
        self.options("personal-data", "missing-description", "event-naming")
        self.assertIn(
            "segment-codegen.json#/lint/2: the waiver 'event-naming' waives nothing [unused-waiver]",
            self.lint(expected=1)[0],
        )

    def test_unknown(self) -> None:
        """A waiver of no rule is refused, with the rules that there are."""
        self.options("persnal-data")
        _, err = self.lint(expected=2)
        self.assertIn("segment-codegen.json#/lint/0: 'persnal-data' waives no rule [unknown-waiver]", err)
        for each in RULES:
            self.assertIn(each.name, err)

    def test_skipped(self) -> None:
        """An event that the options skip is not looked at."""
        self.plan.write_text(json.dumps(public_plan(SIGNED_UP, rule("B", {}, description="B."))))
        (self.folder / "segment-codegen.json").write_text('{"skip": ["track/Signed Up"]}')
        self.assertEqual(self.lint(expected=0), ("", ""))

    def test_refused(self) -> None:
        """A plan that nothing could be generated from is refused as `generate` does."""
        self.plan.write_text(json.dumps(public_plan(rule("A", {"properties": 1}))))
        self.assertIn("[malformed]", self.lint(expected=2)[1])

    def test_own(self) -> None:
        """The project's own catalogue has nothing to better."""
        with redirect_stdout(StringIO()) as out:
            self.assertEqual(main(["lint", "--schema", str(ROOT / "schema")]), 0)
        self.assertEqual(out.getvalue(), "")


class PageTest(unittest.TestCase):
    """docs/plan-rules.md, which explains the rules."""

    def test_rules(self) -> None:
        """Each rule is in the table, with what it wants, and no other is."""
        page = (ROOT / "docs" / "plan-rules.md").read_text("utf-8")
        rows = [line.split(" | ")[:2] for line in page.splitlines() if line.startswith("| `")]
        self.assertEqual(rows, [[f"| `{each.name}`", each.wants] for each in RULES])

    def test_waivers(self) -> None:
        """The example of waivers is read as what it says."""
        page = (ROOT / "docs" / "plan-rules.md").read_text("utf-8")
        texts = json.loads(page.partition("```json\n")[2].partition("```")[0])["lint"]
        waivers = read_waivers(texts, "segment-codegen.json", "lint", [each.name for each in RULES])
        self.assertEqual([str(each) for each in waivers], texts)


class ReportTest(unittest.TestCase):
    """What comes from a plan can write nothing but text."""

    HOSTILE = Remark(
        "a,b:c.json", "", "event-naming", "track/x", "line\n::error::100%\x1b[31m\u202e", "mend\rit"
    )

    def test_github(self) -> None:
        """No text of a plan ends a workflow command, or begins another."""
        self.assertEqual(
            report([self.HOSTILE], "github"),
            "::warning file=a%2Cb%3Ac.json,line=1,title=event-naming"
            "::line\\n::error::100%25\\x1b[31m\\u202e; mend\\rit\n",
        )

    def test_text(self) -> None:
        """No control character of a plan reaches the terminal."""
        self.assertEqual(
            report([self.HOSTILE], "text"),
            "a,b:c.json#: line\\n::error::100%\\x1b[31m\\u202e [event-naming]\n  hint: mend\\rit\n",
        )


class LinesTest(unittest.TestCase):
    """The lines of a JSON file."""

    def test_lines(self) -> None:
        """Each value is on the line of its key, or where it begins itself, whatever texts hold."""
        text = '{\n "a": [\n  1,\n  {"b/c": "}\\"\\n,["}\n ],\n\n "d":\n  {}, "": [], "e": null\n}'
        self.assertEqual(
            lines_of(text),
            {"": 1, "/a": 2, "/a/0": 3, "/a/1": 4, "/a/1/b~1c": 4, "/d": 7, "/": 8, "/e": 8},
        )


if __name__ == "__main__":
    unittest.main()
