"""The queue in memory at single moments: other calls, the end, a signal, each between two of its steps."""

import threading
import unittest

from segment_client.delivery import memory
from segment_client.delivery.gate import Gate
from segment_client.delivery.poster import BatchLimits
from segment_client.errors import QueueFullError, SegmentError
from segment_client.testing import ManualClock
from tests.delivery.moments import at_moment, each_moment
from tests.delivery.spool.support import event
from tests.delivery.support import SECONDS
from tests.delivery.test_memory import ROOMY, NotedCondition, NotedLock, queue_at

BOUND, BATCH = 256, 128
NEAR = 128
"""So far from its bound a queue takes what comes without its lock."""

STOPS = 525
"""An event, beyond the half of a thousand, at which callers stop for the worker, and weigh nothing."""


class Interrupt(BaseException):
    """What a signal handler raises."""


class EndingGate(Gate):
    """Is closed, and all given up, while a call waits."""

    def end(self) -> None:
        """Do nothing yet."""

    def wait(self, _: float | None) -> None:
        """Wait until the end."""
        self.lock.release()
        try:
            self.end()
        finally:
            self.lock.acquire()


class LateGate(Gate):
    """Lets the second call that finds it open wait there until it is told to go on."""

    def __init__(self) -> None:
        super().__init__(ManualClock())
        self.noted = NotedLock()
        self.lock = self.noted  # type: ignore[assignment]  # as much of a lock as is asked of it
        self.changed = threading.Condition(self.lock)
        self.calls = 0
        self.found_open, self.go_on = threading.Event(), threading.Event()

    def check_open(self) -> None:
        """Find it open."""
        super().check_open()
        self.calls += 1
        if self.calls == 2:
            self.found_open.set()
            self.go_on.wait(SECONDS)


class InterruptedLock(NotedLock):
    """A lock at which a call is interrupted, while another call comes."""

    meanwhile: threading.Thread | None = None

    def __enter__(self) -> None:
        """Wait for the lock, or be interrupted, once."""
        other, self.meanwhile = self.meanwhile, None
        if other is not None:
            other.start()
            other.join(SECONDS)
            raise Interrupt
        super().__enter__()


class EndTest(unittest.TestCase):
    """Calls at the very moment of the end."""

    def test_while_it_waits(self) -> None:
        """A call that waits for room when all is given up is told that it is too late."""
        gate = EndingGate(ManualClock())
        queue = queue_at(gate, ManualClock(), on_full="block", block_timeout=60)
        for number in range(10):
            queue.put(event(number))

        def end() -> None:
            gate.deadline = 0.0
            queue.abandon()

        gate.end = end  # type: ignore[method-assign]  # it is made to be told
        with self.assertLogs("segment_client", "ERROR"), self.assertRaisesRegex(SegmentError, "closed"):
            queue.put(event(10))

    def test_at_each_moment(self) -> None:
        """A late event is given up with the rest, or refused: then it is neither sent nor counted."""
        with self.assertLogs("segment_client", "ERROR"):
            self.assertEqual(set(each_moment(self.late)), {("accepted", 2, 2), ("refused", 1, 1)})

    def late(self, moment: int) -> tuple[str, int, int] | None:
        """Give all up while a call comes at a moment; return what it was told, and how many were counted."""
        gate = LateGate()
        queue = queue_at(gate, ManualClock(), **ROOMY)
        queue.put(event(0))
        told = list[str]()

        def call() -> None:
            try:
                queue.put(event(1))
            except SegmentError:
                told.append("refused")
            else:
                told.append("accepted")
            gate.noted.asked.set()

        def come() -> None:
            gate.noted.asked.clear()
            gate.go_on.set()
            gate.noted.asked.wait(SECONDS)

        caller = threading.Thread(target=call, daemon=True)
        caller.start()
        self.assertTrue(gate.found_open.wait(SECONDS))
        gate.deadline = 0.0
        there_was = at_moment(moment, queue.abandon, come, memory)
        gate.go_on.set()
        caller.join(SECONDS)
        self.assertEqual(queue.claim(), [])
        stats = queue.stats()
        self.assertEqual(stats.pending, 0)
        return (told[0], stats.accepted, stats.dropped) if there_was else None


class BoundTest(unittest.TestCase):
    """Calls while the worker claims."""

    def test_while_claimed(self) -> None:
        """At whichever moment of a claim calls come, no more events are held than the bound allows."""
        self.assertEqual(set(each_moment(self.pending_after)), {BOUND})

    def pending_after(self, moment: int) -> int | None:
        """Claim while calls come at a moment, as many as are accepted; return how many events are held."""
        gate = LateGate()
        queue = queue_at(
            gate, ManualClock(), BatchLimits(BATCH, 10**7), max_queue=BOUND, max_queue_bytes=10**8
        )
        gate.calls = 2
        for number in range(BOUND - NEAR):
            queue.put(event(number))
        go = threading.Event()

        def call() -> None:
            go.wait(SECONDS)
            try:
                for number in range(BOUND - NEAR, 3 * BOUND):
                    queue.put(event(number))
            except QueueFullError:
                gate.noted.asked.set()

        def come() -> None:
            gate.noted.asked.clear()
            go.set()
            gate.noted.asked.wait(SECONDS)

        caller = threading.Thread(target=call, daemon=True)
        caller.start()
        there_was = at_moment(moment, queue.claim, come, memory)
        go.set()
        caller.join(SECONDS)
        return queue.stats().pending if there_was else None


class InterruptedTest(unittest.TestCase):
    """A call that ends by what a signal handler raises."""

    def test_left_to_it(self) -> None:
        """The worker is told of an event that another call left to be weighed by one that is interrupted."""
        gate, lock = Gate(ManualClock()), InterruptedLock()
        gate.lock = lock  # type: ignore[assignment]  # as much of a lock as is asked of it
        gate.changed = changed = NotedCondition(gate.lock)
        queue = queue_at(gate, ManualClock(), **ROOMY)
        queue.put(event(0))
        queue.delivered(queue.claim(), 200, 1)
        with lock:
            self.assertIsNone(queue.seconds_until_due())
        before = changed.times
        lock.meanwhile = other = threading.Thread(target=queue.put, args=(event(1),), daemon=True)
        with self.assertRaises(Interrupt):
            queue.put(event(2))
        self.assertFalse(other.is_alive())
        self.assertEqual(changed.times - before, 1)

    def test_calls_itself(self) -> None:
        """A handler's own call goes on where the one that it interrupts has all others stop."""
        self.assertEqual(set(each_moment(self.pending_after)), {STOPS + 1})

    def pending_after(self, moment: int) -> int | None:
        """Put an event at which callers stop, and another one at a moment of that; return how many wait."""
        queue = queue_at(Gate(ManualClock()), ManualClock(), **ROOMY)
        for number in range(STOPS - 1):
            queue.put(event(number))
        there_was = list[bool]()

        def call() -> None:
            there_was.append(
                at_moment(
                    moment, lambda: queue.put(event(STOPS)), lambda: queue.put(event(STOPS + 1)), memory
                )
            )

        caller = threading.Thread(target=call, daemon=True)
        caller.start()
        caller.join(SECONDS)
        self.assertFalse(caller.is_alive())
        return queue.stats().pending if there_was[0] else None


if __name__ == "__main__":
    unittest.main()
