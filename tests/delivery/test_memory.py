"""The queue in memory, without a worker: callers beside each other, its bounds, its end."""

import threading
import unittest
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from segment_client.accounting import Ledger
from segment_client.clock import SystemClock
from segment_client.delivery.gate import Gate
from segment_client.delivery.memory import MemoryQueue
from segment_client.delivery.notifier import Notifier
from segment_client.delivery.outcomes import Outcomes
from segment_client.delivery.poster import BatchLimits
from segment_client.errors import QueueFullError, SegmentError
from segment_client.testing import ManualClock
from tests.delivery.spool.support import event
from tests.delivery.support import SECONDS, config
from tests.laws import law

ROOMY: dict[str, Any] = {"max_queue": 1_000, "max_queue_bytes": 1_000_000}
"""Bounds that are far away."""

LIMITS = BatchLimits(10, 100_000)

BOUND, EACH = 400, 300
"""How many events a queue has room for, and how many each thread puts into it."""


class NotedLock:
    """A lock that tells when it is asked for."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.asked = threading.Event()
        self.times = 0
        self.acquire, self.release, self.locked = self._lock.acquire, self._lock.release, self._lock.locked

    def __enter__(self) -> None:
        """Tell it, then wait for the lock."""
        self.times += 1
        self.asked.set()
        self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        """Let go."""
        self._lock.release()


class NotedCondition(threading.Condition):
    """A condition that counts how often it wakes who waits."""

    times = 0

    def notify_all(self) -> None:
        """Count, and wake nobody: here nobody waits."""
        self.times += 1


class ClosingGate(Gate):
    """Closes just after a call has found it open, if it is told how."""

    def check_open(self) -> None:
        """Find it open, the first time."""
        super().check_open()
        self.close()

    def close(self) -> None:
        """Do nothing yet."""


def queue_at(
    gate: Gate, clock: SystemClock | ManualClock, limits: BatchLimits = LIMITS, **options: Any
) -> MemoryQueue:
    """Return a queue that sends ten events at once, unless it is told otherwise."""
    ledger = Ledger()
    outcomes = Outcomes(ledger, Notifier(ledger, None, None, max_bytes=1), clock)
    return MemoryQueue(gate, outcomes, limits, config(clock, **options))


def noted(clock: ManualClock) -> tuple[Gate, NotedLock]:
    """Return a gate, and its lock that tells when it is asked for."""
    gate, lock = Gate(clock), NotedLock()
    gate.lock = lock  # type: ignore[assignment]  # as much of a lock as is asked of it
    gate.changed = threading.Condition(gate.lock)
    return gate, lock


class BesideTest(unittest.TestCase):
    """Calls of several threads."""

    def test_no_waiting(self) -> None:
        """While one call waits for the queue's lock all others return, and nothing of theirs is missed."""
        clock = ManualClock()
        gate, lock = noted(clock)
        queue = queue_at(gate, clock, BatchLimits(10, 500_000), **ROOMY)
        for number in range(2):
            queue.put(event(number))
        with lock:
            lock.asked.clear()
            waits = threading.Thread(target=lambda: [queue.put(event(n)) for n in range(2, 10)], daemon=True)
            waits.start()
            self.assertTrue(lock.asked.wait(SECONDS))
            others = threading.Thread(
                target=lambda: [queue.put(event(n)) for n in range(10, 40)], daemon=True
            )
            others.start()
            others.join(SECONDS)
            self.assertFalse(others.is_alive())
        waits.join(SECONDS)
        claimed = [one.message_id for _ in range(4) for one in queue.claim()]
        self.assertEqual(claimed, [event(n).message_id for n in range(40)])

    def test_seldom(self) -> None:
        """Where nobody waits for the next event, few calls ask for the lock."""
        gate, lock = noted(ManualClock())
        queue = queue_at(gate, ManualClock(), BatchLimits(1_000, 500_000), **ROOMY)
        for number in range(800):
            queue.put(event(number))
        self.assertLess(lock.times, 80)
        self.assertEqual(len(queue.claim()), 800)

    def test_bounds(self) -> None:
        """Whatever is put, claimed and given back side by side, the bounds hold, and are met to the event."""
        size = len(event(0).body) + 1
        for events, size_of_all in ((BOUND, 2 * BOUND * size), (2 * BOUND, BOUND * size)):
            with self.subTest(max_queue=events, max_queue_bytes=size_of_all):
                clock = SystemClock()
                queue = queue_at(Gate(clock), clock, max_queue=events, max_queue_bytes=size_of_all)
                self.assertEqual(sorted(self.put_and_settle(queue)), sorted(map(str, range(8 * EACH))))
                with self.assertRaises(QueueFullError):
                    for number in range(2 * BOUND):
                        queue.put(event(number))
                self.assertEqual(queue.stats().pending, BOUND)

    def put_and_settle(self, queue: MemoryQueue) -> list[str]:
        """Put from eight threads, and claim; return the ids of events that were delivered or refused."""
        settled: list[str] = []

        def call(first: int) -> None:
            for number in range(first, first + EACH):
                try:
                    queue.put(event(number))
                except QueueFullError as error:
                    settled.append(str(error.message_id))

        callers = [threading.Thread(target=call, args=(first,)) for first in range(0, 8 * EACH, EACH)]
        for caller in callers:
            caller.start()
        turns = 0
        while any(caller.is_alive() for caller in callers) or queue.stats().pending:
            batch = queue.claim()
            self.assertLessEqual(queue.stats().pending, BOUND)
            turns += 1
            if turns % 3:
                queue.delivered(batch, 200, 1)
                settled += [one.message_id for one in batch]
            else:
                queue.release(batch)
        return settled


