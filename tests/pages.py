"""The pages for users, and the code in them."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass

from tests.commands import MODULES
from tests.sources import ROOT

__all__ = ["GUIDE", "GUIDES", "PLANS", "README", "Page"]


@dataclass(frozen=True)
class Page:
    """A page in Markdown."""

    name: str

    @property
    def text(self) -> str:
        """Return what it says."""
        return (ROOT / self.name).read_text("utf-8")

    def blocks(self, language: str) -> list[tuple[int, str]]:
        """Return the code blocks of a language, each with the number of lines before it."""
        text = self.text
        found = re.finditer(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
        return [(text.count("\n", 0, block.start(1)), block[1]) for block in found]

    def commands(self) -> Iterator[list[str]]:
        """Yield the words of each of the project's commands that it shows."""
        for _, block in self.blocks("sh"):
            for line in block.splitlines():
                words = shlex.split(line, comments=True)
                if words and words[0] in MODULES:
                    yield words

    def section(self, title: str) -> str:
        """Return what stands below a heading of the second level."""
        return self.text.partition(f"\n## {title}\n")[2].partition("\n## ")[0]

    def links(self) -> list[str]:
        """Return what it links to in the project, places within a page left out."""
        return re.findall(r"\]\((?!https?:)([^)#]+)[^)]*\)", self.text)


README = Page("README.md")
PLANS = Page("docs/tracking-plans.md")
GUIDE = Page("docs/guide.md")
GUIDES = (GUIDE, Page("docs/delivery.md"), Page("docs/testing.md"), PLANS, Page("docs/collector.md"))
"""The pages whose examples go on from the README's first one."""
