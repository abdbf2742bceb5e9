"""Handlers whose events are flushed before they return."""

import asyncio
import inspect
import unittest
from collections.abc import AsyncIterator, Iterator
from functools import partial
from typing import assert_type

from segment_client import InvalidTypeError, InvalidValueError, SegmentClient, flush_on_return
from segment_client.testing import Answer, FakeServer
from tests.client.support import recording_client
from tests.delivery.support import SECONDS, background, numbers, track


class ServerlessTest(unittest.TestCase):
    """What `flush_on_return` does, with a client that sends nothing before it must."""

    def setUp(self) -> None:
        """Start a server and a client of it."""
        self.server = self.enterContext(FakeServer())
        self.client = waiting(self.server)
        self.addCleanup(self.client.close)

    def test_sync(self) -> None:
        """Events are there when a handler returns; its arguments, result and name are as they were."""

        @flush_on_return(self.client, SECONDS)
        def handler(first: int, *, second: str) -> str:
            """Track."""
            track(self.client, first)
            return second

        self.assertEqual(assert_type(handler(3, second="done"), str), "done")
        self.assertEqual(numbers(self.server), [0, 1, 2])
        self.assertEqual((handler.__name__, handler.__doc__), ("handler", "Track."))

    def test_async(self) -> None:
        """An async handler stays one, and its events are there when it returns."""

        @flush_on_return(self.client, SECONDS)
        async def handler(count: int) -> int:
            track(self.client, count)
            await asyncio.sleep(0)
            return count

        self.assertTrue(inspect.iscoroutinefunction(handler))
        self.assertEqual(assert_type(asyncio.run(handler(3)), int), 3)
        self.assertEqual(numbers(self.server), [0, 1, 2])

    def test_raising(self) -> None:
        """Where a handler raises, its events are flushed too, and the caller gets what it raised."""

        @flush_on_return(self.client, SECONDS)
        def handler() -> None:
            track(self.client, 1)
            raise KeyError("a fault")

        @flush_on_return(self.client, SECONDS)
        async def async_handler() -> None:
            track(self.client, 1, first=1)
            raise KeyError("a fault")

        with self.assertRaisesRegex(KeyError, "a fault"):
            handler()
        with self.assertRaisesRegex(KeyError, "a fault"):
            asyncio.run(async_handler())
        self.assertEqual(numbers(self.server), [0, 1])

    def test_invocations(self) -> None:
        """The client stays open from one invocation to the next."""
        handler = flush_on_return(self.client, SECONDS)(partial(track, self.client, 1))
        for number in range(3):
            handler(number)
            self.assertEqual(numbers(self.server), list(range(number + 1)))

    def test_objects(self) -> None:
        """A callable object with an async `__call__` is an async handler."""

        class Handler:
            async def __call__(self, client: SegmentClient) -> None:
                track(client, 1)

        asyncio.run(flush_on_return(self.client, SECONDS)(Handler())(self.client))
        self.assertEqual(numbers(self.server), [0])

    def test_time_is_over(self) -> None:
        """A server that does not answer holds a handler up for the timeout only; a warning has the counts."""
        with FakeServer(Answer(fault="hang")) as server:
            client = waiting(server)
            with self.assertLogs("segment_client", "WARNING") as logs:
                flush_on_return(client, 0.05)(partial(track, client))(2)
                self.assertEqual(len(logs.output), 1)
                client.close(0)
        self.assertIn("2 pending, 0 spooled, 0 dropped", logs.output[0])

    def test_dropped(self) -> None:
        """What an invocation dropped is warned of once, not again with the next one."""
        with FakeServer(Answer(500)) as server:
            client = waiting(server, max_attempts=1)
            handler = flush_on_return(client, SECONDS)(partial(track, client))
            with self.assertLogs("segment_client", "WARNING") as logs:
                handler(1)
            self.assertIn("0 pending, 0 spooled, 1 dropped", logs.output[-1])
            with self.assertNoLogs("segment_client", "WARNING"):
                handler(1)
            client.close()

    def test_direct(self) -> None:
        """With direct delivery, where nothing waits, the handler is as it was."""
        client, transport = recording_client()
        flush_on_return(client)(partial(track, client))(2)
        self.assertEqual(len(transport.events), 2)

    def test_generators(self) -> None:
        """A generator, whose events come after it was returned, is refused with a way out."""

        def generator() -> Iterator[int]:
            yield 1

        async def async_generator() -> AsyncIterator[int]:
            yield 1

        for handler in (generator, async_generator):
            with self.assertRaisesRegex(InvalidTypeError, r"call client\.flush\(\) at its end"):
                flush_on_return(self.client)(handler)

    def test_arguments(self) -> None:
        """A decorator without its client, and a timeout that is none, are refused where they stand."""

        def handler() -> None:
            """Do nothing."""

        with self.assertRaisesRegex(InvalidTypeError, r"pass the client, as in @flush_on_return\(client\)"):
            flush_on_return(handler)  # type: ignore[arg-type]  # that is the mistake
        with self.assertRaisesRegex(InvalidValueError, "timeout is -1"):
            flush_on_return(self.client, -1)


def waiting(server: FakeServer, **options: object) -> SegmentClient:
    """Return a background client that sends nothing before it must."""
    return background(server.url, **{"flush_interval": 60.0, **options})


if __name__ == "__main__":
    unittest.main()
