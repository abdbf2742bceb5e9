"""Doubles and servers for your own tests: they stand for the network and for time, nothing is patched.

>>> from segment_client.testing import RecordingTransport
>>> transport = RecordingTransport()
>>> client = SegmentClient("key", entity_gid, "default", transport=transport)
>>> ...
>>> transport.events[0]["event"]

`Collector` needs the extra `collector`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from segment_client.testing.clock import ManualClock
from segment_client.testing.server import Answer, FakeServer, Received
from segment_client.testing.transport import RecordingTransport

if TYPE_CHECKING:
    from segment_client.testing.collector import Collector

__all__ = ["Answer", "Collector", "FakeServer", "ManualClock", "Received", "RecordingTransport"]


def __getattr__(name: str) -> object:
    if name == "Collector":
        from segment_client.testing.collector import Collector

        return Collector
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
