"""A local server that takes, checks, keeps and shows what Segment-compatible clients send.

The pipeline: receive > authenticate > decode > validate > store > show. It needs the extra `collector`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from segment_client.collector.embedded import Collector

__all__ = ["Collector"]


def __getattr__(name: str) -> object:
    if name == "Collector":
        from segment_client.collector.embedded import Collector

        return Collector
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
