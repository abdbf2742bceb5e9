"""Lists longer than a page shows, in a real browser."""

from tests.collector.browser import BrowserCase
from tests.collector.support import track


class Far(BrowserCase):
    """Far down a long list."""

    def test_window(self) -> None:
        """However far it is scrolled, the list holds 600 rows; what comes is told, and a click shows it."""
        batch = [track(f"m{number}", event=f"E{number}") for number in range(900)]
        self.post("/v1/batch", {"batch": batch})
        self.page.reload()
        self.page.wait_for_selector("#list .row")
        bottom = """() => {
            panel.scrollTop = panel.scrollHeight;
            return document.querySelector('#list li:last-child .name').textContent === 'E0';
        }"""
        self.page.wait_for_function(bottom, polling=100, timeout=60_000)
        self.assertEqual(self.rows().count(), 600)
        shown = self.page.eval_on_selector_all("#list .name", "all => all.map(one => one.textContent)")
        self.assertEqual(shown, [f"E{number}" for number in reversed(range(600))])
        place = self.page.evaluate("panel.scrollTop")
        self.post("/v1/track", track("new", event="New"))
        self.page.wait_for_selector("#held:text('1 new: show')")
        self.assertAlmostEqual(self.page.evaluate("panel.scrollTop"), place, delta=2)
        self.page.click("#held")
        self.page.wait_for_selector("#list li:first-child .name:text('New')")
        self.assertEqual(self.page.evaluate("panel.scrollTop"), 0)
        self.page.wait_for_selector("#newest", state="hidden")

    def test_still(self) -> None:
        """What comes above what is looked at does not move it."""
        self.post("/v1/batch", {"batch": [track(f"m{number}", event=f"E{number}") for number in range(80)]})
        self.page.wait_for_selector("#list li:nth-child(80)")
        top = "document.querySelector('#list li:nth-last-child(20)').getBoundingClientRect().top"
        self.page.evaluate("panel.scrollTop = 1000")
        before = self.page.evaluate(top)
        self.post("/v1/batch", {"batch": [track(f"n{number}", event="New") for number in range(10)]})
        self.page.wait_for_selector("#list li:nth-child(90)")
        self.assertAlmostEqual(self.page.evaluate(top), before, delta=1)

    def test_many_below(self) -> None:
        """Where more comes than is told while one looks further down, the list stays and says so."""
        self.post("/v1/batch", {"batch": [track(f"m{number}", event=f"E{number}") for number in range(80)]})
        self.page.wait_for_selector("#list li:nth-child(80)")
        self.page.evaluate("panel.scrollTop = 1000")
        self.post("/v1/batch", {"batch": [track(f"n{number}", event="New") for number in range(700)]})
        self.page.wait_for_selector("#held:text('Many new: show')")
        self.assertEqual(self.page.evaluate("panel.scrollTop"), 1000)
        self.page.click("#held")
        self.page.wait_for_selector("#list li:first-child .name:text('New')")
