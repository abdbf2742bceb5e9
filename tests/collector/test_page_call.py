"""One call, opened on the collector's page, in a real browser."""

from tests.collector.browser import BrowserCase
from tests.collector.support import track


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
