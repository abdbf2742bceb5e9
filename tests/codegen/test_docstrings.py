"""What the docstring of an event's method says, as editors and `help` show it."""

import inspect
import unittest

from tests.codegen.plans import PlanTest, rule

SAID = """\
A customer paid.

Sent by `track` as 'Order Completed', version 1.

Args:
    order_id: The shop's own number. Sent as 'order id'.
    site_name: Sent as 'site name'.
    total: Without taxes
    coupon: Deprecated.
    extra_properties: Further properties, by their names on the wire; the event's schema allows any.
    **call: The keywords of `track`."""


class DocstringTest(PlanTest):
    """The docstring of a method."""

    def test_said(self) -> None:
        """It has the plan's descriptions, the names that are others on the wire, and no empty words."""
        properties = {
            "order id": {"type": "string", "description": "The shop's own number"},
            "site name": {"type": "string"},
            "total": {"type": "number", "description": "Without taxes"},
            "currency": {"type": "string"},
            "coupon": {"type": "string", "deprecated": True},
        }
        schema = {"type": "object", "properties": properties, "required": ["order id", "site name", "total"]}
        events = self.events(rule("Order Completed", schema, description="A customer paid."))
        self.assertEqual(inspect.getdoc(events.order_completed), SAID)


if __name__ == "__main__":
    unittest.main()
