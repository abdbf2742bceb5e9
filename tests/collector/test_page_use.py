"""The keys, themes and sizes of the collector's page, in a real browser."""

from typing import Any, ClassVar

from tests.collector.browser import BrowserCase
from tests.collector.support import WRITE_KEY, track


class Using(BrowserCase):
    """Keyboard and themes."""

    def test_keys(self) -> None:
        """Everything can be done by keys: move, open, close, search, tabs, pause, help."""
        self.post("/v1/batch", {"batch": [track("m1", event="One"), track("m2", event="Two"), 5]})
        self.names("Two", "One")
        press = self.page.keyboard.press
        press("j")
        press("j")
        press("Enter")
        self.page.wait_for_selector("#detail h2:has-text('One')")
        press("k")
        self.page.wait_for_selector("#detail h2:has-text('Two')")
        press("Escape")
        self.page.wait_for_selector("#detail", state="hidden")
        self.assertEqual(
            self.page.evaluate("document.activeElement.querySelector('.name').textContent"), "Two"
        )
        for key, tab in (("2", "warned"), ("3", "rejected"), ("ArrowRight", "rejected"), ("1", "accepted")):
            press(key)
            self.page.wait_for_selector(f"#tab-{tab}[aria-selected=true]")
        press("p")
        self.page.wait_for_selector("#pause[aria-pressed=true]")
        press("?")
        self.page.wait_for_selector("#helping[open]")
        press("Escape")
        press("/")
        self.page.keyboard.type("one")
        self.names("One")
        press("ArrowDown")
        press("Enter")
        self.page.wait_for_selector("#detail h2:has-text('One')")

    def test_more_keys(self) -> None:
        """The open call's parts, its copies, the export and the theme have keys, too."""
        self.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        self.post("/v1/track", track("m1"))
        self.names("Item Viewed")
        press = self.page.keyboard.press
        press("j")
        press("Enter")
        self.page.wait_for_selector("#detail h2")
        for part in ("Raw call", "Request", "Event"):
            press("ArrowRight")
            self.page.wait_for_selector(f"#detail [role=tab][aria-selected=true]:text('{part}')")
        press("ArrowLeft")
        self.page.wait_for_selector("#detail [role=tab][aria-selected=true]:text('Request')")
        for key, said in (("J", "Copied the JSON"), ("C", "Copied as curl"), ("P", "Copied as Python")):
            press(f"Shift+{key}")
            self.page.wait_for_selector(f"#said:text('{said}')")
        self.assertIn("client.track(", self.page.evaluate("navigator.clipboard.readText()"))
        with self.page.expect_download() as download:
            press("e")
        self.assertEqual(download.value.suggested_filename, "events.jsonl")
        press("t")
        self.assertEqual(self.page.input_value("#theme"), "light")

    def test_themes(self) -> None:
        """The theme is the system's until one is chosen, which is kept."""

        def ground() -> object:
            return self.page.evaluate("getComputedStyle(document.body).backgroundColor")

        light = ground()
        self.page.emulate_media(color_scheme="dark")
        dark = ground()
        self.assertNotEqual(light, dark)
        self.page.keyboard.press("t")
        self.assertEqual(ground(), light)
        self.page.keyboard.press("t")
        self.page.emulate_media(color_scheme="light")
        self.page.reload()
        self.assertEqual(ground(), dark)

    def test_phone(self) -> None:
        """On a phone nothing is wider than the screen, and a call covers the list."""
        self.page.set_viewport_size({"width": 360, "height": 700})
        self.post(
            "/v1/track", track("m1", event="A very long name " * 9, userId="someone@a-long-host.example" * 3)
        )
        self.page.wait_for_selector("#list .row")
        self.assertLessEqual(self.page.evaluate("document.documentElement.scrollWidth"), 360)
        self.assertLessEqual(self.page.evaluate("document.querySelector('#calls').scrollWidth"), 360)
        self.page.click("#list .row")
        self.page.wait_for_selector("#detail h2")
        self.assertFalse(self.page.is_visible("#list"))
        self.assertLessEqual(self.page.evaluate("document.querySelector('#detail').scrollWidth"), 360)


class Forgetting(BrowserCase):
    """A collector that keeps two calls."""

    options: ClassVar[dict[str, Any]] = {"write_key": WRITE_KEY, "keep": ["2"]}

    def test_expired(self) -> None:
        """What is not kept any more leaves the page by itself; the focus goes to what stays."""
        self.post("/v1/track", track("m1", event="One"))
        self.names("One")
        self.page.keyboard.press("j")
        self.post("/v1/batch", {"batch": [track("m2", event="Two"), track("m3", event="Three")]})
        self.names("Three", "Two")
        focused = "document.activeElement.querySelector('.name').textContent"
        self.assertEqual(self.page.evaluate(focused), "Two")
        self.page.click("#pause")
        self.post("/v1/batch", {"batch": [track(f"m{number}", event="Late") for number in range(4, 8)]})
        self.names()
        self.page.wait_for_selector("#held:has-text('2 new')")
        self.page.click("#pause")
        self.names("Late", "Late")
        self.rows().first.click()
        self.page.wait_for_selector("#detail h2")
        self.post("/v1/batch", {"batch": [track("m8", event="Last"), track("m9", event="Last")]})
        self.names("Last", "Last")
        self.page.keyboard.press("Escape")
        self.page.wait_for_selector("#detail", state="hidden")
        self.assertEqual(self.page.evaluate("document.activeElement.id"), "list")
