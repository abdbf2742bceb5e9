"""The user's callbacks, in every mode: one that raises, flushes or closes does no harm."""

import tempfile
import unittest
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from semantic_events import SemanticEvent

from segment_client import SegmentClient, SegmentError
from segment_client.testing import Answer, FakeServer
from tests.delivery.support import SECONDS, background, numbers, track


class CallbacksTest(unittest.TestCase):
    """`before_send` in the caller's thread, `on_delivered` and `on_error` in whichever there is."""

    def modes(self) -> list[dict[str, Any]]:
        """Return the options of each mode."""
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        return [{"delivery": "direct"}, {}, {"spool": folder / "events.db"}]

    def test_before_send_raises(self) -> None:
        """What before_send raises comes out of the call and is counted; the next event is delivered."""
        faults = [ArithmeticError("a fault")]

        def fail_once(event: SemanticEvent) -> SemanticEvent:
            if faults:
                raise faults.pop()
            return event

        for mode in self.modes():
            faults[:] = [ArithmeticError("a fault")]
            with (
                self.subTest(mode),
                FakeServer() as server,
                background(server.url, before_send=fail_once, **mode) as client,
            ):
                with self.assertRaisesRegex(ArithmeticError, "a fault"):
                    track(client, 1)
                self.assertEqual((client.stats().accepted, client.stats().callback_errors), (0, 1))
                track(client, 1)
                self.assertTrue(client.flush(SECONDS))
                self.assertEqual(numbers(server), [0])

    def test_before_send_breaks_the_event(self) -> None:
        """What before_send makes of an event is validated again, and what is no event is not sent."""

        def break_it(event: SemanticEvent) -> SemanticEvent:
            return event.model_copy(update={"user_id": 5})

        for mode in self.modes():
            with (
                self.subTest(mode),
                FakeServer() as server,
                background(server.url, before_send=break_it, **mode) as client,
            ):
                with self.assertRaises(ValidationError):
                    track(client, 1)
                self.assertTrue(client.flush(SECONDS))
                self.assertEqual((server.requests, client.stats().accepted), ([], 0))

    def test_before_send_calls_back(self) -> None:
        """To flush in before_send is harmless; once it has closed the client, the call says so."""
        clients: list[SegmentClient] = []

        def end(event: SemanticEvent) -> SemanticEvent:
            self.assertTrue(clients[-1].flush(SECONDS))
            if event.properties == {"n": "1"}:
                self.assertTrue(clients[-1].close(SECONDS))
            return event

        for mode in self.modes():
            with self.subTest(mode), FakeServer() as server:
                clients.append(background(server.url, before_send=end, **mode))
                track(clients[-1], 1)
                with self.assertRaisesRegex(SegmentError, "closed"):
                    track(clients[-1], 1, 1)
                self.assertEqual(numbers(server), [0])
                stats = clients[-1].stats()
                self.assertEqual((stats.accepted, stats.delivered), (1, 1))

    def test_after(self) -> None:
        """on_delivered and on_error may raise, flush or close: each event is settled once, and told once."""
        for name, answer in (("on_delivered", Answer()), ("on_error", Answer(400))):
            for mode in self.modes():
                for act, errors in self.acts():
                    with self.subTest(mode, callback=name, act=act), FakeServer(answer) as server:
                        self.check_after(server, name, mode, act, errors)

    def check_after(
        self,
        server: FakeServer,
        name: str,
        mode: dict[str, Any],
        act: Callable[[SegmentClient], object],
        errors: int,
    ) -> None:
        """Track an event, have a callback act on its outcome, and hold the counts against both."""
        told: list[object] = []

        def tell(outcome: object) -> None:
            told.append(outcome)
            act(client)

        client = background(server.url, **{name: tell}, **mode)
        try:
            track(client, 1)
        except SegmentError:  # a direct call raises what the server refused
            self.assertEqual((name, mode["delivery"]), ("on_error", "direct"))
        self.assertTrue(client.flush(SECONDS))
        self.assertTrue(client.close(SECONDS))
        stats = client.stats()
        self.assertEqual((stats.accepted, stats.delivered + stats.rejected), (1, 1))
        self.assertEqual((len(told), stats.callback_errors), (1, errors))

    def acts(self) -> Iterator[tuple[Callable[[SegmentClient], object], int]]:
        """Yield what a callback does with its client, and how many errors are counted for it."""
        yield lambda _: 1 / 0, 1
        yield lambda client: client.flush(SECONDS), 0
        yield lambda client: client.close(SECONDS), 0


if __name__ == "__main__":
    unittest.main()
