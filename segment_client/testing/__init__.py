"""Doubles for your own tests: they take the place of the network and of time, nothing is patched.

>>> from segment_client.testing import RecordingTransport
>>> transport = RecordingTransport()
>>> client = SegmentClient("key", entity_gid, "default", transport=transport)
>>> ...
>>> transport.events[0]["event"]
"""

from segment_client.testing.clock import ManualClock
from segment_client.testing.server import Answer, FakeServer, Received
from segment_client.testing.transport import RecordingTransport

__all__ = ["Answer", "FakeServer", "ManualClock", "Received", "RecordingTransport"]
