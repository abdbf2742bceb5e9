"""The ledger's law: what was accepted is settled once, or waits."""

import unittest
from concurrent.futures import ThreadPoolExecutor

from segment_client.accounting import Ledger


class LedgerTest(unittest.TestCase):
    """Counts of events that come twice."""

    def test_settled_before(self) -> None:
        """What is settled beyond what was accepted is counted as recovered, whatever becomes of it."""
        told: list[tuple[str, str | None, int]] = []
        ledger = Ledger(durable=True, listener=lambda *count: told.append(count))
        ledger.accept_to(3)
        ledger.deliver(2)
        ledger.reject("rejected", 2)
        ledger.drop("expired", 1)
        ledger.settle("delivered", "", 4)
        stats = ledger.stats()
        self.assertEqual((stats.accepted, stats.delivered, stats.rejected), (3, 2, 1))
        self.assertEqual((stats.dropped, stats.spooled), (0, 0))
        self.assertEqual(
            (stats.recovered_delivered, stats.recovered_rejected, stats.recovered_dropped), (4, 1, 1)
        )
        self.assertEqual(stats.dropped_reasons, {})
        self.assertIn(("recovered_rejected", None, 1), told)

    def test_waiting(self) -> None:
        """Each wait ends when so much is settled as it is for, in whatever order they began."""
        ledger = Ledger()
        ledger.accept_to(9)
        with ThreadPoolExecutor(4) as threads:
            waits = {count: threads.submit(ledger.wait_settled, count, 60.0) for count in (9, 3, 6)}
            change = threads.submit(ledger.wait_for_change, 60.0)
            for count in (3, 6, 9):
                ledger.deliver(3)
                self.assertTrue(waits[count].result())
                self.assertEqual([each for each in waits if each > count and waits[each].done()], [])
            while not change.done():  # it may begin after all that
                ledger.deliver(0)


if __name__ == "__main__":
    unittest.main()
