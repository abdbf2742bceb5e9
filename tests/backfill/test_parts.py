"""How archives are taken apart, and read again."""

import gzip
import json
import unittest
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from segment_client.backfill.parts import Part, archives, parts_of
from segment_client.backfill.records import Unreadable, records
from segment_client.errors import InvalidValueError
from tests.laws import law

LINES = st.lists(st.binary(max_size=12).map(lambda line: line.replace(b"\n", b"n")), max_size=12)


class PartsTest(unittest.TestCase):
    """Files in a folder."""

    def setUp(self) -> None:
        """Make the folder."""
        self.folder = Path(self.enterContext(TemporaryDirectory()))

    def write(self, name: str, data: bytes) -> Path:
        """Write a file."""
        file = self.folder / name
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(data)
        return file

    @law(60)
    @given(LINES, st.booleans(), st.integers(1, 20))
    def test_lines(self, lines: list[bytes], ended: bool, size: int) -> None:
        """Of whichever size the parts are, each line is read once, in order, with its place."""
        data = b"\n".join(lines) + (b"\n" if ended and lines else b"")
        file = self.write("a.jsonl", data)
        found = [record for part in parts_of([file], size) for record in records(part)]
        self.assertEqual(
            [each.value for each in found], [line.strip() for line in data.split(b"\n") if line.strip()]
        )
        for each in found:
            assert isinstance(each.value, bytes)
            self.assertEqual(data[each.position :].split(b"\n")[0].strip(), each.value)

    def test_packed(self) -> None:
        """A packed archive is one part; one that is cut off ends with what could not be read."""
        data = gzip.compress(b"".join(b'{"a": %d}\n' % number for number in range(20_000)))
        (part,) = parts_of([self.write("a.gz", data)], 10)
        self.assertEqual(sum(1 for _ in records(part)), 20_000)
        (part,) = parts_of([self.write("b.gz", data[:-2000])], 10)
        *good, last = records(part)
        self.assertIsInstance(last.value, Unreadable)
        self.assertGreater(len(good), 1000)
        self.assertEqual(good[-1].raw, json.dumps({"a": len(good) - 1}))

    def test_archives(self) -> None:
        """Folders are looked through for archives; hidden files and other ones are left out."""
        names = (
            "one/b.jsonl",
            "a.json.gz",
            "c.parquet",
            "one/.part-1.parquet",
            "one/_SUCCESS.json",
            "note.txt",
        )
        files = {name: self.write(name, b"{}") for name in names}
        found = archives([self.folder, files["a.json.gz"]])
        self.assertEqual(found, sorted(files[name] for name in names[:3]))

    def test_refused(self) -> None:
        """What is not there, no archive, or a folder without any, is an error that names it."""
        self.write("note.txt", b"")
        for path, message in (
            (self.folder / "none.jsonl", "none.jsonl is not there"),
            (self.folder / "note.txt", "note.txt is no archive: name files that end in"),
            (self.folder, "holds no archives"),
        ):
            with self.assertRaisesRegex(InvalidValueError, message):
                archives([path])

    def test_numbers(self) -> None:
        """Parts are numbered on from the first, through all files."""
        files = [self.write(name, b"{}\n" * 4) for name in ("a.jsonl", "b.jsonl")]
        self.assertEqual(
            list(parts_of(files, 8, 5)),
            [
                Part(5, str(files[0]), 12, 0, 8),
                Part(6, str(files[0]), 12, 8, 12),
                Part(7, str(files[1]), 12, 0, 8),
                Part(8, str(files[1]), 12, 8, 12),
            ],
        )


if __name__ == "__main__":
    unittest.main()