class WakesTest(unittest.TestCase):
    """When the worker, which waits, is told of an event."""

    @law(100)
    @given(
        st.lists(st.sampled_from((1, 500, 4_000, 16_000, 16_400, 40_000)), max_size=60),
        st.integers(1, 50),
        st.sampled_from((5_000, 100_000, 400_000)),
    )
    def test_full(self, sizes: list[int], most: int, most_bytes: int) -> None:
        """It is told of the first event, of that which fills a batch in number or bytes, and of no other."""
        gate = Gate(ManualClock())
        gate.changed = changed = NotedCondition(gate.lock)
        queue = queue_at(
            gate, ManualClock(), BatchLimits(most, most_bytes), max_queue=1_000, max_queue_bytes=10**8
        )
        weight = 0
        for number, size in enumerate(sizes):
            before = changed.times
            queue.put(event(number)._replace(body=b"x" * size))
            weight += size + 1
            is_full = number + 1 == most or weight >= most_bytes
            self.assertEqual(changed.times > before, number == 0 or is_full)
            if is_full:
                break


class EndTest(unittest.TestCase):
    """Calls at the very moment of the end."""

    def late_call(self, *, abandons: bool) -> MemoryQueue:
        """Make a queue, and a call that finds it open just before it is closed."""
        clock = ManualClock()
        gate = ClosingGate(clock)
        queue = queue_at(gate, clock, **ROOMY)
        queue.put(event(0))

        def close() -> None:
            gate.deadline = 0.0
            if abandons:
                queue.abandon()

        gate.close = close  # type: ignore[method-assign]  # it is made to be told
        queue.put(event(1))
        return queue

    def test_after_the_end(self) -> None:
        """An event that comes when all was given up is told to be too late, and not counted."""
        with self.assertLogs("segment_client", "ERROR"), self.assertRaisesRegex(SegmentError, "closed"):
            self.late_call(abandons=True)

    def test_before_the_end(self) -> None:
        """An event that comes while the rest is delivered is delivered, or given up, with the rest."""
        queue = self.late_call(abandons=False)
        self.assertEqual(len(queue.claim()), 2)
        with self.assertLogs("segment_client", "ERROR"):
            queue.abandon()
        self.assertEqual(dict(queue.stats().dropped_reasons), {"closed": 2})


if __name__ == "__main__":
    unittest.main()
