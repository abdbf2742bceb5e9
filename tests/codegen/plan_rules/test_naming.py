"""The rules `event-naming` and `property-naming`."""

import unittest

from segment_codegen.plan_rules.styles import EVENT_STYLES, common_style, fits

from tests.codegen.plan_rules.cases import TEXT, RuleTest, event

TITLES = tuple(map(event, ("Order Completed", "Cart Viewed", "Added to Cart")))


class StyleTest(unittest.TestCase):
    """How a name is written."""

    def test_styles(self) -> None:
        """Each style has its own names, and one word alone is written in several."""
        names = {
            "Order Completed": "Title Case",
            "Order completed": "Sentence case",
            "order completed": "lower case",
            "order_completed": "snake_case",
            "orderCompleted": "camelCase",
            "OrderCompleted": "PascalCase",
            "order-completed": "kebab-case",
            "Заказ Оплачен": "Title Case",
            "größe_2": "snake_case",
        }
        for name, style in names.items():
            self.assertEqual([each for each in EVENT_STYLES if fits(name, each)], [style], name)
        self.assertEqual(
            {each for each in EVENT_STYLES if fits("total", each)},
            {"snake_case", "camelCase", "lower case", "kebab-case"},
        )

    def test_small_words(self) -> None:
        """Small words are written small in Title Case."""
        self.assertTrue(fits("Product Added to Wishlist", "Title Case"))
        self.assertFalse(fits("Product added", "Title Case"))

    def test_common(self) -> None:
        """The style that most names fit is the plan's; a tie is the one that is listed first."""
        self.assertEqual(common_style(["aB", "cD", "e_f", "g"], EVENT_STYLES), ("camelCase", 3))
        self.assertEqual(common_style(["aB", "a_b"], EVENT_STYLES), ("snake_case", 1))


class EventNamingTest(RuleTest):
    """Events are named in one style."""

    rule = "event-naming"

    def test_deviant(self) -> None:
        """An event that is written otherwise than the most is remarked on, with the style and the count."""
        (found,) = self.remarks(*TITLES, event("user_signed_up"))
        self.assertEqual((found.file, found.pointer, found.subject), ("3.json", "", "track/user_signed_up"))
        self.assertEqual(
            found.message,
            "the track event 'user_signed_up' is not in Title Case, as 3 of the plan's 4 names are",
        )

    def test_none(self) -> None:
        """A plan in one style, or in none, is left alone."""
        self.assertEqual(self.subjects(*TITLES), [])
        self.assertEqual(self.subjects(event("a_b"), event("C D"), event("eF"), event("g-h")), [])

    def test_calls(self) -> None:
        """Pages are judged by the names of pages and screens, and calls without a name not at all."""
        pages = [event(name, **{"x-type": "page"}) for name in ("home_page", "cart_page")]
        nameless = event("", **{"x-type": "identify"})
        self.assertEqual(self.subjects(*TITLES, *pages, nameless), [])

    def test_untidy(self) -> None:
        """What cannot be seen in a name is said."""
        names = {" Order Paid": "a space", "Order  Sent": "two spaces", "Order\u202eKept": "cannot be seen"}
        for name, said in names.items():
            (found,) = self.remarks(*TITLES, event(name))
            self.assertIn(said, found.message)


class PropertyNamingTest(RuleTest):
    """Properties are named in one style."""

    rule = "property-naming"

    def test_deviant(self) -> None:
        """A property that is written otherwise than the most is remarked on, at any depth."""
        line = {
            "type": "object",
            "description": "A line.",
            "properties": {"unitPrice": TEXT, "tax_rate": TEXT},
        }
        lines = {"type": "array", "description": "Lines.", "items": line}
        found = self.properties(order_id=TEXT, siteId=TEXT, lines=lines)
        self.assertEqual(found, ["lines.*.unitPrice", "siteId"])

    def test_vendors(self) -> None:
        """A vendor's own property is left alone, and so is an underscore before a name."""
        self.assertEqual(self.properties(order_id=TEXT, _id=TEXT, **{"$Current Url": TEXT}), [])


if __name__ == "__main__":
    unittest.main()
