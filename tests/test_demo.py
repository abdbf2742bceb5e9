"""`segment-client demo`: what it shows, and that it notices what is wrong."""

import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from contextlib import chdir
from pathlib import Path
from typing import Any, ClassVar

from segment_client.demo.arrivals import Arrivals, differences
from segment_client.demo.outcome import Outcome
from segment_client.version import VERSION
from tests.commands import Done, run_command, start_command
from tests.sources import ROOT

LIMIT = 60.0
"""Seconds after which a demo hangs; on an idle machine it takes four."""


class DemoTest(unittest.TestCase):
    """The whole demo."""

    done: ClassVar[Done]

    @classmethod
    def setUpClass(cls) -> None:
        """Run the demo in the checkout, its output a pipe of the poorest encoding."""
        cls.done = cls.demo(ROOT, PYTHONIOENCODING="ascii")

    @staticmethod
    def demo(folder: Path, **environment: str) -> Done:
        """Run the demo as a process."""
        process = start_command(["segment-client", "demo"], folder, environment)
        out, error = process.communicate(timeout=LIMIT)
        return Done(process.returncode, out, error)

    def test_checkout(self) -> None:
        """In a checkout it checks the generated code; all that it sends arrives, and it says so."""
        self.assertEqual((self.done.code, self.done.error), (0, ""), self.done.out)
        self.assertIn("ok  the generated code is what the schema says", self.done.out)
        end = "ok  all 35 events are there and no other; 2 repeats were taken once, 2 bad calls rejected"
        self.assertIn(f"\n{end}\n", self.done.out)
        self.assertNotIn("\nno  ", self.done.out)

    def test_shown(self) -> None:
        """It shows both formats, the recorded clients, the counts by client and why what was refused."""
        shown = re.sub(r"[ |]+", " ", self.done.out)
        for row in (
            'wire="segment" identify(',
            'wire="semantic" identify(',
            "segment browser 1.84.3 standard: 6 calls in 13 requests all 2xx",
            f"python-segment-client {VERSION} 2 6 2 10",
            "analytics-python 2.4.0 1 1 1 1 1 1 6",
            "the client events.article_completed word_count Input should be a valid integer",
            "the collector track Report Exported userId a call must hold one of userId, anonymousId",
            "the collector track Report Exported timestamp Input should be",
        ):
            with self.subTest(row=row):
                self.assertIn(row, shown)

    def test_plain(self) -> None:
        """Where its output is no terminal it is plain text of at most 100 columns, in any encoding."""
        self.assertTrue(self.done.out.isascii())
        self.assertNotIn("\x1b", self.done.out)
        self.assertLessEqual(max(map(len, self.done.out.splitlines())), 100)

    def test_elsewhere(self) -> None:
        """Where there is no checkout there is nothing to check, and the rest is the same."""
        with tempfile.TemporaryDirectory() as folder, chdir(folder):
            done = run_command("demo")
        self.assertEqual((done.code, done.error), (0, ""), done.out)
        self.assertNotIn("generated code", done.out)
        self.assertIn("\nok  all 35 events are there", done.out)

    def test_drift(self) -> None:
        """Generated code that was edited is shown as a difference, with what to do; the exit code is 1."""
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            for part in ("schema", "generated"):
                shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
            with (folder / "generated" / "semantic_events" / "wire.py").open("a") as file:
                file.write("EDITED = True\n")
            done = self.demo(folder)
        self.assertEqual(done.code, 1, done)
        self.assertIn("-EDITED = True\n", done.error)
        self.assertIn("run `make codegen`", done.out)

    def test_missing_extra(self) -> None:
        """Without the extra's packages it says in one line how to get them, exit code 2."""
        for package in ("starlette", "rich"):
            with self.subTest(package=package):
                code = (
                    f"import sys; sys.modules[{package!r}] = None\n"
                    "from segment_client.cli import main; sys.exit(main(['demo']))"
                )
                command = [sys.executable, "-c", code]
                done = subprocess.run(command, capture_output=True, text=True, check=False)
                self.assertEqual((done.returncode, done.stderr.count("\n")), (2, 1), done.stderr)
                self.assertIn(f"needs {package}", done.stderr)
                self.assertIn("pip install 'python-segment-client[collector]'", done.stderr)


class DifferencesTest(unittest.TestCase):
    """The comparison of what was sent and what is there."""

    sent = (Outcome("a", "b", "c", ("m1",)), Outcome("a", "b", "c", ("m2", "m2"), rejected=1))

    def arrivals(self, *message_ids: str, listed: int = 1, **stats: int) -> Arrivals:
        """Return what is there where everything went well, but for what is given."""
        events: list[dict[str, Any]] = [{"message_id": message_id} for message_id in message_ids]
        counts = {"received": 4, "stored": 2, "duplicates": 1, "rejected": 1} | stats
        return Arrivals(events, [{"errors": []}] * listed, counts)

    def test_equal(self) -> None:
        """Where all is there, a repeat once, there is nothing to say."""
        self.assertEqual(differences(self.sent, self.arrivals("m1", "m2")), [])

    def test_missing(self) -> None:
        """An event that was sent and is not there is named."""
        self.assertEqual(differences(self.sent, self.arrivals("m1")), ["event m2 was sent, but is not there"])

    def test_unexpected(self) -> None:
        """An event that is there and was not sent is named."""
        found = differences(self.sent, self.arrivals("m1", "m2", "m3"))
        self.assertEqual(found, ["event m3 is there, but was not sent"])

    def test_rejections(self) -> None:
        """A rejection too many or too few is counted."""
        found = differences(self.sent, self.arrivals("m1", "m2", listed=0))
        self.assertEqual(found, ["0 rejected calls are listed, not 1"])

    def test_counts(self) -> None:
        """A count of the collector that is wrong is told."""
        for name, right in (("received", 4), ("stored", 2), ("duplicates", 1), ("rejected", 1)):
            with self.subTest(name=name):
                found = differences(self.sent, self.arrivals("m1", "m2", **{name: 9}))
                self.assertEqual(found, [f"the collector counts 9 {name}, not {right}"])

    def test_problem(self) -> None:
        """What went wrong on the way is told."""
        wrong = Outcome("a", "b", "c", problem="it was answered 500")
        self.assertEqual(differences((*self.sent, wrong), self.arrivals("m1", "m2")), ["it was answered 500"])
