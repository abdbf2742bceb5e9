"""The collector's page, used in a real browser."""

import unittest
from pathlib import Path
from tempfile import TemporaryDirectory

import requests

from segment_client.collector import Collector
from tests.collector.browser import BrowserCase
from tests.collector.support import track


class Listing(BrowserCase):
    """What is listed, and when."""

    def test_live(self) -> None:
        """A call that is posted shows up within a second, the newest on top, and the counts follow."""
        self.page.wait_for_selector("#empty:visible")
        self.post("/v1/track", track("m1", event="First"))
        self.page.wait_for_selector("#list .name:text('First')", timeout=1000)
        self.post("/v1/track", track("m2", event="Second"))
        self.page.wait_for_selector("#list .name:text('Second')", timeout=1000)
        self.names("Second", "First")
        self.page.wait_for_selector("#stored:text('2')")
        self.page.wait_for_selector("#empty", state="hidden")

    def test_repeat(self) -> None:
        """A repeat is shown at the first call's row."""
        self.post("/v1/batch", {"batch": [track("m1"), track("m2", event="Other"), track("m1")]})
        self.page.wait_for_selector("#list li:nth-child(2) .repeats:text('+1')")
        self.names("Other", "Item Viewed")

    def test_tabs(self) -> None:
        """Rejected calls are listed on a tab of their own, each with what is wrong."""
        self.post("/v1/batch", {"batch": [track("m1"), track("m2", event="Bad", properties=5)]})
        self.page.wait_for_selector("#rejected:text('1')")
        self.names("Item Viewed")
        self.page.click("#tab-rejected")
        self.names("Bad")
        self.assertIn("properties: ", self.page.inner_text("#list .why"))

    def test_search(self) -> None:
        """A search narrows the list and what arrives live, and stands in the address."""
        self.post(
            "/v1/batch", {"batch": [track("m1", userId="ada"), track("m2", event="Other", userId="grace")]}
        )
        self.names("Other", "Item Viewed")
        self.page.fill("#search", "user:ada")
        self.names("Item Viewed")
        self.post(
            "/v1/batch", {"batch": [track("m3", event="Third"), track("m4", event="Fourth", userId="ada")]}
        )
        self.names("Fourth", "Item Viewed")
        self.assertIn("q=user%3Aada", self.page.url)
        self.page.reload()
        self.names("Fourth", "Item Viewed")
        self.page.fill("#search", "user:nobody")
        self.page.click("#unsearch")
        self.names("Fourth", "Third", "Other", "Item Viewed")

    def test_mistake(self) -> None:
        """A search that is none says what to write, and the list stays."""
        self.post("/v1/track", track("m1"))
        self.names("Item Viewed")
        self.page.fill("#search", "evnt:x")
        self.page.wait_for_selector("#mistake:has-text(\"There is no field 'evnt'\")")
        self.names("Item Viewed")
        self.page.fill("#search", "")
        self.page.wait_for_selector("#mistake", state="hidden")
        self.assertEqual([message.split(":")[0] for message in self.wrong], ["Failed to load resource"])
        self.wrong.clear()  # the browser logs the answer that was no success

    def test_older(self) -> None:
        """Older calls are a click away, in order and once each."""
        self.post("/v1/batch", {"batch": [track(f"m{number}", event=f"E{number}") for number in range(130)]})
        self.page.reload()
        self.page.click("#more")
        self.names(*(f"E{number}" for number in reversed(range(130))))
        self.page.wait_for_selector("#more", state="hidden")

    def test_many_at_once(self) -> None:
        """When more comes than a stream tells, the newest are shown all the same."""
        for part in range(3):
            self.post("/v1/batch", {"batch": [track(f"m{part}-{number}") for number in range(1000)]})
        self.post("/v1/track", track("last", event="The last"))
        self.page.wait_for_selector("#stored:text('3,001')")
        self.page.wait_for_selector("#list li:first-child .name:text('The last')")
        self.assertLessEqual(self.rows().count(), 700)

    def test_pause(self) -> None:
        """While paused the list holds still and counts what came; going on shows it."""
        self.page.click("#pause")
        self.post("/v1/batch", {"batch": [track("m1"), track("m2", event="Other")]})
        self.page.wait_for_selector("#held:text('2 new while paused')")
        self.names()
        self.page.click("#pause")
        self.names("Other", "Item Viewed")

    def test_clear(self) -> None:
        """Clearing asks once more, then empties the page, in other windows too."""
        self.post("/v1/batch", {"batch": [track("m1"), 5]})
        other = self.page.context.new_page()
        other.goto(self.collector.url)
        other.wait_for_selector("#list .row")
        self.page.click("#clear")
        self.names("Item Viewed")
        self.page.click("#clear:text('Really clear?')")
        self.page.wait_for_selector("#empty:visible")
        other.wait_for_selector("#empty:visible")
        self.assertEqual(self.get("/api/stats")["received"], 0)


