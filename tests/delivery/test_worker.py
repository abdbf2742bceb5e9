"""The worker's loop, over a source whose every step the test decides."""

from collections.abc import Sequence
from unittest import TestCase
from uuid import UUID

from segment_client.delivery.gate import Gate
from segment_client.delivery.outgoing import Outgoing
from segment_client.delivery.poster import Poster
from segment_client.delivery.worker import Worker
from segment_client.endpoint import parse_endpoint
from segment_client.errors import DeliveryError
from segment_client.retry import RetryPolicy
from segment_client.testing import ManualClock, RecordingTransport

EVENT = Outgoing(b'{"type":"track"}', "track", "m", UUID(int=1), False)


class LateSource:
    """A source that is empty when it is claimed from, and gets its last event at that very moment."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._waiting: list[Outgoing] = []
        self.settled: list[tuple[Sequence[Outgoing], int, int]] = []

    def seconds_until_due(self) -> float | None:
        """Return that it is time to look."""
        return 0.0

    def claim(self) -> list[Outgoing]:
        """Return what waits; at the first time that is nothing, and then comes an event, and a close."""
        claimed, self._waiting = self._waiting, []
        if not self._gate.closing:
            self._waiting.append(EVENT)
            self._gate.deadline = 10.0
        return claimed

    def events(self, batch: Sequence[Outgoing]) -> Sequence[Outgoing]:
        """Return the batch."""
        return batch

    def hold(self, batch: Sequence[Outgoing]) -> Sequence[Outgoing]:
        """Return the batch."""
        return batch

    def delivered(self, batch: Sequence[Outgoing], status: int, attempts: int) -> None:
        """Note what was delivered."""
        self.settled.append((batch, status, attempts))

    def rejected(self, batch: Sequence[Outgoing], error: DeliveryError) -> None:
        """Fail: the server takes everything."""
        raise AssertionError(batch, error)

    def exhausted(self, batch: Sequence[Outgoing], error: DeliveryError) -> bool:
        """Fail: the server takes everything."""
        raise AssertionError(batch, error)

    def release(self, batch: Sequence[Outgoing]) -> None:
        """Fail: there is time for everything."""
        raise AssertionError(batch)


class WorkerTest(TestCase):
    """The end of the work."""

    def test_close_while_claiming(self) -> None:
        """What is accepted after a claim that found nothing, and before close, is delivered all the same."""
        clock = ManualClock()
        gate = Gate(clock)
        source = LateSource(gate)
        endpoint = parse_endpoint("http://127.0.0.1/v1", "segment")
        poster = Poster(endpoint, "key", RecordingTransport(), timeout=1.0)
        worker = Worker(source, poster, RetryPolicy(), gate, clock, lambda *_: None)
        worker.run()
        self.assertEqual(source.settled, [([EVENT], 200, 1)])
