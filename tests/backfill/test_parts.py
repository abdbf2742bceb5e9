"""How archives are taken apart, and read again."""

import gzip
import json
import os
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

    def test_written(self) -> None:
        """What a backfill writes is none of its archives, also where its folder is among them."""
        archive, own = self.write("a.jsonl", b"{}"), self.write("events/b.parquet", b"")
        written = [self.write(f"{name}/part-000000.parquet", b"") for name in ("events", "rejects")]
        other = self.folder / "other"
        self.assertEqual(archives([self.folder], other), sorted([archive, own, *written]))
        for out in (self.folder, other / "..", Path(os.path.relpath(self.folder))):
            with self.subTest(out=out):
                self.assertEqual(archives([self.folder], out), [archive, own])
                with self.assertRaisesRegex(InvalidValueError, "name another --out"):
                    archives([archive, written[0]], out)

    def test_once(self) -> None:
        """A file is read once, by however many paths it is named."""
        file = self.write("one/a.jsonl", b"{}")
        link = self.folder / "link"
        link.symlink_to(self.folder / "one")
        paths = [file, self.folder / "one" / ".." / "one", link, Path(os.path.relpath(file))]
        self.assertEqual([each.resolve() for each in archives(paths)], [file.resolve()])

    def test_changed(self) -> None:
        """A file that grows while it is read is an error, once all that was to be read is."""
        file = self.write("a.jsonl", b"{}\n{}\n")
        (part,) = parts_of([file], 100)
        found = records(part)
        next(found)
        self.write("a.jsonl", b"{}\n{}\n{}\n")
        self.assertEqual(next(found).position, 3)
        with self.assertRaisesRegex(InvalidValueError, r"a\.jsonl has changed while it was read"):
            next(found)

    def test_mark(self) -> None:
        """A byte order mark before the first line is no part of it."""
        marked = b"\xef\xbb\xbf{}\n\xef\xbb\xbf{}\n"
        for name, data in (("a.jsonl", marked), ("a.jsonl.gz", gzip.compress(marked))):
            (part,) = parts_of([self.write(name, data)], 100)
            self.assertEqual([each.value for each in records(part)], [b"{}", b"\xef\xbb\xbf{}"])

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
