"""The command `docs`: where it writes, by which names, and how it tells that pages are out of date."""

import json
import tempfile
import unittest
from contextlib import chdir, redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

from segment_codegen.cli import main
from segment_codegen.document import document_schema
from segment_codegen.drift import drift
from segment_codegen.foreign import beside_warehouse
from segment_codegen.index import read_names
from segment_codegen.write import read_folder

from tests.codegen.plans import public_plan, rule
from tests.codegen.schemas import write_schema
from tests.sources import ROOT

PLAN = public_plan(
    rule("Order Completed", {"properties": {"site id": {"type": "string"}}}, description="Paid.")
)


class DocsTest(unittest.TestCase):
    """The command in a folder of its own."""

    def setUp(self) -> None:
        """Make the folder, with a plan in it, and go there."""
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.enterContext(chdir(folder.name))
        Path("plan.json").write_text(json.dumps(PLAN), encoding="utf-8")

    def codegen(self, *arguments: str, expected: int = 0) -> str:
        """Run a command, assert what it exits with, and answer all that it prints."""
        with redirect_stdout(StringIO()) as out, redirect_stderr(out):
            self.assertEqual(main(arguments), expected, out.getvalue())
        return out.getvalue()

    def test_plan(self) -> None:
        """A plan's pages go where they are told to, and are found out of date when the plan has changed."""
        pages = ("docs", "--plan", "plan.json", "--out", "pages")
        self.assertEqual(self.codegen(*pages), "wrote 3 files to pages\n")
        self.assertEqual(
            set(read_folder(Path("pages"))), {"index.html", "README.md", "events/order_completed.md"}
        )
        self.assertEqual(self.codegen(*pages, "--check"), "")
        Path("plan.json").write_text(json.dumps(PLAN).replace("Paid.", "Settled."), encoding="utf-8")
        told = self.codegen(*pages, "--check", expected=1)
        self.assertIn("\n-Paid.\n+Settled.\n", told)
        again = "run segment-codegen docs --plan plan.json --out pages and commit the result"
        self.assertIn(f"pages is out of date: {again}", told)
        self.codegen(*pages)
        self.assertEqual(self.codegen(*pages, "--check"), "")

    def test_names(self) -> None:
        """The pages call events as the package does, which programs import by its folder's name."""
        Path("segment-codegen.json").write_text('{"names": {"track/Order Completed": "paid"}}')
        self.codegen("generate", "--plan", "plan.json", "--out", "shop/events")
        Path("segment-codegen.json").unlink()
        self.codegen("docs", "--plan", "plan.json", "--out", "pages", "--package", "shop/events")
        self.assertIn("from shop.events import Events\n", Path("pages/README.md").read_text("utf-8"))
        self.assertIn("events.paid(\n", Path("pages/events/paid.md").read_text("utf-8"))

    def test_unnamable(self) -> None:
        """A folder that no program can import is refused."""
        told = self.codegen(
            "docs", "--plan", "plan.json", "--out", "pages", "--package", "my-events", expected=2
        )
        self.assertIn("my-events#: no package can have this name", told)

    def test_no_folder(self) -> None:
        """A plan's pages need a folder."""
        told = self.codegen("docs", "--plan", "plan.json", expected=2)
        self.assertIn("name the pages' folder: --out docs/events", told)

    def test_foreign(self) -> None:
        """A folder of somebody's own pages is not replaced."""
        Path("pages").mkdir()
        Path("pages/README.md").write_text("# Mine")
        told = self.codegen("docs", "--plan", "plan.json", "--out", "pages", expected=2)
        self.assertIn("[foreign-folder]", told)
        self.assertEqual(Path("pages/README.md").read_text("utf-8"), "# Mine")

    def test_beside(self) -> None:
        """Pages to which a file was added by hand stay as they are, until that is moved; a page may go."""
        pages = ("docs", "--plan", "plan.json", "--out", "pages")
        self.codegen(*pages)
        mine, old = Path("pages/events/mine.md"), Path("pages/events/old.md")
        mine.write_text("mine", "utf-8")
        old.write_bytes(Path("pages/README.md").read_bytes())
        told = self.codegen(*pages, expected=2)
        self.assertIn("which would be lost: events/mine.md [foreign-folder]", told)
        told = self.codegen(*pages, "--check", expected=1)
        self.assertIn("pages is out of date: move what is yours out of it (events/mine.md), then run", told)
        mine.unlink()
        self.codegen(*pages)
        self.assertFalse(old.exists())

    def test_beside_warehouse(self) -> None:
        """Of the warehouse's definitions, too, what a run wrote is known from what was added by hand."""
        found = read_folder(ROOT / "generated" / "warehouse")
        self.assertEqual(beside_warehouse(found, found), [])
        self.assertEqual(beside_warehouse({**found, "mine.sql": "SELECT 1"}, found), ["mine.sql"])
        self.assertEqual(beside_warehouse({"mine.sql": "SELECT 1"}, found), {"mine.sql": "SELECT 1"})

    def test_generated(self) -> None:
        """The pages of a schema folder are written by `generate` too, and `check` finds them out of date."""
        write_schema(self.folder)
        self.codegen("generate")
        pages = read_folder(Path("generated/docs"))
        self.assertIn("events/item_purchased.md", pages)
        self.assertEqual(self.codegen("docs"), f"wrote {len(pages)} files to generated/docs\n")
        self.assertEqual(self.codegen("check"), "")
        Path("generated/docs/index.html").unlink()
        self.assertIn("+++ generated/docs/index.html", self.codegen("check", expected=1))

    def test_no_events(self) -> None:
        """A schema without a catalogue has pages without events."""
        write_schema(self.folder)
        for file in Path("schema/events").iterdir():
            file.unlink()
        self.codegen("docs")
        self.assertIn("\n0 events. ", Path("generated/docs/README.md").read_text("utf-8"))

    def test_template(self) -> None:
        """A template of the user's own stands for one of the catalogue."""
        Path("own/docs").mkdir(parents=True)
        Path("own/docs/event.md.jinja").write_text("# {{ event.title|text }}\n")
        Path("segment-codegen.json").write_text('{"templates": "own"}')
        self.codegen("docs", "--plan", "plan.json", "--out", "pages")
        self.assertEqual(Path("pages/events/order_completed.md").read_text("utf-8"), "# Order Completed\n")


class OwnTest(unittest.TestCase):
    """The project's own pages."""

    def test_own(self) -> None:
        """What is committed in generated/docs is what the project's schema gives."""
        generated = ROOT / "generated"
        pages = document_schema(ROOT / "schema", read_names(generated / "semantic_events"))
        self.assertEqual(drift(pages, read_folder(generated / "docs"), "generated/docs"), "")


if __name__ == "__main__":
    unittest.main()
