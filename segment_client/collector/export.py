"""Everything that a search finds as JSON lines, part by part."""

from __future__ import annotations

from collections.abc import Iterator

from segment_client.collector.api import REJECTED_COLUMNS, rejected_json
from segment_client.collector.search.terms import Search
from segment_client.collector.store.finding import Finder

__all__ = ["export"]

_PART = 500


def export(find: Finder, search: Search, *, accepted: bool = True) -> Iterator[str]:
    """Yield what a search finds, newest first, as lines of JSON: some lines at a time.

    They are the events, or else the rejected calls with what is wrong with them. What comes while it runs is
    left out, what is deleted then ends it. A part may be "", where the search takes its time.
    """
    columns = "seq, body" if accepted else REJECTED_COLUMNS
    before: int | None = find.last() + 1
    while before is not None:
        page = find.columns(columns, search, _PART, before, accepted=accepted)
        lines = (found[1] if accepted else rejected_json(*found) for found in page.items)
        yield "".join(f"{line}\n" for line in lines)
        before = page.next
