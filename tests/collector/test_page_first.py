"""The collector's page before the first call, and on another host, in a real browser."""

from typing import Any, ClassVar

import requests
from playwright.sync_api import HttpCredentials

from tests.collector.browser import BrowserCase
from tests.collector.support import WRITE_KEY, CollectorCase, track


class First(BrowserCase):
    """How to send the first event."""

    options: ClassVar[dict[str, Any]] = {}

    def snippet(self, name: str) -> str:
        """Copy what the page says to do in a language."""
        self.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        self.page.click(f".snippet:has(h3:text('{name}')) button")
        self.page.wait_for_selector("#said:text('Copied')")
        text: str = self.page.evaluate("navigator.clipboard.readText()")
        return text

    def test_python(self) -> None:
        """The Python that the page says sends an event, which the page then shows."""
        exec(self.snippet("Python"), {})  # noqa: S102 - that it runs is what is tested
        self.names("Hello")

    def test_shell(self) -> None:
        """The command that the page says sends an event, which the page then shows."""
        url, key, body = self.arguments(self.snippet("Shell"))
        self.assert_success(self.request("POST", url, data=body, auth=(key.removesuffix(":"), "")))
        self.names("Hello")


class OneKey(CollectorCase):
    """With a key of the collector's own."""

    def test_key(self) -> None:
        """The page says that the key is needed, and does not say which it is."""
        page = self.request("GET", "/").text
        self.assertIn("YOUR_WRITE_KEY", page)
        self.assertNotIn(WRITE_KEY, page)


class AnotherHost(BrowserCase):
    """On a host that is not loopback, whose page asks for the key."""

    options: ClassVar[dict[str, Any]] = {"write_key": WRITE_KEY, "host": "0.0.0.0"}  # noqa: S104 - is the point
    credentials: ClassVar[HttpCredentials] = {"username": WRITE_KEY, "password": ""}

    def setUp(self) -> None:
        """Open the page with the key, as a browser that was asked for it."""
        self.session.auth = (WRITE_KEY, "")
        super().setUp()
        self.addCleanup(self.forget)

    def forget(self) -> None:
        """Forget that the browser has remarked on the origin, to which it does not give all that is asked."""
        self.wrong = [text for text in self.wrong if not text.startswith("The Cross-Origin-Opener-Policy")]

    def test_live(self) -> None:
        """With the key everything is there: list, stream, a call, its catalogue entry, and copying."""
        self.post("/v1/track", track("m1", event="Article Completed"))
        self.names("Article Completed")
        self.page.click("#list .row")
        self.page.wait_for_selector("#detail .entry >> text=Catalogue entry")
        self.page.click("#detail button:text-is('Copy JSON')")
        self.page.wait_for_selector("#said:text('Copied the JSON')")

    def test_without(self) -> None:
        """Without the key nothing is shown."""
        for path in ("/", "/catalogue", "/api/catalogue"):
            answer = requests.get(self.collector.url + path, timeout=10)
            self.assert_problem(answer, 401, "unauthorized")
