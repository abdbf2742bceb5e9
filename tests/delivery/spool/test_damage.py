"""The power-cut test: whatever happens to a spool's bytes, what was not touched is delivered unchanged."""

import tempfile
import unittest
from pathlib import Path

from tests.delivery.spool.damage import Template, break_and_check

CASES = 30
SEED = 250
"""In this spool a page has also half of an event that has moved to another one."""


class DamageTest(unittest.TestCase):
    """Random damage; tests.soak.soak_damage has more of it."""

    def check(self, *, closed: bool) -> None:
        """Damage a spool in many ways, and see what comes out of each."""
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        template = Template.make(folder / "template", SEED, closed=closed)
        self.assertGreater(len(template.places), 100)
        with self.assertLogs("segment_client", "ERROR"):
            for seed in range(CASES):
                with self.subTest(seed=seed, closed=closed):
                    break_and_check(self, template, folder / str(seed), seed)

    def test_closed(self) -> None:
        """A file that was closed: cut off, bits changed, a page gone."""
        self.check(closed=True)

    def test_crashed(self) -> None:
        """A file and its log, as a crash leaves them: the same to either, or one of them gone."""
        self.check(closed=False)


if __name__ == "__main__":
    unittest.main()
