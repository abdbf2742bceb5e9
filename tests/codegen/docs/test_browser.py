"""The page in a browser, where Chromium is installed: its search, and that nothing in it comes alive."""

import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from playwright.sync_api import expect, sync_playwright

from tests.codegen.docs.pages import Reader, documented, read
from tests.codegen.plans import rule

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
OPTIONS = ("--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=1000", "--dump-dom")
PAGE = documented(
    rule("Order Completed", {"properties": {"total": {"type": "number"}}}, description="A customer paid."),
    rule("Order Shipped", {"properties": {"carrier": {"type": "string"}}}, description="It is on its way."),
    rule("Größe <Changed>", {"properties": {"user": {"description": "Total strangers."}}}),
)["index.html"]
ALIVE = "document.title='alive'"
HOSTILE = f'</script></style></code><img src=x onerror="{ALIVE}"><script>{ALIVE}</script>'


@unittest.skipUnless(CHROMIUM, "Chromium is not installed")
class BrowserTest(unittest.TestCase):
    """What the page is after its program has run."""

    def opened(self, page: str, address: str = "") -> Reader:
        """Open a page at an address within it, and answer what it has become."""
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            file = Path(folder) / "index.html"
            file.write_text(page, encoding="utf-8")
            command = [
                str(CHROMIUM),
                *OPTIONS,
                f"--user-data-dir={folder}/profile",
                f"{file.as_uri()}{address}",
            ]
            done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60)
        return read(done.stdout)

    def shown(self, page: Reader) -> list[str]:
        """Answer the events that are shown, which are those in the list."""
        articles = [dict(attrs) for tag, attrs in page.elements if tag == "article"]
        items = [dict(attrs) for tag, attrs in page.elements if tag == "li"]
        self.assertEqual(["hidden" in each for each in items], ["hidden" in each for each in articles])
        return [str(each["id"]) for each in articles if "hidden" not in each]

    def test_all(self) -> None:
        """All events are shown where the address names none; each code has a button to copy it."""
        page = self.opened(PAGE, "#%nowhere")
        self.assertEqual(self.shown(page), ["größe_changed", "order_completed", "order_shipped"])
        self.assertEqual(page.text.count("Copy"), len(page.codes))

    def test_words(self) -> None:
        """Events are found by all words, in any case and order: of names, methods, properties, and notes."""
        page = self.opened(PAGE, "#?WAY%20order_ship%20carrier%20Order%20S")
        self.assertEqual(self.shown(page), ["order_shipped"])
        self.assertIn("1 of 3 events", page.text)
        page = self.opened(PAGE, "#?total")
        self.assertEqual(self.shown(page), ["größe_changed", "order_completed"])

    def test_none(self) -> None:
        """Where nothing matches the page says so."""
        page = self.opened(PAGE, "#?gr%C3%B6%C3%9Fe%20%3Cchanged%3E%20total%20order")
        self.assertEqual(self.shown(page), [])
        self.assertIn("0 of 3 events", page.text)
        self.assertIn((("class", "none"),), [attrs for tag, attrs in page.elements if tag == "p"])

    def test_current(self) -> None:
        """Of several short events that are in sight the list marks one, which scrolling changes."""
        file = Path(self.enterContext(tempfile.TemporaryDirectory())) / "index.html"
        file.write_text(documented(*(rule(f"Short {number}", {}) for number in range(9)))["index.html"])
        playwright = self.enterContext(sync_playwright())
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        self.addCleanup(browser.close)
        page = browser.new_page(viewport={"width": 1280, "height": 1600})
        page.goto(file.as_uri())
        marked = page.locator("nav [aria-current=true]")
        expect(marked).to_have_text(["Short 1"])
        page.locator("#short_8").scroll_into_view_if_needed()
        expect(marked).not_to_have_text(["Short 1"])
        expect(marked).to_have_count(1)

    def test_inert(self) -> None:
        """No text of a plan is run, or becomes an element."""
        schema = {"properties": {HOSTILE: {"type": "string", "description": HOSTILE, "examples": [HOSTILE]}}}
        page = self.opened(documented(rule(HOSTILE, schema, description=HOSTILE), name=HOSTILE)["index.html"])
        tags = [tag for tag, _ in page.elements]
        self.assertEqual((tags.count("script"), tags.count("img"), tags.count("style")), (1, 0, 1))
        self.assertIn(f"{HOSTILE}: events", page.text)


if __name__ == "__main__":
    unittest.main()
