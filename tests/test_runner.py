"""The suite's own runner: what it makes of failures, warnings and stray exceptions."""

import os
import subprocess
import sys
import tempfile
import textwrap
import unittest
from pathlib import Path

from tests.runner import discover

ROOT = Path(__file__).parents[1]


def run_probe(body: str, name: str = "test_it") -> subprocess.CompletedProcess[str]:
    """Run a module with one test of this body and name by the runner, in a process of its own."""
    head = f"import threading, unittest, warnings\n\nclass Probe(unittest.TestCase):\n    def {name}(self):\n"
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "probe.py").write_text(head + textwrap.indent(body, " " * 8), "utf-8")
        return subprocess.run(
            [sys.executable, "-m", "tests", "probe"],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": folder},
            capture_output=True,
            text=True,
            check=False,
        )


class RunnerTest(unittest.TestCase):
    """One line of summary, and nothing that goes wrong is lost."""

    def check(self, done: subprocess.CompletedProcess[str], last_line: str, said: str) -> None:
        """Hold a run against its last line, something it must say, and the exit code that goes with them."""
        self.assertEqual(done.stdout.splitlines()[-1:], [last_line], done.stdout + done.stderr)
        self.assertIn(said, done.stdout)
        self.assertEqual(done.returncode, int(not last_line.startswith("OK")))

    def test_success(self) -> None:
        """A module that passes is counted and the last line is unittest's."""
        self.check(run_probe("self.assertTrue(True)"), "OK", "Ran 1 test in")

    def test_failure(self) -> None:
        """A failure in another process is reported with its traceback, and the run fails."""
        self.check(run_probe("self.assertEqual(1, 2)"), "FAILED (failures=1)", "1 != 2")

    def test_skip(self) -> None:
        """A skipped test is counted as skipped."""
        self.check(run_probe("self.skipTest('not here')"), "OK (skipped=1)", "1 tests")

    def test_own_warning(self) -> None:
        """A warning from a module of the project fails the test."""
        done = run_probe("warnings.warn_explicit('old', FutureWarning, 'x.py', 1, 'segment_client.x')")
        self.check(done, "FAILED (errors=1)", "FutureWarning: old")

    def test_foreign_warning(self) -> None:
        """A warning from somebody else's module fails nothing."""
        done = run_probe("warnings.warn_explicit('old', FutureWarning, 'x.py', 1, 'segment_clients.x')")
        self.check(done, "OK", "Ran 1 test in")

    def test_thread(self) -> None:
        """An exception that ends a thread fails the run."""
        done = run_probe(
            "thread = threading.Thread(target=int, args=('none',))\nthread.start()\nthread.join()"
        )
        self.check(done, "FAILED (errors=1)", "ValueError: invalid literal")

    def test_leak(self) -> None:
        """A file that nobody closes fails the run."""
        done = run_probe("self.cycle = [open(__file__)]\nself.cycle.append(self.cycle)")
        self.check(done, "FAILED (errors=1)", "ResourceWarning: unclosed file")

    def test_dead_process(self) -> None:
        """A test that ends its process fails the run."""
        done = run_probe("import os\nos._exit(0)")
        self.check(done, "FAILED (errors=1)", "Its process ended")

    def test_nothing(self) -> None:
        """A run of no tests is no success."""
        self.assertEqual(run_probe("pass", name="no_test").returncode, 1)

    def test_long_tests(self) -> None:
        """The suite leaves out the long tests, and a pattern of their own finds them all."""
        folder = Path(__file__).parent
        suite, soak = set(discover(folder)), set(discover(folder, "soak_*.py"))
        self.assertIn(__name__, suite)
        self.assertEqual({name for name in suite if name.startswith("tests.soak.")}, set())
        names = ("soak_faults", "soak_hung", "soak_processes", "soak_spool")
        self.assertLessEqual({f"tests.soak.{name}" for name in names}, soak)


if __name__ == "__main__":
    unittest.main()
