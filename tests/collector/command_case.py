"""Test cases whose commands send to a collector."""

from tests.collector.support import WRITE_KEY, CollectorCase
from tests.commands import Done, run_command

__all__ = ["CommandCase"]


class CommandCase(CollectorCase):
    """A test case whose commands send to a collector."""

    def run_at(self, *argv: str) -> Done:
        """Run a command with the collector as its endpoint and the right key."""
        return run_command(*argv, "--endpoint", f"{self.collector.url}/v1", "--write-key", WRITE_KEY)

    def assert_fails(self, done: Done, code: int, *words: str) -> None:
        """Check that a command failed with one line that holds the words."""
        self.assertEqual((done.code, done.error.count("\n")), (code, 1), done)
        self.assertTrue(done.error.startswith("segment-client "), done.error)
        for word in words:
            self.assertIn(word, done.error)
