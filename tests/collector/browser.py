"""A page in a real browser: the machine's Chromium, headless, driven by Playwright."""

import os
import shutil
import subprocess
import unittest
from typing import ClassVar

from playwright.sync_api import Browser, HttpCredentials, Locator, Page, Playwright, sync_playwright
from playwright.sync_api import Error as BrowserError

from tests.collector.support import CollectorCase

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")

MISSING = "the page's tests need a browser: apt-get install chromium"


@unittest.skipUnless(CHROMIUM, MISSING)
class BrowserCase(CollectorCase):
    """A test case with a browser that has the collector's page open; what goes wrong in it fails the test."""

    browser: ClassVar[Browser]
    page: Page
    collector_url: str
    credentials: ClassVar[HttpCredentials | None] = None

    @classmethod
    def setUpClass(cls) -> None:
        """Start the collector and the browser."""
        super().setUpClass()
        playwright: Playwright = cls.enterClassContext(sync_playwright())
        # as root, and in containers, Chromium has no sandbox to offer; it opens nothing but our own page
        cls.browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        cls.addClassCleanup(cls.browser.close)

    def setUp(self) -> None:
        """Open the page, empty and live."""
        super().setUp()
        context = self.browser.new_context(
            viewport={"width": 1280, "height": 800}, color_scheme="light", http_credentials=self.credentials
        )
        self.addCleanup(context.close)
        self.wrong: list[str] = []
        self.collector_url = self.collector.url
        self.page = context.new_page()
        self.page.set_default_timeout(10_000)
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("console", lambda message: self.wrong.append(message.text))
        self.page.on("dialog", lambda dialog: self.wrong.append(f"a dialog: {dialog.message}"))
        self.page.on("request", lambda request: self.foreign(request.url))
        self.addCleanup(lambda: self.assertEqual(self.wrong, []))
        self.open()

    def open(self, address: str = "") -> None:
        """Open the page at an address and wait until it is live."""
        self.page.goto(f"{self.collector_url}/{address}")
        self.page.wait_for_selector("#status[data-state=live]")

    def foreign(self, url: str) -> None:
        """Note a request that leaves the collector."""
        if not url.startswith((self.collector_url, "about:")):
            self.wrong.append(f"a request to {url}")

    def rows(self) -> Locator:
        """Return the rows of the list."""
        return self.page.locator("#list .row")

    def names(self, *expected: str) -> None:
        """Wait until the rows show these event names, newest first, and no others."""
        script = """names => {
            const shown = [...document.querySelectorAll('#list .name')].map(element => element.textContent);
            return shown.length === names.length && shown.every((name, index) => name === names[index]);
        }"""
        try:
            self.page.wait_for_function(script, arg=list(expected), timeout=5000)
        except BrowserError as error:
            found = self.page.locator("#list .name").all_text_contents()
            raise AssertionError(f"the list shows {found}, not {list(expected)}") from error

    def copied(self, form: str) -> str:
        """Copy the open call in a form, and return what was copied."""
        self.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        name = "Copy JSON" if form == "JSON" else f"Copy as {form}"
        self.page.click(f"#detail button:text-is('{name}')")
        self.page.wait_for_selector("#said:has-text('Copied')")
        text: str = self.page.evaluate("navigator.clipboard.readText()")
        self.page.evaluate("document.querySelector('#said').textContent = ''")
        return text

    def arguments(self, command: str) -> tuple[str, str, str]:
        """Return the path, the key and the body that a shell passes to curl."""
        script = f"curl() {{ printf '%s\\0' \"$@\"; }}; {command}"
        environment = {**os.environ, "WRITE_KEY": "from the environment"}
        done = subprocess.run(
            ["/bin/bash", "-c", script], env=environment, capture_output=True, text=True, check=True
        )
        url, _, key, _, kind, _, body, _ = done.stdout.split("\0")
        self.assertEqual(kind, "Content-Type: application/json")
        self.assertTrue(body.isascii() or body.isprintable())
        return url.removeprefix(self.collector_url), key, body
