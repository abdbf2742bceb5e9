"""The power-cut test at length: two thousand ways to damage a spool."""

import os
import random
import tempfile
import unittest
from pathlib import Path

from tests.delivery.spool.damage import Template, break_and_check

CASES = 1_000


class DamageTest(unittest.TestCase):
    """What no damage has touched is delivered unchanged; see tests.delivery.spool.test_damage."""

    def check(self, *, closed: bool) -> None:
        """Damage a spool in many ways, and see what comes out of each."""
        seed = os.environ.get("SOAK_SEED", "1")
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        chances = random.Random(f"{seed} {closed}")  # noqa: S311  # nothing secret: where to break a file
        template = Template.make(folder / "template", chances.randrange(2**32), closed=closed)
        with self.assertLogs("segment_client", "ERROR"):
            for number in range(CASES):
                case = chances.randrange(2**32)
                with self.subTest(SOAK_SEED=seed, number=number):
                    break_and_check(self, template, folder / str(number), case)

    def test_closed(self) -> None:
        """Of a spool that was closed."""
        self.check(closed=True)

    def test_crashed(self) -> None:
        """Of a spool and its log, as a crash leaves them."""
        self.check(closed=False)


if __name__ == "__main__":
    unittest.main()
