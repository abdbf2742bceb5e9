"""Options that do not go together: refused, and none is silently left out."""

import unittest
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO

from segment_codegen.cli import main


class UsageTest(unittest.TestCase):
    """What is said of options that contradict each other."""

    def refused(self, *arguments: str) -> str:
        """Run a command, assert that it exits with 2 and prints no result, and answer what it says."""
        with redirect_stdout(StringIO()) as out, redirect_stderr(StringIO()) as err:
            try:
                code: int | str | None = main(arguments)
            except SystemExit as stop:
                code = stop.code
        self.assertEqual((code, out.getvalue()), (2, ""), err.getvalue())
        return err.getvalue()

    def test_plan_and_schema(self) -> None:
        """A plan and a folder of schemas are two inputs: whoever names both is told, also of the default."""
        for command in ("generate", "check", "docs", "lint"):
            for folder in ("other", "schema"):
                with self.subTest(command=command, folder=folder):
                    said = self.refused(command, "--plan", "plan.json", "--schema", folder)
                    self.assertIn("argument --schema: not allowed with argument --plan", said)

    def test_files_and_folder(self) -> None:
        """`lint` judges the files that are named, or a plan, or a folder."""
        for option in ("--plan", "--schema"):
            with self.subTest(option=option):
                said = self.refused("lint", option, "named", "schema/semantic_event.schema.json")
                self.assertIn(f"argument FILE: not allowed with argument {option}", said)

    def test_files_and_waiver(self) -> None:
        """Files are held against the notation, of which nothing can be waived."""
        said = self.refused("lint", "schema/semantic_event.schema.json", "--waive", "personal-data")
        self.assertIn("schema/semantic_event.schema.json#: nothing in a schema file can be waived", said)
        self.assertIn("leave --waive out", said)


if __name__ == "__main__":
    unittest.main()
