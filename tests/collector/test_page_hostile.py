"""What is received is shown on the collector's page, and never does anything there."""

from itertools import product

from tests.collector.browser import BrowserCase
from tests.collector.support import track


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
                links = self.page.eval_on_selector_all(
                    "#detail a", "all => all.map(one => one.getAttribute('href').split('#')[0])"
                )
                self.assertLessEqual(set(links), {"/catalogue"})
        self.assertIsNone(self.page.evaluate("window.hacked ?? ({}).hacked ?? null"))
        self.assertEqual(self.page.locator("#list a, #calls img, #detail img, #detail script").count(), 0)

    def test_hidden_characters(self) -> None:
        """Characters that reorder or hide text are shown as their numbers, but for those that join emoji."""
        family = "\U0001f469\u200d\U0001f467"
        self.post("/v1/track", track("m0", event=f"{family} a\u200db"))
        self.names(f"{family} aU+200Db")
        self.post("/v1/track", track("m1", event="abc\u202edef\u200b", userId="\u2066x"))
        self.names("abcU+202EdefU+200B", f"{family} aU+200Db")
        self.assertEqual(self.page.locator("#list .user").first.inner_text(), "U+2066x")

    def test_layout(self) -> None:
        """Text without end or reason, and nesting without end, break no layout, on a desk or on a phone."""
        deep: object = "bottom" * 40
        for _ in range(90):
            deep = {"nested": deep}
        word, marks = "W" * 5000, "e" + "\u0301\u0489" * 300
        properties = {
            word: word,
            marks: marks,
            "deep": deep,
            "\u202eabc": "\u2067abc\u202e" * 50,
            "\r\n": "\r\n" * 50,
        }
        self.post("/v1/track", track("m1", event=word[:300], userId=word, properties=properties))
        self.post(
            "/v1/track", track("m2", event=f"{marks[:200]}\u202e", context={"test_id": word}, properties=5)
        )
        for width, tab in product((1280, 390), ("accepted", "rejected")):
            self.page.set_viewport_size({"width": width, "height": 800})
            self.page.click(f"#tab-{tab}")
            self.page.wait_for_selector("#list .row")
            self.inside(width, "#panel")
            self.page.click("#list .row")
            for part in self.page.locator("#detail [role=tab]").all():
                part.click()
                if self.page.is_visible("#part >> text=Open or close all"):
                    self.page.click("#part >> text=Open or close all")
                self.inside(width, "#detail")
            self.page.keyboard.press("Escape")

    def inside(self, width: int, part: str) -> None:
        """Check that the page and a part of it need no scrolling to the side, and that rows have one line."""
        script = f"[document.documentElement, document.querySelector('{part}')].map(one => one.scrollWidth)"
        for wide in self.page.evaluate(script):
            self.assertLessEqual(wide, width)
        clipped = (
            f"document.querySelector('{part}').scrollWidth > document.querySelector('{part}').clientWidth"
        )
        self.assertFalse(self.page.evaluate(clipped))
        for height in self.page.eval_on_selector_all("#list .row", "all => all.map(one => one.clientHeight)"):
            self.assertLess(height, 130)

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
