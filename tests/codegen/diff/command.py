"""The command `segment-codegen diff`, run in a folder of its own."""

import json
import tempfile
import unittest
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

from segment_codegen.cli import main

from tests.codegen.diff.cases import Node

__all__ = ["TEXT", "DiffTest", "schema"]

TEXT: Node = {"type": "string"}


def schema(*required: str, event: str = "Signed Up", version: str = "1.0.0", **properties: Node) -> Node:
    """Answer the schema of an event, closed."""
    return {
        "x-event": event,
        "x-version": version,
        "type": "object",
        "properties": properties,
        "required": [*required],
        "additionalProperties": False,
    }


class DiffTest(unittest.TestCase):
    """The command, in a folder of its own."""

    def setUp(self) -> None:
        """Make the folder."""
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def write(self, name: str, root: object) -> str:
        """Write a file of JSON; answers its path."""
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(root, indent=2), encoding="utf-8")
        return str(file)

    def diff(self, old: str, new: str, *arguments: str, expected: int) -> tuple[str, str]:
        """Compare two names of the folder, assert the exit code, and answer what is printed."""
        paths = (str(self.folder / each) for each in (old, new))
        with redirect_stdout(StringIO()) as out, redirect_stderr(StringIO()) as err:
            code = main(["diff", *paths, *arguments])
        self.assertEqual(code, expected, out.getvalue() + err.getvalue())
        shown = f"{self.folder.as_posix()}/"
        return out.getvalue().replace(shown, ""), err.getvalue().replace(shown, "")

    def rules(self, old: str, new: str, *arguments: str, expected: int) -> list[tuple[str, str]]:
        """Answer the rules of the changes, and what they are about."""
        out = self.diff(old, new, "--format", "json", *arguments, expected=expected)[0]
        return [
            (change["rule"], change["subject"])
            for event in json.loads(out)["events"]
            for change in event["changes"]
        ]
