"""The ledger's law: what was accepted is settled once, or waits."""

import unittest

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


if __name__ == "__main__":
    unittest.main()
