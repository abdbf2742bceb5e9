"""Where the events of a destination stand in the file."""

import random
import sqlite3
import tempfile
import unittest
from contextlib import closing
from itertools import pairwise
from pathlib import Path

from segment_client.delivery.spool.lanes import lane_of
from segment_client.testing import ManualClock
from tests.delivery.spool.support import claim_all, event, numbers_in, open_spool


def _of_one_lane() -> tuple[int, int]:
    """Return two destinations that have one lane, which two of some thousand have by chance."""
    drawn = random.Random(1)  # noqa: S311  # nothing secret
    found: dict[int, int] = {}
    while True:
        destination = drawn.getrandbits(63)
        other = found.setdefault(lane_of(destination).number, destination)
        if other != destination:
            return other, destination


class LanesTest(unittest.TestCase):
    """Lanes as whole spools have them."""

    def setUp(self) -> None:
        """Make a folder."""
        self.path = Path(self.enterContext(tempfile.TemporaryDirectory())) / "events.db"
        self.clock = ManualClock()

    def test_apart(self) -> None:
        """Destinations near each other have lanes that do not touch."""
        lanes = sorted(
            (lane_of(destination) for destination in range(-500, 500)), key=lambda lane: lane.first
        )
        for lower, upper in pairwise(lanes):
            self.assertLess(lower.last, upper.first)

    def test_shared(self) -> None:
        """Two destinations that have one lane by chance get each its own events, and settle no other's."""
        first, second = _of_one_lane()
        one, other = (open_spool(self.path, self.clock, destination=each) for each in (first, second))
        for number in range(0, 10, 2):
            one.append(event(number))
            other.append(event(number + 1))
        held = one.claim(3, 100_000)
        self.assertEqual(numbers_in(held), [0, 2, 4])
        one.acknowledge(held, "delivered")
        self.assertEqual(numbers_in(claim_all(other)), [1, 3, 5, 7, 9])
        self.assertEqual(numbers_in(claim_all(one)), [6, 8])
        for spool in (one, other):
            spool.close()

    def test_changed(self) -> None:
        """An event whose destination was changed in its row, be it to text, is found again."""
        query = "UPDATE events SET destination = {} WHERE id = (SELECT max(id) FROM events)"
        for number, change in enumerate(("2", "'text'", "1.5", "CAST(x'ff' AS TEXT)")):
            with self.subTest(change=change):
                path = self.path.with_name(f"{number}.db")
                spool = open_spool(path, self.clock)
                for each in range(3):
                    spool.append(event(each))
                spool.close()
                spool = open_spool(path, self.clock)
                with closing(sqlite3.connect(path)) as connection:
                    connection.execute(query.format(change))
                    connection.commit()
                with self.assertLogs("segment_client", "ERROR"):
                    self.assertEqual(numbers_in(claim_all(spool)), [0, 1, 2])
                spool.close()


if __name__ == "__main__":
    unittest.main()
