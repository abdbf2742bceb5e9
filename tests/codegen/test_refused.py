"""Schemas that are refused, or read with a note: each file's diagnostics stand beside it, to be read.

After a change, `segment-codegen generate --plan FILE --out DIR` in the folder says what the text should be.
"""

import tempfile
import unittest
from contextlib import chdir, redirect_stderr
from io import StringIO
from pathlib import Path

from segment_codegen.cli import main

HERE = Path(__file__).parent


class DiagnosticsTest(unittest.TestCase):
    """What is said of each file."""

    def check(self, folder: str, code: int) -> None:
        """Hold what is said of a folder's files against the texts beside them."""
        files = sorted((HERE / folder).glob("*.json"))
        self.assertEqual(
            [file.stem for file in files], sorted(file.stem for file in (HERE / folder).glob("*.txt"))
        )
        with chdir(HERE / folder), tempfile.TemporaryDirectory() as out:
            for file in files:
                with self.subTest(file=file.name), redirect_stderr(StringIO()) as said:
                    target = Path(out) / file.stem
                    self.assertEqual(main(["generate", "--plan", file.name, "--out", str(target)]), code)
                    lines = [line for line in said.getvalue().splitlines() if not line.startswith("wrote ")]
                    self.assertEqual(lines, file.with_suffix(".txt").read_text("utf-8").splitlines())
                    self.assertEqual(target.exists(), code == 0)

    def test_refused(self) -> None:
        """A file that is refused is refused with rule, place and hint, and nothing is written."""
        self.check("refused", 2)

    def test_noted(self) -> None:
        """What a package leaves out of its plan is said in notes, and the package is written."""
        self.check("noted", 0)


if __name__ == "__main__":
    unittest.main()