class Opened(BrowserCase):
    """One call, opened."""

    def test_event(self) -> None:
        """A row opens to the event as a tree, the raw call and the request with the key masked."""
        self.post("/v1/track", track("m1", properties={"nested": {"deep": ["at the bottom", None]}}))
        self.page.click("#list .row")
        self.page.wait_for_selector("#detail h2:has-text('Item Viewed')")
        self.assertRegex(self.page.inner_text("#part"), r"user_id\s+u1")
        self.page.click("#detail [role=tab]:text('Raw call')")
        self.assertRegex(self.page.inner_text("#part"), r"userId\s+u1")
        self.assertFalse(self.page.is_visible("#part >> text=at the bottom"))
        self.page.click("#part summary:has-text('deep')")
        self.page.wait_for_selector("#part >> text=at the bottom")
        self.page.click("#detail [role=tab]:text('Request')")
        request = self.page.inner_text("#part")
        self.assertIn("POST /v1/track", request)
        self.assertRegex(request, r"authorization\s+Basic \[redacted\]")

    def test_problem_beside_its_field(self) -> None:
        """A rejected call shows what is wrong beside the field, or on top where the field is missing."""
        self.post("/v1/track", track("m1", properties=5))
        self.page.click("#tab-rejected")
        self.page.click("#list .row")
        wrong = self.page.locator("#part .wrong")
        self.assertRegex(wrong.inner_text(), r"properties\s+5\s+must be a JSON object")
        self.post("/v1/track", {"type": "track", "event": "Nobody"})
        self.page.click("#list .row:has-text('Nobody')")
        self.page.wait_for_selector("#part .wrong:has-text('userId')")

    def test_address(self) -> None:
        """An opened call stands in the address: it can be reloaded, and Back closes it."""
        self.post("/v1/track", track("m1"))
        self.page.click("#list .row")
        self.page.wait_for_selector("#detail h2")
        self.page.reload()
        self.page.wait_for_selector("#detail h2:has-text('Item Viewed')")
        self.page.go_back()
        self.page.wait_for_selector("#detail", state="hidden")

    def test_copies(self) -> None:
        """A call is copied as JSON, as a curl command and as Python."""
        self.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        self.post("/v1/track", track("m1", properties={"it's": 1.5}))
        self.page.click("#list .row")
        for button, part in (
            ("Copy JSON", '"message_id": "m1"'),
            ("Copy as curl", """"it'\\''s":1.5"""),
            ("Copy as Python", 'event_name="Item Viewed"'),
        ):
            self.page.click(f"#detail button:text-is('{button}')")
            self.page.wait_for_selector("#detail button:text-is('Copied')")
            self.assertIn(part, self.page.evaluate("navigator.clipboard.readText()"))
            self.page.wait_for_selector("#detail button:text-is('Copied')", state="detached")


