"""A schema folder against its releases: `segment-codegen diff --by-version`."""

import json
import unittest
from contextlib import redirect_stdout
from io import StringIO
from typing import Any

from segment_codegen.cli import main

from tests.codegen.diff.cases import Node
from tests.codegen.diff.command import TEXT, DiffTest, schema
from tests.sources import ROOT


def _of(version: str) -> dict[str, Any]:
    """Answer the property that only one version has."""
    return {f"new in {version}": TEXT}


class ReleasedTest(DiffTest):
    """A schema folder against what was released of it."""

    def setUp(self) -> None:
        """Write two releases."""
        super().setUp()
        for version in ("1.9.0", "1.10.0"):
            self.release(f"released/{version}", version, schema(version=version, a=TEXT, **_of(version)))

    def release(self, folder: str, version: str, *events: Node) -> None:
        """Write a schema folder."""
        contract = schema(version=version, id=TEXT)
        del contract["x-event"]
        self.write(f"{folder}/semantic_event.schema.json", contract)
        for number, event in enumerate(events):
            self.write(f"{folder}/events/{number}.schema.json", event)

    def judge(self, *, expected: int) -> str:
        """Answer what is said of the folder `schema`."""
        return self.diff("released", "schema", "--by-version", expected=expected)[0]

    def test_latest(self) -> None:
        """The latest release counts, by its number."""
        self.release("schema", "1.10.0", schema(version="1.10.0", a=TEXT, **_of("1.10.0")))
        self.assertEqual(self.judge(expected=0), "")

    def test_breaking(self) -> None:
        """A breaking change is in order with a new major version of the event, and only so."""
        for version, expected in (("1.10.0", 1), ("1.11.0", 1), ("2.0.0", 0)):
            self.release("schema", "1.10.0", schema(version=version, a=TEXT))
            out = self.judge(expected=expected)
            self.assertIn("[property-removed]", out)

    def test_without_versions(self) -> None:
        """Without --by-version no version makes up for a break."""
        self.release("schema", "2.0.0", schema(version="2.0.0", a=TEXT))
        self.diff("released", "schema", expected=1)

    def test_minor(self) -> None:
        """A lesser change without its bump is told, and is no problem."""
        self.release("schema", "1.10.0", schema(version="1.10.0", a=TEXT, b=TEXT, **_of("1.10.0")))
        self.assertIn("needs a minor bump, has none", self.judge(expected=0))

    def test_removed(self) -> None:
        """An event may go when the contract has a new major version."""
        self.release("schema", "1.11.0")
        self.assertIn("[event-removed]", self.judge(expected=1))
        self.release("schema", "2.0.0")
        self.judge(expected=0)

    def test_own(self) -> None:
        """This project's schema breaks nothing of its last release without saying so."""
        with redirect_stdout(StringIO()) as out:
            code = main(["diff", "--by-version", str(ROOT / "schema/released"), str(ROOT / "schema")])
        self.assertEqual(code, 0, out.getvalue())

    def test_own_releases(self) -> None:
        """Each release of this project is in the folder of its version."""
        found = [*(ROOT / "schema/released").glob("*/semantic_event.schema.json")]
        self.assertTrue(found)
        for each in found:
            self.assertEqual(json.loads(each.read_text("utf-8"))["x-version"], each.parent.name)


if __name__ == "__main__":
    unittest.main()
