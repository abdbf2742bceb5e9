"""Children, however they are made: real processes against a real server."""

import os
import tempfile
import unittest

from segment_client.testing import Answer, FakeServer, Received
from tests.delivery.processes import finish, run, said, start
from tests.delivery.support import numbers


@unittest.skipUnless(hasattr(os, "fork"), "this platform has no fork")
class ForksTest(unittest.TestCase):
    """A child starts clean, delivers what it tracks, and sends nothing of its parent's."""

    def test_start_methods(self) -> None:
        """Children of multiprocessing that just return deliver everything, whatever the start method."""
        for method, imports in (("fork", 1), ("forkserver", 2), ("spawn", 6)):
            with self.subTest(method=method), FakeServer() as server:
                told = run(server, "methods", method)
                self.assertGreaterEqual(len(told), 35 + 10 * imports)
                self.assertEqual(sorted(numbers(server)), told)

    def test_fork_without_hooks(self) -> None:
        """A fork that Python does not see, as uWSGI's: nothing hangs, nothing is sent twice."""

        def second_first(_: Received) -> Answer:
            server.wait_for_requests(2)
            return Answer()

        server = FakeServer(rule=second_first)
        with server, start(server, "tests.delivery.programs.raw_fork") as process:
            self.assertTrue(server.wait_for_requests(1))
            out, error = finish(process, "go\n")
            self.assertEqual(error, "")
            self.assertEqual(len(said(out)), 30)
            self.assertEqual(sorted(numbers(server)), said(out))

    def test_busy_forks(self) -> None:
        """Children that are forked while four threads track lose nothing and send nothing twice."""
        folder = self.enterContext(tempfile.TemporaryDirectory())
        for forks, spool in ((200, ""), (50, f"{folder}/events.db")):
            with self.subTest(spool=spool), FakeServer() as server:
                told = run(server, "busy_forks", str(forks), spool=spool)
                self.assertGreater(len(told), 3 * forks)
                self.assertEqual(sorted(numbers(server)), told)

    def test_closed_before(self) -> None:
        """A client that was closed before a fork is closed in the child too."""
        with FakeServer() as server:
            self.assertEqual(run(server, "closed_before"), [0, 1, 2])
            self.assertEqual(numbers(server), [0, 1, 2])

    def test_no_late_imports(self) -> None:
        """Once a client is made nothing is imported: a child forked amid an import waits for it for ever."""
        folder = self.enterContext(tempfile.TemporaryDirectory())
        for wire, spool in (("segment", ""), ("semantic", ""), ("segment", f"{folder}/events.db")):
            faults = (Answer(fault="reset"), Answer(429, {"Retry-After": "0"}))
            with self.subTest(wire=wire, spool=spool), FakeServer(*faults) as server:
                run(server, "late_imports", wire, spool=spool)
                self.assertEqual(len({event["type"] for event in server.events}), 6)


if __name__ == "__main__":
    unittest.main()
