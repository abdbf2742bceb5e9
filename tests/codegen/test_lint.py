"""What lint refuses, where it says the problem is, and what it advises."""

import json
import tempfile
import unittest
from pathlib import Path

from segment_codegen.errors import Diagnostic, SchemaError
from segment_codegen.lint import lint, lint_folder
from segment_codegen.load import Document, load_documents, load_folder

from tests.codegen.schemas import Node, event, purchase, run, write_schema
from tests.sources import ROOT

TEXT: Node = {"type": "string"}
LOST: dict[str, object] = {
    "oneOf": [TEXT],
    "anyOf": [TEXT],
    "allOf": [TEXT],
    "not": TEXT,
    "if": TEXT,
    "then": TEXT,
    "else": TEXT,
    "dependentRequired": {"a": ["b"]},
    "dependentSchemas": {"a": TEXT},
    "contains": TEXT,
    "uniqueItems": True,
    "prefixItems": [TEXT],
    "unevaluatedItems": False,
    "unevaluatedProperties": False,
    "patternProperties": {"^a": TEXT},
    "propertyNames": {"minLength": 1},
    "minProperties": 1,
    "maxProperties": 2,
    "default": "a",
    "$id": "https://example.com/a",
    "$anchor": "a",
}
REFUSED: list[tuple[Node, str, str]] = [
    ({"type": "strin"}, "/type", "is not valid under any of the schemas"),
    ({"minLength": 1}, "", "no model can be made of the type None"),
    ({"type": "null"}, "/type", "no model can be made of the type 'null'"),
    ({"type": ["string", "integer"]}, "/type", "cannot tell these types apart"),
    ({"type": "string", "format": "email"}, "/format", "unknown format 'email'"),
    ({"type": "string", "format": "uuid", "minLength": 3}, "/minLength", "lose 'minLength' beside a format"),
    ({"type": "integer", "format": "date"}, "/format", "says nothing about the type integer"),
    ({"type": "integer", "minLength": 3}, "/minLength", "says nothing about the type integer"),
    ({"type": "number", "multipleOf": 0.1}, "/multipleOf", "says nothing about the type number"),
    ({"type": "string", "pattern": "^(?=a)"}, "/pattern", "cannot check this pattern"),
    ({"type": "string", "pattern": r"^\d$"}, "/pattern", "shorthand class"),
    ({"enum": [1, 2]}, "/enum", "not all text"),
    ({"const": True}, "/const", "not all text"),
    ({"enum": ["a"], "minLength": 2}, "/minLength", "lose 'minLength' beside enum"),
    ({"type": "array"}, "", "does not say what it holds"),
    ({"type": "array", "items": True}, "/items", "a boolean stands where a schema should"),
    ({"type": "object", "properties": {"a": TEXT}}, "", "does not say whether other keys are allowed"),
    ({"type": "object", "additionalProperties": False}, "/additionalProperties", "can hold nothing"),
    (
        {"type": "object", "properties": {"a": TEXT}, "required": ["b"], "additionalProperties": False},
        "/required",
        "'b' is required but not described",
    ),
    ({"$ref": "#/$defs/Nothing"}, "/$ref", "'Nothing' is not defined"),
    ({"$ref": "https://example.com/a.json"}, "/$ref", "leads out of the file"),
    ({"$ref": "other.json#/$defs/A"}, "/$ref", "leads out of the file"),
    ({"$ref": "#/$defs/Context", "minLength": 1}, "/minLength", "lose 'minLength' beside a $ref"),
    ({"type": "string", "discription": "a"}, "/discription", "'discription' is not supported"),
    ({"type": "string", "x-segmnet": "a"}, "", '"x-segmnet" is not one of'),
    ({"type": "string", "x-segment": "a..b"}, "/x-segment", "is not valid under any of the schemas"),
    (
        {"type": "string", "x-segment": {"track": "event"}},
        "/x-segment",
        "is not valid under any of the schemas",
    ),
    ({"type": "string", "x-pii": "yes"}, "/x-pii", 'is not of type "boolean"'),
    ({"type": "string", "x-clickhouse": ""}, "/x-clickhouse", "shorter than 1 character"),
]


def problems(root: Node) -> list[Diagnostic]:
    """Lint one file."""
    return list(lint([Document("a.json", root)]))


