"""Searching by hand on the collector's page, in a real browser: chart, legend, span of time."""

from tests.collector.browser import BrowserCase
from tests.collector.support import track


class Searching(BrowserCase):
    """What is at hand to search by."""

    def setUp(self) -> None:
        """Post calls of some types, a repeat and a rejected one."""
        super().setUp()
        page = {"type": "page", "name": "Home", "userId": "u", "messageId": "m2"}
        self.post("/v1/batch", {"batch": [track("m1"), page, track("m1"), 5]})
        self.page.wait_for_selector("#legend li:nth-child(4)")

    def test_chart(self) -> None:
        """The chart shows calls a minute by type, and tells them to who points at it or cannot see it."""
        self.assertEqual(
            self.page.eval_on_selector_all("#chart rect", "all => all.map(one => one.getAttribute('class'))"),
            ["bar track", "bar page", "bar duplicates", "bar rejected"],
        )
        heights = self.page.eval_on_selector_all(
            "#chart rect", "all => all.map(one => one.getAttribute('height'))"
        )
        self.assertEqual(heights, ["10"] * 4)
        self.assertIn(
            "4 in the last hour, 4 a minute at most", self.page.get_attribute("#chart", "aria-label") or ""
        )
        self.page.hover("#chart rect.track")
        self.assertRegex(
            self.page.inner_text("#reading"), r"\d\d:\d\d: track 1, page 1, repeats 1, rejected 1"
        )

    def test_minute(self) -> None:
        """A click on a minute searches for it, and the choice of time says so."""
        self.page.click("#chart rect.track")
        self.names("Page Viewed", "Item Viewed")
        self.assertRegex(self.page.input_value("#search"), r"^after:\S+:00Z before:\S+:00Z$")
        self.page.mouse.click(*self.early())
        self.page.wait_for_selector("#nothing:visible")
        self.page.click("#unsearch")
        self.names("Page Viewed", "Item Viewed")

    def early(self) -> tuple[float, float]:
        """Return a place on the chart that stands for an early minute."""
        box = self.page.locator("#chart").bounding_box()
        assert box is not None
        return box["x"] + 3, box["y"] + 3

    def test_legend(self) -> None:
        """A name of the legend searches for its type, once more for all; rejected calls are on their tab."""
        legend = self.page.inner_text("#legend").split()
        self.assertEqual(" ".join(legend), "track 1 page 1 repeats 1 rejected 1")
        self.page.click("#legend button:has-text('page')")
        self.names("Page Viewed")
        self.page.click("#legend button:has-text('track')")
        self.names("Item Viewed")
        self.page.click("#legend button:has-text('track')")
        self.names("Page Viewed", "Item Viewed")
        self.page.click("#legend button:has-text('repeats')")
        self.names("Item Viewed")
        self.page.click("#legend button:has-text('rejected')")
        self.page.wait_for_selector("#tab-rejected[aria-selected=true]")

    def test_span(self) -> None:
        """A span of time is chosen from a list, and goes with what else is searched for."""
        self.page.fill("#search", "type:page last:24h")
        self.names("Page Viewed")
        self.assertEqual(self.page.input_value("#span"), "last:24h")
        self.page.select_option("#span", "last:5m")
        self.page.wait_for_function("() => document.querySelector('#search').value === 'type:page last:5m'")
        self.page.select_option("#span", "")
        self.page.wait_for_function("() => document.querySelector('#search').value === 'type:page'")
        self.page.fill("#search", "last:3d")
        self.page.wait_for_function(
            "() => document.querySelector('#span').selectedOptions[0].text == 'Other time'"
        )

    def test_elsewhere(self) -> None:
        """Where a search finds nothing, the other calls are a click away."""
        self.page.fill("#search", "has:error")
        self.page.click("#elsewhere")
        self.names("no event name")
