"""The spool as a worker's source, while the last events are being noted."""

import tempfile
import threading
import unittest
from collections.abc import Sequence
from pathlib import Path

from segment_client.accounting import Ledger
from segment_client.config import DeliveryConfig
from segment_client.delivery import ahead
from segment_client.delivery.gate import Gate
from segment_client.delivery.notifier import Notifier
from segment_client.delivery.outcomes import Outcomes
from segment_client.delivery.outgoing import Outgoing
from segment_client.delivery.poster import BatchLimits
from segment_client.delivery.spool import Claimed
from segment_client.delivery.spool.inspector import Inspector
from segment_client.delivery.spooled import SpoolQueue
from segment_client.testing import ManualClock
from tests.delivery.moments import at_moment, each_moment
from tests.delivery.spool.support import LEASE, event, numbers_in
from tests.delivery.support import SECONDS, config


class _Ledger(Ledger):
    """Notes that somebody waits for it."""

    def __init__(self) -> None:
        super().__init__(durable=True)
        self.asked = threading.Event()

    def wait_settled(self, accepted: int, timeout: float) -> bool:
        self.asked.set()
        return super().wait_settled(accepted, timeout)


class _Late(Outcomes):
    """Counts what is delivered no sooner than somebody waits for that."""

    def __init__(self, ledger: _Ledger, notifier: Notifier, clock: ManualClock) -> None:
        super().__init__(ledger, notifier, clock)
        self.asked = ledger.asked
        self.has_left = threading.Event()

    def deliver(
        self, events: Sequence[Outgoing], status: int | None, attempts: int, *, own: int, others: int = 0
    ) -> None:
        self.has_left.set()
        self.asked.wait(SECONDS)
        super().deliver(events, status, attempts, own=own, others=others)


class SpooledTest(unittest.TestCase):
    """One queue, without a worker."""

    def queue(self, options: DeliveryConfig, most: int) -> SpoolQueue:
        """Return a queue whose batches have so many events at most."""
        ledger, clock = Ledger(durable=True), options.clock
        outcomes = Outcomes(ledger, Notifier(ledger, None, None, max_bytes=1), clock)
        queue = SpoolQueue(Gate(clock), outcomes, BatchLimits(most, 10_000), options)
        self.addCleanup(queue.abandon)
        return queue

    def path(self) -> str:
        """Return a file's name in a folder of its own."""
        return str(Path(self.enterContext(tempfile.TemporaryDirectory())) / "events.db")

    def claimed(self, moment: int) -> tuple[list[int], list[int]] | None:
        """Claim two batches; at a moment between them the machine sleeps for longer than a lease."""
        clock, batch = ManualClock(), list[Claimed]()
        queue = self.queue(config(clock, spool=self.path()), 2)
        for number in range(4):
            queue.put(event(number))
        there_was = at_moment(
            moment, lambda: batch.extend(queue.claim()), lambda: clock.advance(LEASE + 5), ahead
        )
        after = queue.claim()
        for each in (batch, after):
            queue.delivered(each, 200, 1)
        return (numbers_in(batch), numbers_in(after)) if there_was else None

    def test_claimed_once(self) -> None:
        """A client does not claim anew what it is about to send, though the lease of that has ended."""
        self.assertEqual({str(found) for found in each_moment(self.claimed)}, {"([0, 1], [2, 3])"})

    def test_counted_late(self) -> None:
        """A flush waits for the count of events that have just left the file."""
        clock, ledger = ManualClock(), _Ledger()
        outcomes = _Late(ledger, Notifier(ledger, None, None, max_bytes=1), clock)
        options = config(clock, spool=self.path())
        queue = SpoolQueue(Gate(clock), outcomes, BatchLimits(10, 10_000), options)
        self.addCleanup(queue.abandon)
        queue.put(event(0))
        batch = queue.claim()
        settling = threading.Thread(target=queue.delivered, args=(batch, 200, 1))
        settling.start()
        self.addCleanup(settling.join)
        self.assertTrue(outcomes.has_left.wait(SECONDS))
        self.assertTrue(queue.wait_settled(SECONDS))

    def test_seen_by_others(self) -> None:
        """While a batch is tried again and again, others see what comes meanwhile."""
        clock = ManualClock()
        options = config(clock, spool=self.path())
        queue = self.queue(options, 10)
        queue.put(event(0))
        batch = queue.claim()
        for attempt in range(3):
            queue.put(event(1 + attempt))
            clock.advance(5)
            self.assertEqual(queue.hold(batch), batch)
            with Inspector(Path(str(options.spool)), clock) as inspector:
                self.assertEqual(inspector.counts(options.destination), (2 + attempt, 0))


if __name__ == "__main__":
    unittest.main()
