"""The rules `near-duplicate-event` and `near-duplicate-property`."""

import unittest

from tests.codegen.plan_rules.cases import TEXT, RuleTest, event


class NearEventTest(RuleTest):
    """No two events have nearly the same name."""

    rule = "near-duplicate-event"

    def test_near(self) -> None:
        """Spelling, endings and one slip of a letter make no new event."""
        for one, two in (
            ("Order Completed", "order_completed"),
            ("Order Completed", "OrderCompleted"),
            ("Order Completed", "Orders Completed"),
            ("Order Complete", "Order Completed"),
            ("Order Completed", "Order Compelted"),
            ("Order Completed", "Order Complted"),
            ("Order Completed", "Order Comppleted"),
            ("Order Completed", "Order Comoleted"),
        ):
            (found,) = self.remarks(event(one), event(two))
            self.assertIn(repr(one), found.message)
            self.assertIn(repr(two), found.message)

    def test_far(self) -> None:
        """Other words, numbers, short names, and events of another call are not near."""
        for one, two in (
            ("Order Completed", "Order Cancelled"),
            ("Step 1 Completed", "Step 2 Completed"),
            ("County", "Country"),
            ("Cart", "Card"),
        ):
            self.assertEqual(self.subjects(event(one), event(two)), [], (one, two))
        self.assertEqual(self.subjects(event("Home"), event("home", **{"x-type": "page"})), [])


class NearPropertyTest(RuleTest):
    """No two properties have nearly the same name."""

    rule = "near-duplicate-property"

    def test_spelling(self) -> None:
        """The spelling that is used less is remarked on, in whichever event it is."""
        found = self.subjects(
            event("A", {"site_id": TEXT}), event("B", {"site_id": TEXT}), event("C", {"siteId": TEXT})
        )
        self.assertEqual(found, ["track/C#siteId"])

    def test_slip(self) -> None:
        """One letter more, less or other is a slip in a long name."""
        self.assertEqual(self.properties(currency_code=TEXT, curency_code=TEXT), ["currency_code"])

    def test_far(self) -> None:
        """Plurals, numbers, and words with another first letter are names of their own."""
        pairs = (
            ("campaign", "campaigns"),
            ("address_line_1", "address_line_2"),
            ("a_weight_kg", "b_weight_kg"),
        )
        for one, two in pairs:
            self.assertEqual(self.properties(**{one: TEXT, two: TEXT}), [], (one, two))


if __name__ == "__main__":
    unittest.main()
