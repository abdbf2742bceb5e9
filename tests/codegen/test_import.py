"""`segment-codegen import`: a plan as JSON Schemas, one a file, from which the same code is made."""

import json
import os
import signal
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

from segment_codegen.build import build_plan
from segment_codegen.cli import main

from tests.codegen.plan_shapes import SHAPES, Node, Said, public
from tests.codegen.plans import PlanTest

TEXT: Node = {"type": "string"}
BOX: Node = {
    "type": "object",
    "properties": {"of": {"$ref": "#/definitions/Box"}, "w": {"$ref": "#/definitions/a~1b%20c"}},
}
ORDER = Said(
    "Order #1 Completed",
    {
        "type": "object",
        "description": "What was bought.",
        "properties": {
            "a b": {"type": "array", "items": {"$ref": "#/definitions/Box"}},
            "a-b": {"type": "object", "properties": {"x": TEXT}, "maxProperties": 1},
            "$ref": TEXT,
            "same": {"$ref": "#/properties/properties/properties/a-b"},
        },
        "required": ["a b"],
        "additionalProperties": False,
    },
    definitions={"Box": BOX, "a/b c": {"type": "number"}, "Unused": {}},
)
OLD = Said("Seen", {"type": "object", "properties": {"a": TEXT}}, doc="It was seen.")
NEW = Said("Seen", {"type": "object", "properties": {"b": TEXT}}, doc="It was seen.", version=2)
FREE = Said("", {"type": "object", "properties": {"plan": TEXT}}, type="identify", version=None)
HOME = Said("Home", {"type": "object", "properties": {"plan": TEXT}}, type="page")


class ImportTest(PlanTest):
    """What is written of a plan."""

    def command(self, plan: Path, out: str = "schemas") -> tuple[int, str]:
        """Run the command; answers its exit code and what it said."""
        with redirect_stderr(StringIO()) as said:
            code = main(["import", str(plan), "--out", str(self.folder / out)])
        return code, said.getvalue()

    def imported_from(self, root: Node) -> dict[str, Node]:
        """Import a plan; answers what each file holds."""
        code, said = self.command(self.write("plan.json", root))
        self.assertEqual(code, 0, said)
        files = sorted((self.folder / "schemas").iterdir())
        return {each.name: json.loads(each.read_text("utf-8")) for each in files}

    def test_files(self) -> None:
        """Each version of an event has a file, which says in a fixed order which it is."""
        files = self.imported_from(public([OLD, NEW, FREE, HOME]))
        self.assertEqual(
            list(files),
            [
                "identify.schema.json",
                "page_home.schema.json",
                "plan.json",
                "seen.schema.json",
                "seen_v1.schema.json",
            ],
        )
        self.assertEqual(files["plan.json"]["x-plan"]["id"], "rs_1")
        self.assertEqual(
            json.dumps(files["seen_v1.schema.json"]),
            json.dumps(
                {
                    "$schema": "http://json-schema.org/draft-07/schema#",
                    "x-event": "Seen",
                    "x-type": "track",
                    "x-version": "1",
                    "description": "It was seen.",
                    "type": "object",
                    "properties": {"a": TEXT},
                }
            ),
        )

    def test_same_code(self) -> None:
        """The files give the same package as the plan, byte for byte, whatever its format."""
        for name, make in SHAPES.items():
            events = [ORDER, NEW, FREE, *([OLD, HOME] if name == "public" else [])]
            root = make(events)
            if name == "cached":
                properties = root["rules"][0]["jsonSchema"]["properties"]
                properties["same"]["$ref"] = "#/properties/a-b"
            with self.subTest(name):
                self.imported_from(root)
                expected = build_plan(self.folder / "plan.json")
                self.assertIn("event_models/order_1_completed.py", expected.files)
                self.assertEqual(build_plan(self.folder / "schemas"), expected)

    def test_same_code_of_itself(self) -> None:
        """So do they for an event that holds itself: what is said of the event is said of no property."""
        schema = {"type": "object", "properties": {"in": {"$ref": "#/properties/properties"}}}
        self.imported_from(public([Said("Moved", schema, doc="It was moved.")]))
        expected = build_plan(self.folder / "plan.json")
        self.assertEqual(build_plan(self.folder / "schemas"), expected)

    def test_deprecated(self) -> None:
        """What is deprecated stays so, and what is not does not become it."""
        root = public([OLD, NEW])
        root["rules"][0]["deprecatedAt"] = "2024-01-01T00:00:00.000Z"
        root["rules"][1]["jsonSchema"]["properties"]["properties"]["deprecated"] = True
        files = self.imported_from(root)
        self.assertIs(files["seen_v1.schema.json"]["deprecated"], True)
        self.assertNotIn("deprecated", files["seen.schema.json"])

    def test_definitions(self) -> None:
        """Definitions move with what refers to them, and only those; references still lead to them."""
        node = self.imported_from(public([ORDER]))["order_1_completed.schema.json"]
        self.assertEqual(node["definitions"], {"Box": BOX, "a/b c": {"type": "number"}})
        self.assertEqual(node["properties"]["same"], {"$ref": "#/properties/a-b"})
        self.assertEqual(node["properties"]["$ref"], TEXT)

    def test_unmovable(self) -> None:
        """A reference to another part of the call is refused with its place, and nothing is written."""
        out = Said("Out", {"type": "object", "properties": {"c": {"$ref": "#/properties/context"}}})
        code, said = self.command(self.write("plan.json", public([OLD, out])))
        self.assertEqual(code, 2)
        self.assertIn(
            "#/rules/1/jsonSchema/properties/properties/properties/c/$ref: '#/properties/context'", said
        )
        self.assertIn("[unmovable-reference]", said)
        self.assertFalse((self.folder / "schemas").exists())

    def test_broken(self) -> None:
        """A schema that is none is refused, as by `generate`."""
        bad = Said("Bad", {"type": "object", "properties": {"a": {"type": "text"}}})
        code, said = self.command(self.write("plan.json", public([bad])))
        self.assertEqual(code, 2)
        self.assertIn("[malformed]", said)

    def test_replaced(self) -> None:
        """An earlier import is replaced whole; a folder with anything else in it stays as it is."""
        self.imported_from(public([OLD, NEW]))
        self.assertEqual(list(self.imported_from(public([HOME]))), ["page_home.schema.json", "plan.json"])
        mine = self.folder / "schemas" / "notes.md"
        mine.write_text("mine", "utf-8")
        code, said = self.command(self.folder / "plan.json")
        self.assertEqual(code, 2)
        self.assertIn("holds files of yours, which would be lost: notes.md [foreign-folder]", said)
        self.assertEqual(mine.read_text("utf-8"), "mine")


