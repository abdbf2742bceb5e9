"""What the client's tests share."""

from typing import Any
from uuid import UUID

from segment_client import SegmentClient
from segment_client.testing import FakeServer, ManualClock, RecordingTransport

__all__ = ["ENTITY", "KEY", "ROOT", "USER", "recording_client", "server_client"]

KEY = "write-key"
ENTITY = UUID("5f7e3c1a-8d4b-4f0e-9a57-2b6c1d9e8f30")
ROOT = UUID("0b9d6f0e-52f4-4b57-9f53-4d9b1e0f8a11")
USER = "user-1"


def recording_client(**options: Any) -> tuple[SegmentClient, RecordingTransport]:
    """Return a client and the transport that records what it sends."""
    transport = RecordingTransport()
    options = {"clock": ManualClock(), "transport": transport, **options}
    return SegmentClient(KEY, ENTITY, "default", **options), transport


def server_client(server: FakeServer, **options: Any) -> tuple[SegmentClient, ManualClock]:
    """Return a client that sends to a server over HTTP, and the clock on which it waits."""
    clock = ManualClock()
    options = {"endpoint": server.url, "clock": clock, "timeout": 5.0, **options}
    return SegmentClient(KEY, ENTITY, "default", **options), clock