class Restarting(BrowserCase):
    """The page outlives the collector."""

    def test_reconnects(self) -> None:
        """While the collector is away the page says so; when it is back, it shows what was missed."""
        with TemporaryDirectory() as folder:
            first = Collector(Path(folder, "events.sqlite"))
            self.addCleanup(first.close)
            self.collector_url = first.url
            self.open()
            requests.post(f"{first.url}/v1/track", json=track("m1"), auth=("k", ""), timeout=10)
            self.names("Item Viewed")
            first.close()
            self.page.wait_for_selector("#status[data-state=lost]:text('Reconnecting')")
            port = int(first.url.rpartition(":")[2])
            with Collector(Path(folder, "events.sqlite"), port=port) as second:
                call = track("m2", event="Missed")
                requests.post(f"{second.url}/v1/track", json=call, auth=("k", ""), timeout=10)
                self.names("Missed", "Item Viewed")
                self.page.wait_for_selector("#status[data-state=live]")
                self.page.goto("about:blank")
        self.assertLessEqual({message.split(":")[0] for message in self.wrong}, {"Failed to load resource"})
        self.wrong.clear()  # the browser logs each try that failed


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
        press("2")
        self.page.wait_for_selector("#tab-rejected[aria-selected=true]")
        press("1")
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


class Hostile(BrowserCase):
    """What is received is shown and never does anything."""

    def test_payload(self) -> None:
        """Markup, scripts and addresses are text wherever they stand."""
        evil = "<script>window.hacked=1</script><img src=x onerror='window.hacked=1'>"
        properties = {
            evil: evil,
            "href": "javascript:window.hacked=1",
            "__proto__": {"hacked": 1},
            "constructor": "x",
        }
        call = track("m1", event=evil, userId=evil, properties=properties, context={"a": {evil: [evil]}})
        self.post(
            "/v1/track",
            call,
            **{"X-Odd": "<b onmouseover=window.hacked=1>", "User-Agent": "<svg/onload=window.hacked=1>"},
        )
        self.post("/v1/track", {**call, "type": evil, "properties": evil, "messageId": evil})
        self.names(evil)
        for tab in ("#tab-accepted", "#tab-rejected"):
            self.page.click(tab)
            self.page.click("#list .row")
            for part in self.page.locator("#detail [role=tab]").all():
                part.click()
                self.page.hover("#part")
        self.assertIsNone(self.page.evaluate("window.hacked ?? ({}).hacked ?? null"))
        self.assertEqual(self.page.locator("#detail a, #list a, #detail img, #list img").count(), 0)

    def test_hidden_characters(self) -> None:
        """Characters that reorder or hide text are shown as their numbers."""
        self.post("/v1/track", track("m1", event="abc\u202edef\u200b", userId="\u2066x"))
        self.names("abcU+202EdefU+200B")
        self.assertEqual(self.page.inner_text("#list .user"), "U+2066x")

    def test_huge(self) -> None:
        """A large, wide or deep call opens at once, in parts that open by hand."""
        deep: object = "bottom"
        for _ in range(90):
            deep = {"d": deep}
        wide = {f"k{number}": number for number in range(3000)}
        self.post("/v1/track", track("m1", properties={"long": "x" * 1_000_000, "wide": wide, "deep": deep}))
        self.page.click("#list .row")
        self.page.wait_for_selector("#detail h2", timeout=3000)
        self.page.click("#detail [role=tab]:text('Raw call')")
        self.page.click("#part button:has-text('1,000,000 characters')")
        self.page.click("#part button:text-is('2,800 more')")
        self.page.wait_for_selector("#part button:text-is('2,600 more')")

    def test_policy(self) -> None:
        """The browser lets the page load and run nothing but its own files."""
        answer = self.request("GET", "/")
        policy = answer.headers["Content-Security-Policy"]
        for part in (
            "default-src 'none'",
            "script-src 'self'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
        ):
            self.assertIn(part, policy)
        self.assertNotIn("unsafe", policy)
        refused = self.page.evaluate(
            "() => { try { document.body.innerHTML = '<b>x</b>'; return false } catch { return true } }"
        )
        self.wrong.clear()  # the browser reports what it refused
        self.assertTrue(refused)


if __name__ == "__main__":
    unittest.main()
