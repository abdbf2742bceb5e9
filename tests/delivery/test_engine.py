"""The worker's thread: there whenever something is to be delivered, whatever became of the last one."""

import gc
import threading
import unittest
from collections.abc import Callable

from segment_client import SegmentClient
from segment_client.http import RequestsTransport
from segment_client.testing import FakeServer
from segment_client.transport import Request, Response
from tests.delivery.support import SECONDS, background, no_threads, numbers, track

"""Bytes for a thread's stack: more than there are addresses for, so that no thread can be started."""


class EndingTransport(RequestsTransport):
    """Ends the thread that is to send the first request, by an exception that nobody is to catch."""

    def __init__(self) -> None:
        super().__init__()
        self.worker: threading.Thread | None = None
        self.asked = threading.Event()

    def send(self, request: Request) -> Response:
        """Raise SystemExit once, then post."""
        if self.worker is None:
            self.worker = threading.current_thread()
            self.asked.set()
            raise SystemExit
        return super().send(request)

    def wait_for_end(self) -> None:
        """Wait until the worker's thread is over."""
        assert self.asked.wait(SECONDS)
        assert self.worker is not None
        self.worker.join(SECONDS)
        assert not self.worker.is_alive()


class EngineTest(unittest.TestCase):
    """A worker that ended, and one that could not be started."""

    def test_dead_worker(self) -> None:
        """Flush, close and the next call each start a worker anew where the last one is dead."""

        ended: list[type[BaseException]] = []
        self.addCleanup(setattr, threading, "excepthook", threading.excepthook)
        threading.excepthook = lambda stray: ended.append(stray.exc_type)

        def call(client: SegmentClient) -> bool:
            track(client, 1, 1)
            return server.wait_for_requests(1)

        steps: list[Callable[[SegmentClient], bool]] = [
            lambda client: client.flush(SECONDS),
            lambda client: client.close(SECONDS),
            call,
        ]
        for step in steps:
            transport = EndingTransport()
            with self.subTest(step=step), FakeServer() as server:
                client = background(server.url, transport=transport)
                track(client, 1)
                transport.wait_for_end()
                self.assertTrue(step(client))
                self.assertTrue(client.close(SECONDS))
                self.assertEqual(numbers(server), list(range(client.stats().accepted)))
        self.assertEqual(ended, [SystemExit] * len(steps))

    def test_no_thread(self) -> None:
        """Where no thread can be started a call queues its event all the same; a later one delivers it."""
        for delivered_by in (SegmentClient.flush, SegmentClient.close):
            with self.subTest(by=delivered_by), FakeServer() as server:
                client = background(server.url)
                with self.assertLogs("segment_client", "ERROR") as log, no_threads():
                    track(client, 2)
                self.assertEqual(len(log.output), 1)
                self.assertIn("thread", log.output[0])
                self.assertTrue(delivered_by(client, SECONDS))
                client.close(SECONDS)
                self.assertEqual(numbers(server), [0, 1])

    def test_never_a_thread(self) -> None:
        """Where none can be started until the end, close returns, and what is left is counted as dropped."""
        client = background("http://127.0.0.1:9", on_error=lambda _: None)
        with self.assertLogs("segment_client", "ERROR"), no_threads():
            track(client, 1)
            self.assertFalse(client.close(SECONDS))
        self.assertEqual((client.stats().dropped_reasons, client.stats().pending), ({"closed": 1}, 0))

    def test_let_go_meanwhile(self) -> None:
        """A client that was let go while no thread could be started is closed when the next one starts."""
        with FakeServer() as server:
            track(background(server.url, flush_interval=60), 1)
            gc.collect()
            with background(server.url) as waiting, background(server.url) as client:
                with self.assertLogs("segment_client", "ERROR"), no_threads():
                    track(waiting, 1, 1)
                track(client, 1, 2)
                self.assertTrue(server.wait_for_requests(2))
                waiting.flush(SECONDS)
            self.assertEqual(sorted(numbers(server)), [0, 1, 2])


if __name__ == "__main__":
    unittest.main()
