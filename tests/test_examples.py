"""`examples.py`: it runs green, shows every call and every error, and notices what is lost."""

import io
import subprocess
import sys
from contextlib import redirect_stdout

from semantic_events.wire import CALL_TYPES

import examples
from segment_client.testing import FakeServer
from tests.collector.support import WRITE_KEY, CollectorCase
from tests.sources import ROOT

ERRORS = (
    "ValueError",
    "TypeError",
    "ValidationError",
    "UnauthorizedError",
    "TooLargeError",
    "RejectedError",
    "RateLimitedError",
    "UnreachableError",
)


class ExamplesTest(CollectorCase):
    """The examples, as their reader runs them."""

    def test_alone(self) -> None:
        """Plain `python examples.py` exits 0, loses nothing, and catches each error that a call can raise."""
        command = [sys.executable, "-W", "error", "examples.py"]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, ""), done.stdout)
        self.assertRegex(done.stdout, r"\n\d\d events delivered to the collector, 0 lost\n$")
        for error in ERRORS:
            with self.subTest(error=error):
                self.assertIn(f"    {error}: ", done.stdout)

    def test_all_called(self) -> None:
        """Every example in the file is run."""
        functions = {
            name
            for name, value in vars(examples).items()
            if getattr(value, "__module__", "") == "examples" and "visit" in value.__annotations__
        }
        run = {example.__name__ for example in (*examples.WITH_A_CLIENT, *examples.WITH_A_SERVER)}
        self.assertEqual(functions, run)

    def test_endpoint(self) -> None:
        """With an endpoint and its key, one of every call arrives there, and nothing is rejected."""
        out = io.StringIO()
        with redirect_stdout(out):
            code = examples.main([f"{self.collector.url}/v1", "--write-key", WRITE_KEY])
        self.assertEqual(code, 0)
        stats = self.get("/api/stats")
        self.assertEqual(set(stats["by_type"]), set(CALL_TYPES))
        self.assertEqual(stats["rejected"], 0)
        self.assertIn(f"\n{stats['stored']} events delivered to {self.collector.url}/v1", out.getvalue())

    def test_lost(self) -> None:
        """A message that a collector does not have is told from one that it has."""
        with FakeServer() as server, redirect_stdout(io.StringIO()):
            elsewhere = examples.run_with_a_client(server.url, "key")
        with redirect_stdout(io.StringIO()):
            here = examples.run_with_a_client(self.collector.url, WRITE_KEY)
        self.assertTrue(here)
        self.assertEqual(examples.missing(self.collector.url, here | elsewhere), elsewhere)
