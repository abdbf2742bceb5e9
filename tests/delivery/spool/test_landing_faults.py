"""Events that land beside the spool where threads, or clocks, do what they hardly ever do."""

import os
import threading
import unittest
from dataclasses import replace

from segment_client.delivery.spool import landing
from segment_client.delivery.spool.holder import this_process
from segment_client.errors import SpoolError
from tests.delivery.moments import at_moment
from tests.delivery.spool.support import claim_all, event, numbers_in
from tests.delivery.spool.test_landing import FULL, LandingCase
from tests.delivery.support import SECONDS

WITHIN = 40
"""An instruction of an append at which the file that it writes to is known."""


class ThreadsTest(LandingCase):
    """A thread that is not let go on for long."""

    def test_stands_still(self) -> None:
        """While a call stands still in the middle, nothing overtakes the events that it holds up."""
        spool = self.landing(2)
        inside, go_on = threading.Event(), threading.Event()

        def stand_still() -> None:
            inside.set()
            go_on.wait(SECONDS)

        def call() -> None:
            at_moment(WITHIN, lambda: spool.append(event(FULL)), stand_still, landing)

        caller = threading.Thread(target=call, daemon=True)
        caller.start()
        self.assertTrue(inside.wait(SECONDS))
        number = 1
        with self.assertRaisesRegex(SpoolError, "in the middle of a call"):
            for number in range(2, FULL):
                spool.append(event(number))
        go_on.set()
        caller.join(SECONDS)
        for rest in range(number, FULL):
            spool.append(event(rest))
        spool.move()
        found = numbers_in(claim_all(spool))
        self.assertEqual([each for each in found if each < FULL], list(range(FULL)))
        self.assertEqual(len(found), FULL + 1)


class ClockTest(LandingCase):
    """A clock that is set, on or back."""

    def test_kept_open(self) -> None:
        """A file that a client has open stays, however old it seems: what comes next is on disk, too."""
        slow = self.landing(3)
        (path,) = self.landed()
        other = self.open()
        for age in (100_000, -100_000):  # the clock may have been set, too
            os.utime(path, (0, path.stat().st_mtime - age))
            self.assertTrue(other.adopt())
            self.assertEqual(self.landed(), [path])
            slow.append(event(slow.landed() + 1))
        os.utime(path, (0, path.stat().st_mtime - 100))
        self.assertTrue(other.adopt())  # as where its client is killed now
        self.assertEqual(numbers_in(claim_all(other)), [0, 1, 2, 3, 4])

    def test_from_the_future(self) -> None:
        """What was written before the clock was set back is taken, as what is old is."""
        path = self.left(3, replace(this_process(), place="another machine"))
        os.utime(path, (0, path.stat().st_mtime + 10_000))
        self.assertTrue(self.open().adopt())


if __name__ == "__main__":
    unittest.main()
