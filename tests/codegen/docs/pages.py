"""Catalogues of plans in memory, and readers of their pages."""

import json
import tempfile
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from segment_codegen.document import document_plan

from tests.codegen.plans import public_plan

__all__ = ["Node", "Reader", "documented", "read"]

Node = dict[str, Any]


def documented(*rules: Node, **plan: str) -> dict[str, str]:
    """Answer the pages of a plan with these rules; `plan` is what it says of itself beside."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "plan.json"
        file.write_text(json.dumps(public_plan(*rules) | plan), encoding="utf-8")
        return document_plan(file, {}, "app.analytics")


class Reader(HTMLParser):
    """Reads a page as a browser would: its elements with their attributes, and all that is text."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, tuple[tuple[str, str | None], ...]]] = []
        self.text = ""
        self.codes: list[str] = []
        self.raw: dict[str, str] = {}
        self.others: list[str] = []
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.elements.append((tag, tuple(attrs)))
        if tag not in {"meta", "input"}:
            self._open.append(tag)
        if self._open[-2:] == ["pre", "code"]:
            self.codes.append("")

    def handle_endtag(self, tag: str) -> None:
        """Close the element, which must be the innermost one."""
        assert self._open.pop() == tag, tag

    def handle_data(self, data: str) -> None:
        """Keep text by the element that it is in."""
        if self._open[-1:] in (["style"], ["script"]):
            self.raw[self._open[-1]] = self.raw.get(self._open[-1], "") + data
            return
        self.text += data
        if self._open[-2:] == ["pre", "code"]:
            self.codes[-1] += data

    def handle_comment(self, data: str) -> None:
        """Note a comment, of which a page has none."""
        self.others.append(data)

    def handle_pi(self, data: str) -> None:
        """Note an instruction, of which a page has none."""
        self.others.append(data)

    def values(self, tag: str, name: str) -> list[str]:
        """Answer what an attribute is on each element that has it."""
        return [
            value or "" for each, attrs in self.elements for key, value in attrs if (each, key) == (tag, name)
        ]


def read(page: str) -> Reader:
    """Read a page."""
    reader = Reader()
    reader.feed(page)
    reader.close()
    return reader
