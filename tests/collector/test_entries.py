"""The events of a package, described."""

import unittest
from typing import Annotated, Literal

from pydantic import BaseModel, Field
from semantic_events import SemanticEvent

from segment_client.collector.catalogue import OWN, Entry, Property, describe, load_catalogue, read_entries
from segment_client.collector.page import EVERY_EVENT, entry_path, show_catalogue
from tests.sources import ROOT


class Inner(BaseModel):
    """An object in another."""

    sku: Annotated[str, Field(min_length=1)]
    """What is on its label."""


class Outer(BaseModel):
    """An object of all kinds."""

    kind: Literal["a", "b"]
    count: Annotated[float, Field(ge=0, lt=10.5)] | Literal["many"]
    lines: list[Inner]
    by_name: dict[str, bool] = {}
    coupon: str | None
    note: str | None = Field(default=None, alias="a note")


class Describing(unittest.TestCase):
    """`describe` and `read_entries`."""

    def test_properties(self) -> None:
        """Types are told in words, by the names on the wire, those of inner objects below them."""
        told = {row.path: (row.type, row.required) for row in describe(Outer)}
        self.assertEqual(
            told,
            {
                "kind": ('"a", "b"', True),
                "count": ('number, at least 0, less than 10.5 or "many"', True),
                "lines": ("list of object", True),
                "lines[].sku": ("string, 1 or more characters", True),
                "by_name": ("map of boolean", False),
                "coupon": ("string or null", True),
                "a note": ("string", False),
            },
        )

    def test_descriptions(self) -> None:
        """What stands below a field is its description."""
        (sku,) = (row for row in describe(Outer) if row.path == "lines[].sku")
        self.assertEqual(sku.description, "What is on its label.")

    def test_every_field(self) -> None:
        """Each field of an event is described."""
        rows = describe(SemanticEvent)
        self.assertGreater(len(rows), 300)
        self.assertEqual([row.path for row in rows if not row.description], [])

    def test_own(self) -> None:
        """The project's own events have a type and a description for each property."""
        entries = read_entries(load_catalogue(OWN))
        self.assertIn(("track", "Article Completed"), [(entry.type, entry.event) for entry in entries])
        for entry in entries:
            self.assertTrue(entry.description and entry.properties)
            self.assertEqual([row.path for row in entry.properties if not row.description], [])

    def test_plan(self) -> None:
        """A package that was generated from a plan is read alike, with calls that have no names."""
        catalogue = load_catalogue(str(ROOT / "tests" / "codegen" / "golden" / "shop"))
        entries = {(entry.type, entry.event): entry for entry in read_entries(catalogue)}
        self.assertIn("order id", [row.path for row in entries["track", "Order Completed"].properties])
        self.assertIn(("identify", ""), entries)


class Showing(unittest.TestCase):
    """`show_catalogue`."""

    def test_inert(self) -> None:
        """Whatever a plan says is text on the page, and leads where its address says."""
        evil = "<script>alert(1)</script>\"'&"
        entry = Entry("track", evil, evil, evil, [Property(evil, evil, required=True, description=evil)])
        page = show_catalogue([entry], [])
        self.assertNotIn("<script>alert", page)
        self.assertEqual(page.count("&lt;script&gt;alert(1)&lt;/script&gt;"), 9)
        self.assertNotIn('"', entry_path(entry))
        self.assertIn(f'id="{EVERY_EVENT}"', page)

    def test_code(self) -> None:
        """What stands in backticks is code."""
        entry = Entry("track", "E", "1", "In `currency`, with <b>.", [])
        self.assertIn("In <code>currency</code>, with &lt;b&gt;.", show_catalogue([entry], []))
