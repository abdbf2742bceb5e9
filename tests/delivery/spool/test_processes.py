"""Several processes on one spool: real ones, that share it, fork, and are killed."""

import os
import tempfile
import unittest
from contextlib import ExitStack, closing
from pathlib import Path

from segment_client.clock import SystemClock
from segment_client.testing import FakeServer
from tests.delivery.processes import finish, run, said, start
from tests.delivery.spool.support import claim_all, event, numbers_in, open_spool
from tests.delivery.support import numbers

CLAIMING = "tests.delivery.programs.claiming"
SHARING = "tests.delivery.programs.sharing"


class ProcessesTest(unittest.TestCase):
    """Nothing is lost between processes, and nothing is done twice."""

    def setUp(self) -> None:
        """Make a folder, and a server that most of these programs do not ask."""
        self.path = Path(self.enterContext(tempfile.TemporaryDirectory())) / "events.db"
        self.server = self.enterContext(FakeServer())

    def test_claims(self) -> None:
        """Two processes that claim from one file share its events: none is claimed twice, none left over."""
        spool = open_spool(self.path)
        for number in range(300):
            spool.append(event(number))
        with ExitStack() as stack:
            processes = [
                stack.enter_context(start(self.server, CLAIMING, spool=str(self.path))) for _ in range(2)
            ]
            outs = [finish(process, "\n")[0] for process in processes]
        claimed = [said(out) for out in outs]
        self.assertEqual(sorted([*claimed[0], *claimed[1]]), list(range(300)))
        self.assertEqual(claim_all(spool), [])
        self.assertEqual(sum(tally.count for tally in spool.tallies()), 300)
        spool.close()

    def test_killed(self) -> None:
        """What a process holds is free as soon as it is killed, and not while it lives."""
        spool = open_spool(self.path, SystemClock())
        self.addCleanup(spool.close)
        for number in range(10):
            spool.append(event(number))
        with start(self.server, CLAIMING, "once", spool=str(self.path)) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write("\n")
            process.stdin.flush()
            held = sorted(int(process.stdout.readline()) for _ in range(7))
            self.assertFalse(spool.free_ended())
            self.assertEqual(numbers_in(claim_all(spool)), [7, 8, 9])
            process.kill()
            process.wait()
        self.assertTrue(spool.free_ended())
        self.assertFalse(spool.free_ended())
        self.assertEqual(numbers_in(claim_all(spool)), held)

    def test_shared(self) -> None:
        """Four processes with a client each share a file: each event arrives once, all counts are exact."""
        with ExitStack() as stack:
            processes = [
                stack.enter_context(start(self.server, SHARING, str(first), spool=str(self.path)))
                for first in range(0, 400, 100)
            ]
            for process in processes:
                assert process.stdin is not None
                process.stdin.write("\n")
                process.stdin.flush()
            for process in processes:
                self.assertEqual(len(said(finish(process)[0])), 100)
        self.assertEqual(sorted(numbers(self.server)), list(range(400)))


@unittest.skipUnless(hasattr(os, "fork"), "this platform has no fork")
class ForksTest(unittest.TestCase):
    """Forks while a spool is in use; see tests.delivery.test_forks for whole clients."""

    def setUp(self) -> None:
        """Make a folder, and a server that nobody asks."""
        self.path = Path(self.enterContext(tempfile.TemporaryDirectory())) / "events.db"
        self.server = self.enterContext(FakeServer())

    def test_at_once(self) -> None:
        """Threads that fork at the same time, and their children, all go on with their spools."""
        run(self.server, "forks_at_once", spool=str(self.path))

    def test_without_hooks(self) -> None:
        """A fork that Python does not see: an open spool is an error in the child that says what to do."""
        command = "tests.delivery.programs.raw_fork_spool"
        for state, taken in (("open", [1, 3]), ("resting", [1, 2, 3])):
            with self.subTest(state=state):
                path = self.path.with_name(f"{state}.db")
                with start(self.server, command, state, spool=str(path)) as process:
                    out, error = finish(process)
                self.assertEqual(said(out), taken)
                self.assertEqual("make the client after the fork" in error, state == "open", error)
                with closing(open_spool(path)) as spool:
                    self.assertEqual(sorted(numbers_in(claim_all(spool))), taken)


if __name__ == "__main__":
    unittest.main()
