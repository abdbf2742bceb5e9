"""What is read of files, and how those that cannot be read are refused."""

import json
import tempfile
import unittest
from pathlib import Path

from segment_codegen.errors import SchemaError
from segment_codegen.load import load_path

BAD = {
    b"": "the file is empty",
    b" \n\t": "the file is empty",
    b"\xef\xbb\xbf": "the file is empty",
    b"{": "the file is no JSON: Expecting property name enclosed in double quotes in line 1, column 2",
    b'{"a":\n\n 1 2}': "the file is no JSON: Expecting ',' delimiter in line 3, column 4",
    b"name: Shop\nrules: []": "the file is no JSON: Expecting value in line 1, column 1",
    b"[]": "the file holds no JSON object",
    b'"{}"': "the file holds no JSON object",
    b"{} {}": "the file is no JSON: Extra data in line 1, column 4",
    b'{"a": "\xff"}': "byte 7 is no UTF-8: the file is in another encoding, or is no text",
    '{"a": 1}'.encode("utf-16"): "byte 0 is no UTF-8: the file is in another encoding, or is no text",
    b'{"a": -Infinity}': "-Infinity is no JSON number",
    b'{"a": 1e999}': "the number 1e999 is too large",
    b'{"a": ' + b"9" * 5_000 + b"}": "the number 9999999999999999... is too large",
    b"[" * 100_000: "the file nests its objects and lists too deeply",
}


class LoadTest(unittest.TestCase):
    """Reading files and folders."""

    def setUp(self) -> None:
        """Make a folder."""
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def problems(self, path: Path) -> list[tuple[str, str, str]]:
        """Answer the file, pointer and message of each problem."""
        with self.assertRaises(SchemaError) as caught:
            load_path(path)
        return [(Path(each.file).name, each.pointer, each.message) for each in caught.exception.diagnostics]

    def test_bad(self) -> None:
        """A file that is no JSON object is refused with its name, the place in it, and the reason."""
        file = self.folder / "plan.json"
        for content, message in BAD.items():
            file.write_bytes(content)
            with self.subTest(content[:20]):
                self.assertEqual(self.problems(file), [("plan.json", "", message)])

    def test_deep(self) -> None:
        """More than 128 objects and lists in one another are refused where they are, and 128 are read."""
        file = self.folder / "plan.json"
        file.write_text('{"a":' + "[" * 127 + "]" * 127 + "}", encoding="utf-8")
        self.assertEqual(len(load_path(file)), 1)
        file.write_text('{"b": 1, "a":' + "[" * 128 + "]" * 128 + "}", encoding="utf-8")
        message = "more than 128 objects and lists are in one another"
        self.assertEqual(self.problems(file), [("plan.json", f"/a{'/0' * 127}", message)])

    def test_missing(self) -> None:
        """A file that is not there, and a folder without schemas, are refused by their names."""
        self.assertEqual(
            self.problems(self.folder / "none.json"), [("none.json", "", "No such file or directory")]
        )
        (self.folder / "plan.yaml").write_text("{}", encoding="utf-8")
        self.assertEqual(
            self.problems(self.folder), [(self.folder.name, "", "the folder holds no .json file")]
        )

    def test_repeated_keys(self) -> None:
        """Every key that stands twice is reported with the pointer of its object, if that is still there."""
        (self.folder / "a.json").write_text(
            '{"a": [{"b": 1, "b": 1}], "a": [{"x/y": {}, "x/y": 2}]}', "utf-8"
        )
        (self.folder / "b.json").write_text('{"c": {"d": {"e": null, "e": null}}}', "utf-8")
        self.assertEqual(
            self.problems(self.folder),
            [
                ("a.json", "", "the key 'a' stands twice"),
                ("a.json", "", "the key 'b' stands twice"),
                ("a.json", "/a/0", "the key 'x/y' stands twice"),
                ("b.json", "/c/d", "the key 'e' stands twice"),
            ],
        )

    def test_mark(self) -> None:
        """A byte order mark before the text is no part of it."""
        file = self.folder / "plan.json"
        file.write_bytes(b"\xef\xbb\xbf" + json.dumps({"\ufeff": "Café"}).encode())
        (document,) = load_path(file)
        self.assertEqual(document.root, {"\ufeff": "Café"})

    def test_folder(self) -> None:
        """A folder is read to any depth in the order of its paths, without what is hidden."""
        for name in ("b.json", "a/z.json", ".git/x.json", "a/.x.json", "a/note.txt"):
            (self.folder / name).parent.mkdir(exist_ok=True)
            (self.folder / name).write_text("{}", "utf-8")
        names = [Path(each.file).relative_to(self.folder).as_posix() for each in load_path(self.folder)]
        self.assertEqual(names, ["a/z.json", "b.json"])

    def test_large(self) -> None:
        """A plan of some megabytes is read whole."""
        rules = [{"key": f"Event {number}", "text": "x" * 1000} for number in range(5000)]
        (self.folder / "plan.json").write_text(json.dumps({"rules": rules}), "utf-8")
        (document,) = load_path(self.folder / "plan.json")
        self.assertEqual(document.root["rules"], rules)


if __name__ == "__main__":
    unittest.main()
