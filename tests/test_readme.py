"""README.md and the pages that it leads to: what they name is there."""

import re
import unittest

from segment_client import errors
from segment_client.endpoint import parse_endpoint
from tests.pages import GUIDE, GUIDES, README, Page
from tests.sources import ROOT


class NamesTest(unittest.TestCase):
    """What the pages name."""

    def test_errors(self) -> None:
        """The table of errors has every error that the client raises, and its bases are right."""
        table = GUIDE.section("Errors")
        rows = re.findall(r"^\| `(\w+)` \| `(\w+)` \|", table, re.MULTILINE)
        for name, base in rows:
            with self.subTest(error=name):
                parent = (
                    getattr(errors, base, None) or {"ValueError": ValueError, "TypeError": TypeError}[base]
                )
                self.assertTrue(issubclass(getattr(errors, name), parent))
        raised = {"InvalidValueError", "InvalidTypeError", "UnauthorizedError", "TooLargeError"}
        raised |= {"RejectedError", "RateLimitedError", "UnreachableError", "QueueFullError", "SpoolError"}
        self.assertEqual({name for name, _ in rows}, raised)

    def test_endpoints(self) -> None:
        """Each URL of the table of servers can be passed as it stands, once its host is filled in."""
        table = GUIDE.section("Where to send")
        urls = re.findall(r"^\|[^|]+\| `([^`]+)`", table, re.MULTILINE)
        self.assertEqual(len(urls), 6)
        for url in urls[1:]:
            with self.subTest(url=url):
                target = re.sub("<[^>]+>", "host.example.com", url)
                self.assertEqual(parse_endpoint(target, "segment").single_url("track"), f"{target}/track")

    def test_targets(self) -> None:
        """Each `make` target that the README names is in the Makefile."""
        makefile = (ROOT / "Makefile").read_text("utf-8")
        targets = set(re.findall(r"\bmake ([a-z]+)\b(?=`|  )", README.text))
        self.assertLessEqual({"demo", "test", "codegen"}, targets)
        for target in targets:
            with self.subTest(target=target):
                self.assertRegex(makefile, rf"(?m)^{target}:")

    def test_links(self) -> None:
        """Each file that a page links to is there, and the README leads to each page."""
        pages = [Page(path.relative_to(ROOT).as_posix()) for path in sorted((ROOT / "docs").glob("*.md"))]
        for page in (README, *pages):
            for link in page.links():
                with self.subTest(page=page.name, link=link):
                    self.assertTrue(((ROOT / page.name).parent / link).exists())
        self.assertLessEqual({page.name for page in pages}, set(README.links()))

    def test_places(self) -> None:
        """Each place of a page that a page links to is a heading there."""
        for page in (README, *GUIDES):
            for link, place in re.findall(r"\]\((?!https?:)([^)#]*)#([^)]+)\)", page.text):
                target = ((ROOT / page.name).parent / link).resolve() if link else ROOT / page.name
                headings = re.findall(r"^#+ (.+)$", target.read_text("utf-8"), re.MULTILINE)
                places = {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}
                with self.subTest(page=page.name, link=link):
                    self.assertIn(place, places)

    def test_old_names(self) -> None:
        """The names that the earlier client's users look for all have a row."""
        table = README.section("Coming from the single-file client")
        rows = re.findall(r"^\| `([^`]+)` \|", table, re.MULTILINE)
        single = ["segment_client.py", "CXSContext", "CXSTraits", "test_segment_client.py"]
        self.assertEqual(rows, [*single, "python.cxs.core.schema.semantic_event"])
