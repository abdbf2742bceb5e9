"""A long run against a server that hangs: calls go on, in bounded memory, off the network."""

import json
import subprocess
import sys
import unittest

from segment_client.testing import Answer, FakeServer
from tests.sources import ROOT

CALLS = 100_000
MAX_BYTES = 10_000_000
"""The bound of the queue: bytes of encoded events, a quarter of what the calls come to."""

SECONDS = 200.0


class HungTest(unittest.TestCase):
    """A program whose server takes every request and answers none."""

    def test_hung_server(self) -> None:
        """100,000 calls return without touching the network, and memory stays within the queue's bound."""
        with FakeServer(rule=lambda _: Answer(fault="hang")) as server:
            words = [sys.executable, "-m", "tests.soak.hung_program", server.url, str(CALLS), str(MAX_BYTES)]
            program = subprocess.run(
                words, cwd=ROOT, capture_output=True, text=True, check=False, timeout=SECONDS
            )
            self.assertEqual(program.returncode, 0, program.stderr)
            self.assertEqual(len(server.requests), 1)
        result = json.loads(program.stdout)
        self.assertEqual(result["on_caller"], {})
        self.assertLessEqual(
            {"transport.send", "socket.connect", "http.client.send"}, result["on_worker"].keys()
        )
        self.assertEqual(result["accepted"], CALLS)
        self.assertEqual(result["pending"] + result["dropped"], CALLS)
        self.assertEqual(result["statuses"]["dropped"], result["dropped"])
        self.assertGreater(result["pending"], 10_000)
        self.assertLess(result["growth"], 2 * MAX_BYTES + 2_000_000)


if __name__ == "__main__":
    unittest.main()
