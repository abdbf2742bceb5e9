"""What requests brought, on its way to where it is kept."""

import asyncio
import threading
import unittest
from collections.abc import Sequence
from datetime import UTC, datetime

from segment_client.collector.head import Head
from segment_client.collector.paths import Target
from segment_client.collector.problem import Problem
from segment_client.collector.receive import Judged
from segment_client.collector.web.keeping import Keep, Keeping
from tests.delivery.support import no_threads

_NOW = datetime(2026, 1, 31, tzinfo=UTC)


class Gathering(unittest.TestCase):
    """`Keeping`."""

    def kept(self, keep: Keep, at_once: int, *turns: str, start: threading.Event) -> list[object]:
        """Have requests kept, some in each turn of the loop; `start` is set when all have come."""

        async def run() -> list[object]:
            tasks = []
            for turn in turns:
                tasks += [asyncio.ensure_future(keeping(_judged(name))) for name in turn]
                await asyncio.sleep(0)
                await asyncio.sleep(0)
            start.set()
            return list(await asyncio.gather(*tasks, return_exceptions=True))

        keeping = Keeping(keep, at_once)
        self.addCleanup(keeping.close)
        return asyncio.run(run())

    def test_together(self) -> None:
        """What comes in one turn of the loop, or while a thread is busy, is kept in one piece."""
        parts: list[list[str]] = []
        all_came = threading.Event()

        def keep(requests: Sequence[Judged]) -> list[None]:
            self.assertTrue(all_came.wait(10))
            parts.append([request.head.path for request in requests])
            return [None] * len(requests)

        self.assertEqual(self.kept(keep, 1, "ab", "c", "de", start=all_came), [None] * 5)
        self.assertEqual(parts, [["a", "b"], ["c", "d", "e"]])

    def test_at_once(self) -> None:
        """As many threads as are asked for work at once."""
        all_three, all_came = threading.Barrier(3, timeout=10), threading.Event()

        def keep(requests: Sequence[Judged]) -> list[None]:
            all_three.wait()
            return [None] * len(requests)

        self.assertEqual(self.kept(keep, 3, "ab", "c", start=all_came), [None] * 3)

    def test_refused(self) -> None:
        """Each request learns what itself is refused by."""
        all_came, problem = threading.Event(), Problem(400, "invalid_event", "bad")

        def keep(requests: Sequence[Judged]) -> list[Exception | None]:
            self.assertTrue(all_came.wait(10))
            return [problem if request.head.path == "c" else None for request in requests]

        self.assertEqual(self.kept(keep, 1, "a", "bcd", start=all_came), [None, None, problem, None])

    def test_fault(self) -> None:
        """A fault is raised in each request that it is about, and the next are kept."""
        all_came, fault = threading.Event(), RuntimeError("no disk")

        def keep(requests: Sequence[Judged]) -> list[None]:
            self.assertTrue(all_came.wait(10))
            if requests[0].head.path == "a":
                raise fault
            return [None] * len(requests)

        self.assertEqual(self.kept(keep, 1, "a", "bc", start=all_came), [fault, None, None])

    def test_no_thread(self) -> None:
        """Where no thread can be started a request is told so, and the next is kept once one can."""

        async def run() -> None:
            with no_threads(), self.assertRaises(RuntimeError):
                await self.soon(keeping, "a")
            await self.soon(keeping, "b")

        keeping = Keeping(lambda requests: [None] * len(requests), 1)
        self.addCleanup(keeping.close)
        asyncio.run(run())

    async def soon(self, keeping: Keeping, name: str) -> None:
        """Have a request kept, or fail."""
        await asyncio.wait_for(keeping(_judged(name)), 10)


def _judged(name: str) -> Judged:
    return Judged(Target("call"), (), Head("POST", name, ()), _NOW)
