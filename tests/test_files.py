"""The size of the files that people read."""

import subprocess
import unittest

from tests.sources import ROOT

SOURCE_SUFFIXES = {"", ".css", ".html", ".js", ".py", ".sql", ".toml", ".yml"}
"""Suffixes of files that people write; a file without one is a script or a Makefile."""


class FilesTest(unittest.TestCase):
    """A file is short enough to be read in one go."""

    def lines(self, *paths: str) -> dict[str, int]:
        """Count the lines of the files under `paths` that git tracks or would track."""
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *paths],  # noqa: S607 - git is where PATH says
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
        )
        files = [ROOT / name for name in listed.stdout.split("\0") if name]
        return {
            file.relative_to(ROOT).as_posix(): file.read_bytes().count(b"\n")
            for file in files
            if file.is_file()
        }

    def test_sources(self) -> None:
        """No source file that is written by hand has over 300 lines."""
        sources = {
            name: count
            for name, count in self.lines(".", ":!generated").items()
            if "." + name.rpartition("/")[2].partition(".")[2] in SOURCE_SUFFIXES | {"."}
        }
        self.assertIn("tests/test_files.py", sources)
        self.assertEqual({name: count for name, count in sources.items() if count > 300}, {})

    def test_templates(self) -> None:
        """No template has over 80 lines."""
        templates = self.lines("codegen/segment_codegen/templates")
        self.assertTrue(templates)
        self.assertEqual({name: count for name, count in templates.items() if count > 80}, {})


if __name__ == "__main__":
    unittest.main()
