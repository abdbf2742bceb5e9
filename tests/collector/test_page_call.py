"""One call, opened on the collector's page, in a real browser."""

import json
from typing import Any, ClassVar
from uuid import uuid4

from segment_client import SegmentClient
from tests.collector.browser import BrowserCase
from tests.collector.support import BASIC, WRITE_KEY, track


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

    def test_exact_numbers(self) -> None:
        """Numbers are shown and copied as they were written, also those that JavaScript would change."""
        body = '{"event": "Big", "userId": "u", "properties": {"id": 12345678901234567890, "price": 1.0}}'
        self.post("/v1/track", body.encode())
        self.page.click("#list .row")
        self.page.click("#detail [role=tab]:text('Raw call')")
        self.assertRegex(self.page.inner_text("#part"), r"id\s+12345678901234567890\s+price\s+1\.0")
        self.assertIn('"id":12345678901234567890,"price":1.0', self.copied("curl"))

    def test_finding_more(self) -> None:
        """What a call says of itself leads to the others that say the same, and arrows to those beside it."""
        for number, user in enumerate(("ada", "grace", "ada")):
            self.post("/v1/track", track(f"m{number}", userId=user, event=f"E{number}"))
        self.page.click("#list .row:has-text('E2')")
        self.page.click("#detail [aria-label='Older call']")
        self.page.wait_for_selector("#detail h2:has-text('E1')")
        self.page.click("#detail [aria-label='Newer call']")
        self.page.click("#detail .find:has-text('user ada')")
        self.names("E2", "E0")
        self.assertEqual(self.page.input_value("#search"), "user:ada")


class Copied(BrowserCase):
    """A call, copied."""

    CALLS: ClassVar[list[dict[str, Any]]] = [
        track("m1", properties={"it's": 1.5, 'a "b"': [True, None, {"c": "\\n\u202e"}]}),
        {"type": "page", "name": "Home", "userId": "u", "messageId": "m2", "properties": {"variant": 2}},
        {"type": "screen", "name": "Login", "anonymousId": "a", "messageId": "m3"},
        {"type": "identify", "userId": "u", "messageId": "m4", "traits": {"firstName": "Ada", "odd": [1]}},
        {"type": "group", "userId": "u", "groupId": "g", "messageId": "m5", "traits": {"name": "Acme"}},
        {"type": "alias", "userId": "u", "previousId": "v", "messageId": "m6", "context": {"locale": "en"}},
    ]

    def show(self, message_id: str) -> None:
        """Open a call, and wait until it is shown in the place of the one before."""
        self.page.click(f"#list .row[data-id='{message_id}']")
        self.page.wait_for_selector(f"#detail code:text-is('{message_id}')")

    def test_json(self) -> None:
        """As JSON it is the event."""
        self.post("/v1/track", track("m1"))
        self.page.click("#list .row")
        self.assertEqual(json.loads(self.copied("JSON")), self.get("/api/events/m1"))

    def test_curl(self) -> None:
        """As a curl command it is sent again as it came, whatever it holds."""
        for call in self.CALLS:
            self.post("/v1/event", call)
            self.show(call["messageId"])
            with self.subTest(type=call["type"]):
                url, key, body = self.arguments(self.copied("curl"))
                self.assertEqual(key, "from the environment:")
                self.assert_success(self.request("POST", url, data=body.encode(), headers=dict([BASIC])))
                told = self.get(f"/api/events/{call['messageId']}/call")
                self.assertEqual((told["repeats"], told["raw"]), (1, call))

    def test_python(self) -> None:
        """As Python it runs, and sends an event with the same values."""
        for call in self.CALLS:
            self.post("/v1/event", call)
            self.show(call["messageId"])
            with (
                self.subTest(type=call["type"]),
                SegmentClient(
                    WRITE_KEY, uuid4(), "default", endpoint=self.collector_url, typed_properties=True
                ) as client,
            ):
                exec(self.copied("Python"), {"client": client})  # noqa: S102 - that it runs is what is tested
                first = self.get(f"/api/events/{call['messageId']}")
                (again, *_) = self.get("/api/events")["events"]
                self.assertNotEqual(again["message_id"], call["messageId"])
                for name in (
                    "type",
                    "event",
                    "user_id",
                    "anonymous_id",
                    "previous_id",
                    "properties",
                    "traits",
                ):
                    self.assertEqual(again.get(name), first.get(name), name)
                self.assertEqual(again["context"].get("group_id"), first["context"].get("group_id"))


class Doubtful(BrowserCase):
    """Events that are not as the catalogue has them."""

    def test_warnings(self) -> None:
        """They are on a tab of their own, each warning beside its field or where that should be."""
        good = {"article_id": "a", "published": True, "title": "T", "word_count": 3}
        self.post("/v1/track", track("m1", event="Article Completed", properties=good))
        bad = {"article_id": "a", "title": 5, "word_count": "many"}
        self.post("/v1/track", track("m2", event="Article Completed", properties=bad))
        self.page.wait_for_selector("#warned:text('1')")
        self.names("Article Completed", "Article Completed")
        self.page.click("#tab-warned")
        self.names("Article Completed")
        self.post("/v1/track", track("m3", event="Article Completed", properties={**good, "more": 1}))
        self.names("Article Completed", "Article Completed")
        self.page.click("#list .row[data-id=m2]")
        self.page.wait_for_selector("#part .wrong")
        told = self.page.locator("#part .wrong").all_inner_texts()
        self.assertEqual([text.split()[0] for text in told], ["published", "title", "word_count"])
        self.assertRegex(told[2], r"many\s[^:]*Expected: integer")
        entry = self.page.get_attribute("#part .wrong a", "href") or ""
        self.page.goto(f"{self.collector_url}{entry}")
        self.assertIn("word_count", self.page.inner_text("article:target"))

    def test_rejected_type(self) -> None:
        """A rejected call names the type that is expected and leads to what says so."""
        self.post("/v1/track", track("m1", context={"ip": "999"}, properties=5))
        self.page.click("#tab-rejected")
        self.page.click("#list .row")
        self.assertRegex(self.page.inner_text("#part .wrong"), r"properties\s+5\s[^:]*Expected: object")
        self.page.wait_for_selector("#part .wrong a[href='/catalogue']")
