"""`generate --watch`: a package that follows its plan."""

import os
import signal
import subprocess
import sys
import unittest
from collections.abc import Iterator
from pathlib import Path

from segment_codegen.options import watched
from segment_codegen.watch import Interrupt, Snapshot, snapshot, watch

from tests.codegen.plans import PlanTest, public_plan, rule

PAID = rule("Paid", {"type": "object", "properties": {}})
LOST = rule("Lost", {"type": "object", "properties": {}})


class LoopTest(unittest.TestCase):
    """When it runs again."""

    def runs(self, *states: int) -> int:
        """Answer how often it runs where the files are in one state after the other."""
        looks: Iterator[Snapshot] = iter([{Path("plan.json"): (each, 1)} for each in states])
        rest = [True] * (len(states) - 1)
        ran: list[bool] = []
        watch(lambda: next(looks), lambda: ran.append(True), lambda: bool(rest) and rest.pop())
        return len(ran)

    def test_changes(self) -> None:
        """It runs at the start, and once after each change."""
        self.assertEqual([self.runs(1), self.runs(1, 1, 1), self.runs(1, 2, 2, 1)], [1, 1, 3])

    def test_meanwhile(self) -> None:
        """What changes while it runs is a change too."""
        state, ran = [1], []

        def run() -> None:
            ran.append(state[0])
            state[0] = 2

        rest = [True, True]
        watch(lambda: {Path("plan.json"): (state[0], 1)}, run, lambda: bool(rest) and rest.pop())
        self.assertEqual(ran, [1, 2])


class InterruptTest(unittest.TestCase):
    """What the user's Ctrl-C does."""

    def test_swallowed(self) -> None:
        """Where the exception of an interrupt is lost, as in a destructor, the next pause ends the watch."""
        before = signal.getsignal(signal.SIGINT)
        with Interrupt() as interrupt:
            self.assertTrue(interrupt.poll(0))
            with self.assertRaises(KeyboardInterrupt):
                signal.raise_signal(signal.SIGINT)
            self.assertFalse(interrupt.poll(0))
        self.assertIs(signal.getsignal(signal.SIGINT), before)


class SnapshotTest(PlanTest):
    """What it looks at."""

    def test_files(self) -> None:
        """The plan, its options and their templates are looked at, and the package is not."""
        plan = self.write("plans/plan.json", public_plan(PAID))
        before = snapshot(watched(plan), self.folder / "plans" / "out")
        self.write("plans/segment-codegen.json", {"templates": "mine"})
        (self.folder / "plans/mine").mkdir()
        (self.folder / "plans/mine/_own.jinja").touch()
        (self.folder / "plans/other.txt").touch()
        self.write("plans/out/catalogue.json", {})
        after = snapshot(watched(plan), self.folder / "plans" / "out")
        names = {each.relative_to(self.folder / "plans").as_posix() for each in after.keys() - before.keys()}
        self.assertEqual(names, {"segment-codegen.json", "mine/_own.jinja"})
        whole = snapshot(watched(self.folder / "plans"), self.folder / "plans" / "out")
        self.assertNotIn(self.folder / "plans/out/catalogue.json", whole)

    def test_gone(self) -> None:
        """A file that is not there is no error; it is looked at when it comes."""
        plan = self.folder / "plan.json"
        self.assertEqual(snapshot(watched(plan), self.folder / "out"), {})
        self.write("plan.json", {})
        self.assertEqual(list(snapshot(watched(plan), self.folder / "out")), [plan])

    def test_command(self) -> None:
        """The command generates, says what is wrong with a change and goes on, until it is interrupted."""
        plan = self.write("plan.json", public_plan(PAID))
        command = [sys.executable, "-m", "segment_codegen", "generate", "--watch"]
        with subprocess.Popen(
            [*command, "--plan", str(plan), "--out", str(self.folder / "out")],
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        ) as process:
            assert process.stderr is not None
            self.assertIn("wrote", process.stderr.readline())
            plan.write_text("{", encoding="utf-8")
            self.assertIn("plan.json#", process.stderr.readline())
            self.assertIn("hint", process.stderr.readline())
            self.assertIn("1 problem", process.stderr.readline())
            self.write("plan.json", public_plan(PAID, LOST))
            self.assertIn("wrote", process.stderr.readline())
            self.assertTrue((self.folder / "out/event_models/lost.py").exists())
            process.send_signal(signal.SIGINT)
            self.assertEqual((process.stderr.read(), process.wait(30)), ("stopped\n", 0))

    def test_interrupted(self) -> None:
        """An interrupt amid a run ends the watch as one between two runs does."""
        fifo = self.folder / "plan.json"
        os.mkfifo(fifo)
        command = [sys.executable, "-m", "segment_codegen", "generate", "--watch"]
        command += ["--plan", str(fifo), "--out", str(self.folder / "out")]
        with (
            subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process,
            fifo.open("w"),  # it is being read
        ):
            process.send_signal(signal.SIGINT)
            said = process.communicate(timeout=30)[1]
        self.assertEqual((said, process.returncode), ("stopped\n", 0))


if __name__ == "__main__":
    unittest.main()
