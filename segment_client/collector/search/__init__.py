"""What is looked for among the received calls: one grammar for the page, the API and the live stream."""

from __future__ import annotations

from segment_client.collector.search.grammar import parse_search
from segment_client.collector.search.terms import Search

__all__ = ["Search", "parse_search"]
