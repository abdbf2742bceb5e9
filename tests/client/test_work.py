"""The work of a call, counted in instructions of Python's machine: a regression is seen on any machine.

Times would depend on the machine and on what else it does. The bounds are half as much again as what was
counted on Python 3.11 (2,028 for a call that goes the whole way, 753 and 23 where its shape is known), as
each release has other instructions; later ones have fewer.
"""

import gc
import sys
import threading
import unittest
from collections import Counter
from collections.abc import Callable
from functools import partial
from types import FrameType
from typing import Any
from uuid import UUID

from segment_client import SegmentClient
from segment_client.ids import new_message_id
from segment_client.testing import RecordingTransport
from segment_client.transport import Request, Response

ENTITY, VISIT = UUID(int=1), UUID(int=2)
CONTEXT = {
    "ip": "203.0.113.7",
    "locale": "en-GB",
    "timezone": "Europe/London",
    "app": {"name": "Reports", "version": "4"},
}

_WHOLE_CALL, _CALL = 3_050, 1_130
_PROPERTY = 35
"""Bounds in instructions: of a call with six properties and a context, and of each further property."""

_OFTEN = 20
"""More calls than it takes for their shape to be known."""


def instructions(work: Callable[[], object]) -> int:
    """Return how many instructions this thread executes for some work, in all functions written in Python.

    The work is done twice and counted the second time: from Python 3.12 on, a function is traced by
    instruction only where that was asked for before the trace began, or before the function was called.
    """
    count = 0

    def trace(frame: FrameType, event: str, _: Any) -> Callable[..., Any]:
        nonlocal count
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        count += event == "opcode"
        return trace

    before = sys.gettrace()
    gc.disable()  # what it would clean up is none of this work
    try:
        for _ in range(2):
            count = 0
            sys.settrace(trace)
            work()
    finally:
        sys.settrace(before)
        gc.enable()
    return count


def calls_of_c(work: Callable[[], object]) -> Counter[str]:
    """Return how often some work calls each function that is not written in Python, by its name."""
    called: Counter[str] = Counter()

    def profile(_: FrameType, event: str, argument: Any) -> None:
        if event == "c_call":
            called[argument.__name__] += 1

    before = sys.getprofile()
    sys.setprofile(profile)
    try:
        work()
    finally:
        sys.setprofile(before)
    return called


class HeldTransport(RecordingTransport):
    """Sends nothing before it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.go = threading.Event()

    def send(self, request: Request) -> Response:
        """Record a request, when it is time."""
        self.go.wait()
        return super().send(request)


class InstructionsTest(unittest.TestCase):
    """What is counted."""

    def test_first(self) -> None:
        """A function is counted whole when it is met for the first time, and the same each time."""

        def work() -> None:
            total = 0
            for number in range(100):
                total += number

        first = instructions(work)
        self.assertGreater(first, 300)
        self.assertEqual(instructions(work), first)


class WorkTest(unittest.TestCase):
    """The work of `track()`, once what is done for the first event is done."""

    def setUp(self) -> None:
        """Make a client that queues, and have it make calls until their shape is known."""
        self.transport = RecordingTransport()
        options: dict[str, Any] = {"delivery": "background", "flush_interval": 3600.0, "batch_size": 2_500}
        self.client = SegmentClient("key", ENTITY, "default", transport=self.transport, **options)
        self.addCleanup(self.client.close)
        self.scope = self.client.bind(root_event_gid=VISIT)
        self.first = instructions(self.track)
        for _ in range(_OFTEN):
            self.track()

    def track(self, properties: int = 6) -> None:
        """Make a call as programs make it."""
        values = {f"property_{number}": "some text" for number in range(properties)}
        self.scope.track(event_name="Sent", user_id="u", message_id="m", properties=values, context=CONTEXT)

    def least(self, properties: int = 6) -> int:
        """Return the instructions of a call that does not weigh the queue, as now and then one does."""
        return min(instructions(partial(self.track, properties)) for _ in range(3))

    def test_once(self) -> None:
        """An event is validated once and encoded once, and none of its ids is hashed."""
        called = calls_of_c(self.track)
        self.assertEqual((called["validate_python"], called["to_json"], called["openssl_sha1"]), (1, 1, 0))

    def test_ids(self) -> None:
        """The system is asked for the randomness of many ids at once."""
        called = calls_of_c(lambda: [new_message_id() for _ in range(4_000)])
        self.assertLessEqual(called["urandom"], 4)

    def test_call(self) -> None:
        """A call of six properties and a context stays within its bound, and so does the first one."""
        self.assertLess(instructions(self.track), _CALL)
        self.assertLess(self.first, _WHOLE_CALL)

    def test_properties(self) -> None:
        """What a property adds is the same for the tenth and for the three hundredth."""
        few, some, many = (self.least(count) for count in (10, 60, 310))
        self.assertEqual((many - some) / 250, (some - few) / 50)
        self.assertLess((some - few) / 50, _PROPERTY)

    def test_queue(self) -> None:
        """A call does not cost more when a thousand events wait."""
        before = self.least()
        for _ in range(1_000):
            self.track()
        self.assertLess(self.least(), before + 1)

    def test_gives_way(self) -> None:
        """A loop of calls that has filled the queue by half lets the worker run at every 25th call."""
        transport = HeldTransport()
        options: dict[str, Any] = {"delivery": "background", "batch_size": 1, "max_queue": 4_000}
        with SegmentClient("key", ENTITY, "default", transport=transport, **options) as client:

            def fill(count: int) -> None:
                for _ in range(count):
                    client.track(VISIT, "Sent", user_id="u")

            sleeps = [calls_of_c(partial(fill, count))["sleep"] for count in (1_999, 26, 200)]
            transport.go.set()
        self.assertEqual(sleeps, [0, 1, 8])


if __name__ == "__main__":
    unittest.main()
