"""The async twins: the event loop stays free, and they return what flush and close would."""

import asyncio
import threading
import unittest

from segment_client import SegmentClient, SegmentError
from segment_client.testing import Answer, FakeServer, Received
from tests.delivery.support import SECONDS, background, numbers, track

TICKS = 100


class AsyncTest(unittest.IsolatedAsyncioTestCase):
    """A client in a program that runs an event loop."""

    def setUp(self) -> None:
        """Start a server that answers once it is released."""
        self.released = threading.Event()

        def answer_when_released(_: Received) -> Answer:
            self.released.wait(SECONDS)
            return Answer()

        self.server = self.enterContext(FakeServer(rule=answer_when_released))
        self.addCleanup(self.released.set)

    async def asyncSetUp(self) -> None:
        """Let asyncio not report the sync twins and the first import of models as slow."""
        asyncio.get_running_loop().slow_callback_duration = SECONDS

    async def tick(self) -> None:
        """Run on the event loop for a while, then release the server: without a free loop, it never is."""
        self.assertTrue(await asyncio.to_thread(self.server.wait_for_requests, 1))
        for _ in range(TICKS):
            await asyncio.sleep(0)
        self.released.set()

    def waiting(self, **options: object) -> SegmentClient:
        """Return a background client that sends nothing before it must."""
        return background(self.server.url, **{"flush_interval": 60.0, **options})

    async def test_aflush(self) -> None:
        """While aflush waits for a slow server the loop runs on, and it returns True like flush."""
        client = self.waiting()
        track(client, 3)
        flushed, _ = await asyncio.gather(client.aflush(SECONDS), self.tick())
        self.assertIs(flushed, True)
        self.assertIs(client.flush(SECONDS), True)
        self.assertEqual(numbers(self.server), [0, 1, 2])
        await client.aclose()

    async def test_aclose(self) -> None:
        """While aclose waits for a slow server the loop runs on; it delivers, and the client is closed."""
        client = self.waiting()
        track(client, 3)
        closed, _ = await asyncio.gather(client.aclose(SECONDS), self.tick())
        self.assertIs(closed, True)
        self.assertEqual(numbers(self.server), [0, 1, 2])
        with self.assertRaisesRegex(SegmentError, "closed"):
            track(client, 1)

    async def test_async_with(self) -> None:
        """The end of an `async with` delivers what is queued, and the loop runs on meanwhile."""

        async def use() -> SegmentClient:
            async with self.waiting() as client:
                track(client, 3)
            return client

        client, _ = await asyncio.gather(use(), self.tick())
        self.assertEqual(numbers(self.server), [0, 1, 2])
        self.assertEqual(client.stats().delivered, 3)
        with self.assertRaisesRegex(SegmentError, "closed"):
            track(client, 1)

    async def test_raising(self) -> None:
        """What is raised in an `async with` comes out of it, and what is queued is delivered all the same."""
        self.released.set()
        with self.assertRaisesRegex(LookupError, "a fault"):
            async with self.waiting() as client:
                track(client, 1)
                raise LookupError("a fault")
        self.assertEqual(numbers(self.server), [0])

    async def test_time_is_over(self) -> None:
        """From a server that does not answer both come back in time with False, as their twins do."""
        with self.assertLogs("segment_client", "ERROR") as logs:
            client, twin = self.waiting(), self.waiting()
            for one in (client, twin):
                track(one, 2)
            self.assertEqual((await client.aflush(0.05), twin.flush(0.05)), (False, False))
            self.assertEqual((await client.aclose(0.05), twin.close(0.05)), (False, False))
        self.assertEqual(client.stats(), twin.stats())
        self.assertEqual(client.stats().dropped_reasons, {"closed": 2})
        self.assertEqual(len(logs.output), 2)

    async def test_dropped(self) -> None:
        """Where events were dropped both return False, as their twins do."""
        self.released.set()
        with FakeServer(rule=lambda _: Answer(500)) as server, self.assertLogs("segment_client", "ERROR"):
            client, twin = (background(server.url, max_attempts=1) for _ in range(2))
            for one in (client, twin):
                track(one, 1)
            self.assertEqual((await client.aflush(SECONDS), twin.flush(SECONDS)), (False, False))
            self.assertEqual((await client.aclose(SECONDS), twin.close(SECONDS)), (False, False))

    async def test_many(self) -> None:
        """Several waits at once, and calls from the loop meanwhile, do not hold each other up."""
        client = self.waiting()
        track(client, 1)
        waits = [asyncio.create_task(client.aflush(SECONDS)) for _ in range(3)]
        await self.tick()
        track(client, 2, first=1)
        self.assertEqual(await asyncio.gather(*waits), [True, True, True])
        self.assertTrue(await client.aclose(SECONDS))
        self.assertEqual(numbers(self.server), [0, 1, 2])


if __name__ == "__main__":
    unittest.main()
