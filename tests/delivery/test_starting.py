"""Starting threads: what stands in the way of it is told, and what interrupts it is not lost."""

import threading
import unittest

from segment_client.delivery.starting import Starter, start


class Interrupt(BaseException):
    """What a signal handler raises."""


class InterruptedThread(threading.Thread):
    """A thread whose start is interrupted where `threading` has its lock released though it is not held."""

    def start(self) -> None:
        """Raise the RuntimeError that takes an interrupt's place."""
        try:
            raise Interrupt
        finally:
            threading.Lock().release()


class RefusedThread(threading.Thread):
    """A thread for which there is no room."""

    def start(self) -> None:
        """Raise what the system's refusal becomes."""
        raise RuntimeError("can't start new thread")


class StartTest(unittest.TestCase):
    """`start`."""

    def test_started(self) -> None:
        """A thread that can be started is."""
        done = threading.Event()
        thread = threading.Thread(target=done.set)
        self.assertIsNone(start(thread))
        thread.join()
        self.assertTrue(done.is_set())

    def test_interrupted(self) -> None:
        """What a signal handler raises comes out as it is."""
        with self.assertRaises(Interrupt):
            start(InterruptedThread())

    def test_refused(self) -> None:
        """Why there is no thread is told."""
        self.assertRegex(str(start(RefusedThread())), "new thread")

    def test_amid_an_error(self) -> None:
        """The error that a caller is handling is none that a signal handler raised: it stays the caller's."""
        for thread, raises in ((RefusedThread(), False), (InterruptedThread(), True)):
            with self.subTest(thread=type(thread).__name__):
                try:
                    int("what the caller handles")
                except ValueError:
                    if raises:
                        self.assertRaises(Interrupt, start, thread)
                    else:
                        self.assertRegex(str(start(thread)), "new thread")

    def test_told_once(self) -> None:
        """What cannot be started is logged once, and again after one that could."""
        starter = Starter("events wait")
        with self.assertLogs("segment_client", "ERROR") as log:
            self.assertEqual([starter.start(RefusedThread()) for _ in range(2)], [False, False])
            self.assertTrue(starter.start(threading.Thread()))
            self.assertFalse(starter.start(RefusedThread()))
        told = "events wait: can't start new thread"
        self.assertEqual([record.getMessage() for record in log.records], [told, told])


if __name__ == "__main__":
    unittest.main()
