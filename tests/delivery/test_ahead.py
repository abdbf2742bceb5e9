"""A batch is claimed while the one before it is sent: who has what meanwhile, and who has it at the end."""

import tempfile
import threading
import time
import unittest
from pathlib import Path
from uuid import UUID

from segment_client import SegmentClient, Stats
from segment_client.clock import SystemClock
from segment_client.config import destination_of
from segment_client.delivery.ahead import Ahead
from segment_client.delivery.outgoing import Outgoing
from segment_client.delivery.spool.inspector import Inspector
from segment_client.endpoint import parse_endpoint
from segment_client.testing import Answer, FakeServer, Received
from tests.client.support import KEY
from tests.delivery.spool.support import claim_all, numbers_in, open_spool
from tests.delivery.support import SECONDS, background, numbers

SIZE = 2
COUNT = 4 * SIZE


class AheadTest(unittest.TestCase):
    """Work in a thread of its own."""

    def test_results(self) -> None:
        """What work returns or raises is had once, by who asks for it."""
        ahead = Ahead[int]()
        self.assertEqual((ahead.is_begun, ahead.result()), (False, None))
        self.assertTrue(ahead.begin(lambda: 7))
        self.assertEqual((ahead.is_begun, ahead.result(), ahead.result()), (True, 7, None))
        ahead.begin(lambda: 1 // 0)
        with self.assertRaises(ZeroDivisionError):
            ahead.result()
        self.assertIsNone(ahead.result())
        ahead.close()

    def test_closed(self) -> None:
        """After close what was begun is done, nothing else is begun, and the thread ends."""
        ahead = Ahead[int]()
        threads = list[threading.Thread]()

        def work() -> int:
            threads.append(threading.current_thread())
            return 7

        ahead.begin(work)
        ahead.close()
        self.assertFalse(ahead.begin(work))
        self.assertEqual(ahead.result(), 7)
        (thread,) = threads
        thread.join(SECONDS)
        self.assertFalse(thread.is_alive())

    def test_meanwhile(self) -> None:
        """Work goes on while nobody asks for it."""
        done = threading.Event()
        ahead = Ahead[None]()
        ahead.begin(done.set)
        self.assertTrue(done.wait(SECONDS))
        ahead.result()
        ahead.close()


class BatchesTest(unittest.TestCase):
    """A client with several batches, and a server whose first answer waits to be let go."""

    def setUp(self) -> None:
        """Make a folder and the server."""
        self.path = Path(self.enterContext(tempfile.TemporaryDirectory())) / "events.db"
        self.may_answer = threading.Event()
        self.first = Answer()
        self.server = self.enterContext(FakeServer(rule=self.answer))
        destination = destination_of(parse_endpoint(self.server.url, "segment"), KEY)
        self.other = open_spool(self.path, SystemClock(), destination=destination)
        self.addCleanup(self.other.close)

    def answer(self, _: Received) -> Answer:
        """Answer when it is time."""
        self.may_answer.wait(SECONDS)
        answer, self.first = self.first, Answer()
        return answer

    def sending(self) -> SegmentClient:
        """Return a client that waits for the first answer, and has claimed what it claims meanwhile."""
        for number in range(COUNT):
            body = f'{{"properties": {{"n": {number}}}}}'.encode()
            self.other.append(Outgoing(body, "track", str(number), UUID(int=number), False))
        client = background(self.server.url, spool=self.path, batch_size=SIZE, flush_interval=60)
        (worker,) = (thread for thread in threading.enumerate() if thread.name == "segment-client")
        self.addCleanup(worker.join, SECONDS)
        self.addCleanup(client.close, 0)
        self.addCleanup(self.may_answer.set)
        self.assertTrue(self.server.wait_for_requests(1))
        until = time.monotonic() + SECONDS
        with Inspector(self.path, SystemClock()) as inspector:
            while inspector.waiting()[0].held < 2 * SIZE and time.monotonic() < until:
                time.sleep(0.01)
        return client

    def test_sent(self) -> None:
        """The next batch is held meanwhile, the others are anybody's; all that are left are sent in order."""
        client = self.sending()
        taken = self.other.claim(1, 100_000)
        self.assertEqual(numbers_in(taken), [2 * SIZE])
        self.may_answer.set()
        self.assertTrue(self.server.wait_for_requests(COUNT // SIZE))
        self.other.release(taken)
        self.assertTrue(client.flush(SECONDS))
        self.assertEqual(numbers(self.server), [*range(4), *range(5, COUNT), 4])
        self.assertEqual(client.stats(), Stats(recovered_delivered=COUNT))
        self.assertEqual(claim_all(self.other), [])

    def test_refused_key(self) -> None:
        """Where a batch is given back the next one is too, and both are anybody's again, in order."""
        self.first = Answer(401)
        client = self.sending()
        until = time.monotonic() + SECONDS
        with self.assertLogs("segment_client", "ERROR"), Inspector(self.path, SystemClock()) as inspector:
            self.may_answer.set()
            while inspector.waiting()[0].held and time.monotonic() < until:
                time.sleep(0.01)
        client.close(0)
        self.assertEqual(numbers_in(claim_all(self.other)), list(range(COUNT)))

    def test_closed(self) -> None:
        """A client that is closed gives back what it has claimed ahead, and holds only what is under way."""
        client = self.sending()
        client.close(0)
        self.assertEqual(numbers_in(claim_all(self.other)), list(range(SIZE, COUNT)))


if __name__ == "__main__":
    unittest.main()
