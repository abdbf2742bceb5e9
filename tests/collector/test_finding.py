"""Pages of what a search finds: complete, in order, and never slow."""

import sqlite3
import unittest
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import ClassVar

from segment_client.collector.search import parse_search
from segment_client.collector.search.terms import Field, Search, Term
from segment_client.collector.store import Store
from segment_client.collector.store.connection import Readers
from segment_client.collector.store.finding import Finder
from segment_client.collector.store.schema import SCHEMA
from segment_client.collector.store.where import where
from tests.collector.test_store import HEAD, NOW, accepted

_ROWS = 9000
_RARE = Search((Term(Field("message_id", "*000", pattern=True)),))


class Pages(unittest.TestCase):
    """`Finder`."""

    path: ClassVar[Path]
    store: ClassVar[Store]

    @classmethod
    def setUpClass(cls) -> None:
        """Store some thousand events."""
        folder = cls.enterClassContext(TemporaryDirectory())
        cls.path = Path(folder, "events.sqlite")
        cls.store = Store(cls.path)
        cls.addClassCleanup(cls.store.close)
        cls.store.save([accepted(f"m{number}") for number in range(_ROWS)], HEAD, NOW)

    def walk(self, finder: Finder, search: Search, limit: int) -> list[list[str | None]]:
        """Return the message ids of each page, following the cursors to the end."""
        pages: list[list[str | None]] = []
        before: int | None = None
        while True:
            page = finder.rows(search, limit, before)
            pages.append([row.message_id for row in page.items])
            if page.next is None:
                return pages
            before = page.next

    def test_complete(self) -> None:
        """Whatever the limit, the pages hold all that is found, newest first and once each."""
        expected = [f"m{number}000" for number in range(8, 0, -1)]
        for limit in (1, 3, 8, 100):
            with self.subTest(limit=limit):
                pages = self.walk(self.store.find, _RARE, limit)
                self.assertEqual([name for page in pages for name in page], expected)
                self.assertEqual(len(pages), -(-len(expected) // limit))

    def test_patience(self) -> None:
        """A search that takes long stops with what it has, and its cursor goes on from there."""
        readers = Readers(self.path)
        self.addCleanup(readers.close)
        seconds = count()
        hasty = Finder(readers, patience=0.5, clock=lambda: float(next(seconds)))
        pages = self.walk(hasty, _RARE, 100)
        self.assertGreater(len(pages), 3)
        expected = [f"m{number}000" for number in range(8, 0, -1)]
        self.assertEqual([name for page in pages for name in page], expected)
        self.assertIn([], self.walk(hasty, Search((Term(Field("event", "none")),)), 100)[:-1])

    def test_since(self) -> None:
        """What came after a number is found alone."""
        page = self.store.find.columns("seq, message_id", Search(), 10, None, accepted=True, since=_ROWS - 2)
        self.assertEqual(page.items, [(_ROWS, "m8999"), (_ROWS - 1, "m8998")])
        self.assertIsNone(page.next)


class Plans(unittest.TestCase):
    """How SQLite looks for what is searched."""

    def plan(self, text: str, *, good: bool | None) -> str:
        """Return SQLite's plan for a search in a store's tables."""
        database = sqlite3.connect(":memory:")
        self.addCleanup(database.close)
        database.executescript(SCHEMA)
        condition, values = where(parse_search(text, NOW), good)
        query = f"SELECT * FROM calls WHERE seq < ? AND seq >= ? AND {condition} ORDER BY seq DESC"
        query = f"EXPLAIN QUERY PLAN {query}"
        return " ".join(row[3] for row in database.execute(query, (9, 1, *values)))

    def test_index(self) -> None:
        """Each tab's list and each exact field is found by an index that holds little else."""
        for text, good, index in (
            ("", True, "INTEGER PRIMARY KEY"),
            ("", False, "calls_rejected"),
            ("has:warning", True, "calls_warned"),
            ("has:error", None, "calls_rejected"),
            ("type:track", True, "calls_by_type"),
            ("type:track", False, "calls_rejected"),
            ('event:"Order Completed"', True, "calls_by_event"),
            ('event:"Order Completed"', False, "calls_rejected"),
            ('event:"Order Completed" has:warning', True, "calls_warned"),
            ("user:ada", True, "calls_by_user"),
            ("user:ada", False, "calls_by_anonymous"),
            ("test:t1", True, "calls_by_test"),
            ("id:m1", True, "calls_once"),
        ):
            with self.subTest(text=text, good=good):
                self.assertIn(index, self.plan(text, good=good))
