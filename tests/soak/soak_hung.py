"""Long runs against a server that hangs: calls go on, in bounded memory, off the network."""

import json
import subprocess
import sys
import tempfile
import unittest
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from segment_client.testing import Answer, FakeServer
from tests.sources import ROOT

CALLS = 100_000
MAX_BYTES = 10_000_000
"""The bound of the queue: bytes of encoded events, a quarter of what the calls come to."""

SPOOL_BYTES = 40_000_000
"""The bound of the spool: bytes of its file, fewer than the calls come to."""

BESIDE_QUEUE = 2_000_000
"""Bytes of memory beside twice the bound of the queue, which holds an object for each event."""

BESIDE_SPOOL = 7_000_000
"""Bytes of memory with a spool, however large it is: 2 MB for the cache of SQLite, which transactions of many
events fill, its map of the log, and what has landed."""

SECONDS = 200.0


class HungTest(unittest.TestCase):
    """A program whose server takes every request and answers none."""

    def test_memory(self) -> None:
        """100,000 calls return without touching the network, and memory stays within the queue's bound."""
        result = self.program(MAX_BYTES)
        self.assertEqual(result["pending"] + result["dropped"], CALLS)
        self.assertGreater(result["pending"], 10_000)
        self.assertLess(result["growth"], 2 * MAX_BYTES + BESIDE_QUEUE)

    def test_spool(self) -> None:
        """With a spool they do too, and memory does not grow with what is on disk."""
        path = Path(self.enterContext(tempfile.TemporaryDirectory())) / "events.db"
        result = self.program(SPOOL_BYTES, path)
        self.assertEqual(result["spooled"] + result["dropped"], CALLS)
        self.assertGreater(result["spooled"], 50_000)
        self.assertGreater(result["dropped"], 0)
        self.assertLess(path.stat().st_size, 1.1 * SPOOL_BYTES)
        self.assertLess(result["growth"], BESIDE_SPOOL)

    def program(self, max_bytes: int, *spool: Path) -> Mapping[str, Any]:
        """Run the program, and return what it says; the calls reach the network by the worker alone."""
        with FakeServer(rule=lambda _: Answer(fault="hang")) as server:
            words = ["tests.soak.hung_program", server.url, str(CALLS), str(max_bytes), *map(str, spool)]
            program = subprocess.run(
                [sys.executable, "-m", *words],
                cwd=ROOT,
                capture_output=True,
                text=True,
                check=False,
                timeout=SECONDS,
            )
            self.assertEqual(program.returncode, 0, program.stderr)
            self.assertEqual(len(server.requests), 1)
        result: Mapping[str, Any] = json.loads(program.stdout)
        self.assertEqual(result["on_caller"], {})
        self.assertLessEqual(
            {"transport.send", "socket.connect", "http.client.send"}, result["on_worker"].keys()
        )
        self.assertEqual(result["accepted"], CALLS)
        self.assertEqual(result["statuses"]["dropped"], result["dropped"])
        return result


if __name__ == "__main__":
    unittest.main()
