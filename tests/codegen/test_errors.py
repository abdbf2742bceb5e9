"""Diagnostics: errors that stop the work, and notes that do not."""

import unittest
from contextlib import redirect_stderr
from dataclasses import replace
from io import StringIO

from segment_codegen.cli import main
from segment_codegen.errors import Diagnostic, SchemaError, settle

from tests.codegen.plans import PlanTest, public_plan, rule

NOTE = Diagnostic("plan.json", "/rules/0", "it is not checked", "check it", "loose", "note")
ERROR = replace(NOTE, pointer="/rules/1", severity="error")


class SettleTest(unittest.TestCase):
    """What becomes of what was found."""

    def test_notes(self) -> None:
        """Notes are answered sorted, each once."""
        later = replace(NOTE, pointer="/rules/2")
        self.assertEqual(settle([later, NOTE, NOTE]), (NOTE, later))

    def test_errors(self) -> None:
        """One error raises, with the notes beside it."""
        with self.assertRaises(SchemaError) as caught:
            settle([ERROR, NOTE])
        self.assertEqual(caught.exception.diagnostics, (NOTE, ERROR))

    def test_text(self) -> None:
        """A note says that it is one; both say where, what, by which rule, and what to do."""
        said = "it is not checked [loose]\n  hint: check it"
        self.assertEqual(str(NOTE), f"plan.json#/rules/0: note: {said}")
        self.assertEqual(str(ERROR), f"plan.json#/rules/1: {said}")


class CommandTest(PlanTest):
    """What the command says of notes."""

    def test_notes(self) -> None:
        """What the package does not do of the plan is said, and the package is written all the same."""
        common = rule("", {"type": "object"}, kind="COMMON", required=["context"])
        plan = self.write("plan.json", public_plan(rule("Seen", {"type": "object"}), common))
        out = self.folder / "analytics"
        with redirect_stderr(StringIO()) as said:
            self.assertEqual(main(["generate", "--plan", str(plan), "--out", str(out)]), 0)
        first, _hint, count, wrote = said.getvalue().splitlines()
        self.assertTrue(first.startswith(f"{plan.as_posix()}#/rules/1/type: note: the rule is for the calls"))
        self.assertTrue(first.endswith("[common-rule]"))
        self.assertEqual(count, "1 note")
        self.assertTrue(wrote.startswith("wrote "))
        self.assertTrue((out / "events.py").is_file())


if __name__ == "__main__":
    unittest.main()