class GenerateTest(PlanTest):
    """Where `generate` writes a plan's package."""

    def generate(self, out: Path) -> tuple[int, str]:
        """Run the command; answers its exit code and what it said."""
        plan = self.write("plan.json", public([OLD]))
        with redirect_stderr(StringIO()) as said:
            code = main(["generate", "--plan", str(plan), "--out", str(out)])
        return code, said.getvalue()

    def test_foreign(self) -> None:
        """A folder that holds no generated package is not replaced, and neither is a file."""
        module = self.folder / "app" / "main.py"
        module.parent.mkdir()
        module.write_text("mine", "utf-8")
        code, said = self.generate(module.parent)
        self.assertEqual((code, module.read_text("utf-8")), (2, "mine"))
        self.assertIn("[foreign-folder]", said)
        code, said = self.generate(module)
        self.assertEqual((code, module.read_text("utf-8")), (2, "mine"))
        self.assertIn("Not a directory", said)

    def test_replaced(self) -> None:
        """An empty folder, and a package that was generated before, are replaced."""
        out = self.folder / "analytics"
        out.mkdir()
        self.assertEqual(self.generate(out)[0], 0)
        (out / "old.py").write_bytes((out / "events.py").read_bytes())
        (out / "empty.py").write_text("", "utf-8")
        (out / ".DS_Store").write_bytes(b"\xff")
        self.assertEqual(self.generate(out)[0], 0)
        self.assertEqual({"old.py", "empty.py", ".DS_Store"} & {each.name for each in out.iterdir()}, set())

    def test_beside(self) -> None:
        """A package to which a file was added by hand stays as it is, until that is moved."""
        out = self.folder / "analytics"
        self.generate(out)
        mine = out / "helpers.py"
        mine.write_text("mine = 1\n", "utf-8")
        code, said = self.generate(out)
        self.assertEqual((code, mine.read_text("utf-8")), (2, "mine = 1\n"))
        self.assertIn("which would be lost: helpers.py [foreign-folder]", said)
        with redirect_stderr(StringIO()) as told, redirect_stdout(StringIO()):
            main(["check", "--plan", str(self.folder / "plan.json"), "--out", str(out)])
        self.assertIn("move what is yours out of it (helpers.py), then run segment-codegen", told.getvalue())
        mine.unlink()
        self.assertEqual(self.generate(out)[0], 0)

    def test_interrupted(self) -> None:
        """Ctrl-C ends a command with a sentence, and with the code that shells have for it."""
        before = signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored in a script's background
        self.addCleanup(signal.signal, signal.SIGINT, before)
        fifo = self.folder / "plan.json"
        os.mkfifo(fifo)
        command = [sys.executable, "-m", "segment_codegen", "generate", "--plan", str(fifo), "--out", "x"]
        with subprocess.Popen(command, cwd=self.folder, stderr=subprocess.PIPE, text=True) as process:
            with fifo.open("w"):  # it is being read
                process.send_signal(signal.SIGINT)
            said = process.communicate(timeout=30)[1]  # a signal just before a read is seen when that ends
        self.assertEqual(process.returncode, 130)
        self.assertEqual(said, "segment-codegen: interrupted; what was there before is there still\n")
