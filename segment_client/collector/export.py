"""Everything that a search finds as JSON lines, part by part."""

from __future__ import annotations

from collections.abc import Iterator

from segment_client.collector.search.terms import Search
from segment_client.collector.store.finding import Finder

__all__ = ["export"]

_PART = 500


def export(find: Finder, search: Search) -> Iterator[str]:
    """Yield the events that a search finds, newest first, as lines of JSON: some lines at a time.

    What comes while it runs is left out, what is deleted then ends it. A part may be "", where the search
    takes its time.
    """
    before: int | None = find.last() + 1
    while before is not None:
        page = find.columns("seq, body", search, _PART, before, accepted=True)
        yield "".join(f"{body}\n" for _, body in page.items)
        before = page.next
