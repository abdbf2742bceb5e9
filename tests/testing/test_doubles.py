"""The doubles for users' own tests: a transport that records, a clock that is turned by hand."""

import threading
import unittest
from datetime import UTC, datetime, timedelta

from segment_client import SegmentClient
from segment_client.testing import ManualClock, RecordingTransport
from tests.client.support import ENTITY, KEY, ROOT, USER

START = datetime(2026, 1, 31, 9, 30, tzinfo=UTC)


class RecordingTransportTest(unittest.TestCase):
    """`RecordingTransport`, as a client uses it."""

    def test_events(self) -> None:
        """Each event that would have been sent is there decoded, from single posts, batches and arrays."""
        for options in ({}, {"delivery": "background"}, {"wire": "semantic", "delivery": "background"}):
            transport = RecordingTransport()
            with (
                self.subTest(options),
                SegmentClient(KEY, ENTITY, "default", transport=transport, **options) as client,  # type: ignore[arg-type]  # each is an option
            ):
                for name in ("A", "B", "C"):
                    client.track(ROOT, name, user_id=USER, properties={"text": "x" * 2_000})
                self.assertTrue(client.flush())
                self.assertEqual([event["event"] for event in transport.events], ["A", "B", "C"])
                self.assertEqual(client.stats().delivered, 3)
                self.assertEqual(
                    {request.headers["Content-Encoding"] for request in transport.requests}, {"gzip"}
                )


class ManualClockTest(unittest.TestCase):
    """`ManualClock`."""

    def test_stands_still(self) -> None:
        """Time moves by `advance` and by `sleep`, which returns at once and is noted, and by nothing else."""
        clock = ManualClock()
        self.assertEqual((clock.now(), clock.now(), clock.monotonic()), (START, START, 0.0))
        clock.advance(90)
        clock.sleep(30)
        self.assertEqual(clock.now(), START + timedelta(minutes=2))
        self.assertEqual((clock.monotonic(), clock.slept), (120.0, [30]))

    def test_start(self) -> None:
        """It shows the time that it is given at first."""
        start = datetime(2030, 5, 6, tzinfo=UTC)
        self.assertEqual(ManualClock(start).now(), start)

    def test_wait(self) -> None:
        """A wait on a condition ends when the time has come, and `wait_for_timer` tells that it has begun."""
        clock = ManualClock()
        condition = threading.Condition()
        waited: list[float] = []

        def wait() -> None:
            with condition:
                while clock.monotonic() < 10:
                    clock.wait(condition, 10 - clock.monotonic())
                waited.append(clock.monotonic())

        self.assertFalse(clock.wait_for_timer(0))
        thread = threading.Thread(target=wait)
        thread.start()
        self.assertTrue(clock.wait_for_timer())
        clock.advance(4)
        self.assertEqual(waited, [])
        clock.advance(6)
        thread.join(10)
        self.assertEqual(waited, [10.0])
        self.assertFalse(clock.wait_for_timer(0))

    def test_no_time(self) -> None:
        """A wait of no seconds is over at once."""
        condition = threading.Condition()
        with condition:
            ManualClock().wait(condition, 0)


if __name__ == "__main__":
    unittest.main()