class LintTest(unittest.TestCase):
    """A schema that the models would not keep is refused, with the place and advice."""

    def assert_found(self, found: list[Diagnostic], pointer: str, message: str) -> None:
        """Assert that a problem is at the pointer and says the message."""
        self.assertTrue(
            any(each.pointer == pointer and message in each.message and each.hint for each in found), found
        )

    def test_good(self) -> None:
        """The project's own schemas and the small ones of these tests have no problem."""
        self.assertEqual(lint_folder(load_folder(ROOT / "schema")), ())
        self.assertEqual(problems(event()) + problems(purchase()), [])

    def test_lost(self) -> None:
        """Every keyword that the models would lose is refused by name, with what to write instead."""
        for keyword, value in LOST.items():
            with self.subTest(keyword=keyword):
                found = problems(purchase(added={**TEXT, keyword: value}))
                self.assert_found(found, f"/properties/added/{keyword}", f"would lose {keyword!r}")

    def test_refused(self) -> None:
        """A property that no model can be made of is refused at the keyword that is to blame."""
        for node, pointer, message in REFUSED:
            with self.subTest(node=node):
                found = problems(purchase(added=node) | {"$defs": event()["$defs"]})
                self.assert_found(found, f"/properties/added{pointer}", message)

    def test_nullable(self) -> None:
        """Null is allowed beside one type in the catalogue, and nowhere in the SemanticEvent."""
        nullable: Node = {"type": ["string", "null"]}
        self.assertEqual(problems(purchase(added=nullable)), [])
        self.assert_found(
            problems(event(added=nullable)), "/properties/added/type", "nothing in the SemanticEvent"
        )

    def test_cycle(self) -> None:
        """A definition that contains itself is refused."""
        cycle = {
            "type": "object",
            "properties": {"next": {"type": "array", "items": {"$ref": "#/$defs/Node"}}},
            "additionalProperties": False,
        }
        self.assert_found(problems(purchase() | {"$defs": {"Node": cycle}}), "/$defs/Node", "contains itself")

    def test_names(self) -> None:
        """Names of the SemanticEvent are those of Python; an event of the catalogue may have any."""
        self.assertEqual(problems(purchase(**{"item id": TEXT, "!?": TEXT}) | {"x-event": "!?"}), [])
        self.assert_found(problems(event() | {"$defs": {"a b": TEXT}}), "/$defs/a b", "cannot be a name")
        self.assert_found(problems(event(copy=TEXT)), "/properties/copy", "cannot be called 'copy'")
        self.assert_found(problems(event(event_name=TEXT)), "/properties/event_name", "keyword of the calls")

    def test_roots(self) -> None:
        """The root of a file has to say what kind of file it is, and its version."""
        self.assert_found(problems({**event(), "title": "Event"}), "/title", '"SemanticEvent" was expected')
        self.assert_found(problems({**event(), "x-version": "1"}), "/x-version", "does not match")
        for keyword in ("description", "x-type", "x-version"):
            without = {key: value for key, value in purchase().items() if key != keyword}
            self.assert_found(problems(without), "", f'"{keyword}" is a required property')


class FilesTest(unittest.TestCase):
    """Files that are no schema, and the command."""

    def setUp(self) -> None:
        """Make a folder for the files."""
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def test_unreadable(self) -> None:
        """Every file that is no JSON object with each key once is reported, in one go."""
        contents = {
            "twice.json": b'{"a": 1, "a": 2}',
            "nan.json": b'{"a": NaN}',
            "list.json": b"[]",
            "cut.json": b'{"a":',
            "latin.json": b'{"a": "\xe9"}',
        }
        for name, content in contents.items():
            (self.folder / name).write_bytes(content)
        with self.assertRaises(SchemaError) as caught:
            load_documents([self.folder / name for name in (*contents, "missing.json")])
        found = {Path(each.file).name: each.message for each in caught.exception.diagnostics}
        self.assertEqual(set(found), {*contents, "missing.json"})
        self.assertIn("'a' stands twice", found["twice.json"])
        self.assertIn("NaN", found["nan.json"])

    def test_command(self) -> None:
        """`lint` answers 0 for good files, 1 with all problems for bad ones, 2 where there is no schema."""
        schema = write_schema(
            self.folder,
            event(),
            {**purchase(), "properties": {"a": {**TEXT, "description": "A."}}, "required": []},
        )
        done = run("-m", "segment_codegen", "lint", cwd=self.folder)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))
        bad = schema / "events" / "bad.schema.json"
        bad.write_text(json.dumps(purchase(a={"type": "string", "not": {}}, b={**TEXT, "oneOf": [{}]})))
        for arguments in ([], [bad]):
            done = run("-m", "segment_codegen", "lint", *arguments, cwd=self.folder)
            self.assertEqual(done.returncode, 1)
            self.assertRegex(
                done.stdout, r"bad\.schema\.json#/properties/a/not: .*\n  hint: say what is allowed"
            )
            self.assertIn("bad.schema.json#/properties/b/oneOf", done.stdout)
            self.assertIn("2 problems", done.stderr)
        done = run("-m", "segment_codegen", "lint", "--schema", "elsewhere", cwd=self.folder)
        self.assertEqual(done.returncode, 2)
        self.assertIn("elsewhere/semantic_event.schema.json#: there is no such file", done.stderr)


if __name__ == "__main__":
    unittest.main()
