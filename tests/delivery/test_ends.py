"""The end of a process, and its forks: real processes against a real server."""

import os
import signal
import subprocess
import sys
import tempfile
import unittest

from segment_client.testing import Answer, FakeServer
from tests.client.support import ENTITY, ROOT
from tests.delivery.processes import finish, run, start
from tests.delivery.support import numbers

PROGRAM = """
import os, sys
from segment_client import SegmentClient
client = SegmentClient("k", {entity!r}, "p", {url!r}, delivery="background")
for number in range(1025):
    client.track({root!r}, "E", user_id="u", properties={{"n": number}})
{end}
"""
FORKING = """
if os.fork() == 0:
    before = client.stats().accepted
    client.track({root!r}, "E", user_id="u", properties={{"n": 5000}})
    os._exit(0 if before == 0 and client.close() else 9)
assert os.waitstatus_to_exitcode(os.wait()[1]) == 0
"""
DIRECT = """
import os
from segment_client import SegmentClient
client = SegmentClient("k", {entity!r}, "p", {url!r})
client.track({root!r}, "E", user_id="u", properties={{"n": 1}})
child = os.fork()
before = client.stats().accepted
client.track({root!r}, "E", user_id="u", properties={{"n": 2 if child else 3}})
assert (before, client.stats().delivered) == ((1, 2) if child else (0, 1)), client.stats()
assert not child or os.waitstatus_to_exitcode(os.wait()[1]) == 0
"""


class ProcessTest(unittest.TestCase):
    """The end of a process, and its forks."""

    def test_exit(self) -> None:
        """Events right before the end of a process are delivered without a flush, however it ends."""
        for end, status in (("", 0), ("sys.exit(3)", 3), ("1 / 0", 1)):
            with self.subTest(end=end), FakeServer() as server:
                self.assertEqual(_run(server, end), status)
                self.assertEqual(sorted(numbers(server)), list(range(1025)))

    @unittest.skipUnless(hasattr(os, "fork"), "this platform has no fork")
    def test_fork(self) -> None:
        """A forked child starts clean with a worker of its own; the parent's events are sent once."""
        with FakeServer() as server:
            self.assertEqual(_run(server, FORKING.format(root=str(ROOT))), 0)
            self.assertEqual(sorted(numbers(server)), [*range(1025), 5000])

    def test_side_by_side(self) -> None:
        """At the end of a process a client whose server hangs takes no time from another one."""
        with FakeServer(Answer(fault="hang")) as hanging, FakeServer() as server:
            with start(server, "tests.delivery.programs.side_by_side", hanging.url) as process:
                self.assertEqual(finish(process)[1], "1 events were dropped (closed)\n")
            self.assertEqual(numbers(server), [0, 1, 2])

    @unittest.skipUnless(hasattr(os, "fork"), "this platform has no fork")
    def test_direct_fork(self) -> None:
        """A forked child of a direct client sends and counts for itself."""
        with FakeServer() as server:
            program = DIRECT.format(entity=str(ENTITY), root=str(ROOT), url=server.url)
            subprocess.run([sys.executable, "-c", program], check=True, timeout=60)
            self.assertEqual(sorted(numbers(server)), [1, 2, 3])

    @unittest.skipUnless(hasattr(signal, "setitimer"), "this platform has no timer's signal")
    def test_interrupted_calls(self) -> None:
        """A call may be ended anywhere by what a signal handler raises: nothing hangs, counts stay exact."""
        folder = self.enterContext(tempfile.TemporaryDirectory())
        for spool in ((), (f"{folder}/events.db",)):
            with self.subTest(spool=spool), FakeServer() as server:
                returned = run(server, "interrupted", *spool)
                arrived = numbers(server)
                self.assertEqual(len(arrived), len(set(arrived)))
                self.assertLessEqual(set(returned), set(arrived))


def _run(server: FakeServer, end: str) -> int:
    program = PROGRAM.format(entity=str(ENTITY), root=str(ROOT), url=server.url, end=end)
    return subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=False, timeout=60
    ).returncode


if __name__ == "__main__":
    unittest.main()
