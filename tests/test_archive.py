"""What an archive holds, call by call: lines, lists, equal calls, and files that are damaged or odd."""

import gzip
import json
import unittest
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from segment_client.collector.calls import Unreadable
from segment_client.commands.archive import entries
from segment_client.errors import InvalidValueError
from tests.collector.support import track

CALL = {"type": "track", "event": "E", "userId": "u"}


class ArchiveTest(unittest.TestCase):
    """`entries`."""

    def setUp(self) -> None:
        """Make a folder for archives."""
        self.folder = Path(self.enterContext(TemporaryDirectory()))

    def calls(self, content: str | bytes) -> list[tuple[int, Any]]:
        """Return the calls of a file, each with the number of its entry."""
        file = self.folder / "a"
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return [(entry.number, call) for entry in entries(file) for call in entry.calls.calls]

    def ids(self, content: str | bytes) -> list[tuple[int, str]]:
        """Return the number and message id of each call."""
        return [(number, call["messageId"]) for number, call in self.calls(content)]

    def test_list_on_the_first_line(self) -> None:
        """A first line that is a list does not end the file: what follows it is read as lines."""
        lines = [track("m1"), track("m2")], track("m3"), [track("m4")]
        self.assertEqual(
            self.ids("\n\n".join(map(json.dumps, lines))), [(1, "m1"), (1, "m2"), (3, "m3"), (5, "m4")]
        )

    def test_list_that_is_cut_off(self) -> None:
        """A list that was cut off is a bad call for each of its lines: none is passed over."""
        found = self.calls(f"[\n{json.dumps(track('m1'))},\n{json.dumps(track('m2'))},\n")
        self.assertEqual([number for number, call in found if isinstance(call, Unreadable)], [1, 2, 3])

    def test_list_after_nothing(self) -> None:
        """A list may stand after a byte order mark or empty lines; its items are numbered from 1."""
        listed = json.dumps([track("m1"), track("m2")], indent=1)
        for before in ("\ufeff", "\n \n", "\ufeff\n"):
            with self.subTest(before=before):
                self.assertEqual(self.ids(before + listed), [(1, "m1"), (2, "m2")])
        self.assertEqual(self.ids(f"\ufeff{json.dumps(track('m1'))}\n"), [(1, "m1")])

    def test_equal_calls(self) -> None:
        """Equal calls of one line are different events, and the same ones when it is read again."""
        batch = {"batch": [CALL, CALL, {**CALL, "userId": "v"}, CALL]}
        recorded = {"method": "POST", "path": "/v1/batch", "headers": [], "json": batch}
        for line in (batch, batch["batch"], recorded):
            with self.subTest(line=line):
                content = f"{json.dumps(CALL)}\n{json.dumps(line)}\n"
                found = self.ids(content)
                self.assertEqual(len(set(found)), 5)
                self.assertEqual(self.ids(content), found)

    def test_deep(self) -> None:
        """A call that is nested however deeply does not end the reading."""
        for depth in (*range(900, 1000), 100_000):
            deep = '{"type": "track", "properties": {"a": %s}}' % ("[" * depth + "]" * depth)
            found = self.calls(f"{deep}\n{json.dumps(track('m1'))}\n")
            self.assertEqual([number for number, _ in found], [1, 2], depth)

    def test_cut_off(self) -> None:
        """Of gzip that is cut off whole lines are read; the error names the last, and where to go on."""
        lines = b"".join(b"%s\n" % json.dumps(track(f"m{number}")).encode() for number in range(3000))
        file = self.folder / "cut.gz"
        file.write_bytes(gzip.compress(lines)[:-100])
        found: list[int] = []
        with self.assertRaises(InvalidValueError) as caught:
            found += (entry.number for entry in entries(file))
        self.assertGreater(len(found), 1000)
        last = len(found)
        self.assertIn(f"cut.gz cannot be read beyond line {last} (", str(caught.exception))
        self.assertIn(f"go on with --start {last + 1}", str(caught.exception))


if __name__ == "__main__":
    unittest.main()
