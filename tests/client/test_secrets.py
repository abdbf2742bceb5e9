"""No write key and no property value is in a log record, an exception or a repr."""

import gc
import tempfile
import unittest
from functools import partial
from types import FunctionType, ModuleType
from typing import Any

from segment_client import Delivered, Failure, SegmentClient
from segment_client.testing import Answer, FakeServer, ManualClock, Received
from tests.client.secrets import ECHO, KEY, VALUE, SecretsCase
from tests.client.support import ENTITY, ROOT, USER
from tests.delivery.support import SECONDS


def _same(answer: Answer, _: Received) -> Answer:
    return answer


class SecretsTest(SecretsCase):
    """Two sentinels, looked for on each failure path; those of a spool are in tests.delivery.spool."""

    def test_direct(self) -> None:
        """Whatever a server answers to a direct call, echoes of the secrets included."""
        failures: list[Failure] = []
        statuses = (200, 302, 400, 401, 404, 413, 429, 500)
        for answer in (*(Answer(status, body=ECHO) for status in statuses), Answer(fault="reset")):
            with FakeServer(answer) as server:
                client = SegmentClient(
                    KEY,
                    ENTITY,
                    "p",
                    server.url,
                    max_attempts=1,
                    clock=ManualClock(),
                    on_error=failures.append,
                )
                self.attempt(client)
                client.close()
        self.said += map(repr, failures)
        self.assertEqual(len(failures), 8)
        self.assert_silent()

    def test_background(self) -> None:
        """Any answer and none, a full queue, and callbacks that raise what they know, in the background."""
        failures: list[Failure] = []

        def tell(outcome: Failure | Delivered) -> None:
            if isinstance(outcome, Failure):
                failures.append(outcome)
            raise LookupError(KEY, VALUE)

        answers = [Answer(status, body=ECHO) for status in (200, 302, 400, 401, 413, 429, 500)]
        for answer in (*answers, Answer(fault="reset"), Answer(fault="close"), Answer(fault="hang")):
            with FakeServer(rule=partial(_same, answer)) as server:
                client = SegmentClient(
                    KEY,
                    ENTITY,
                    "p",
                    server.url,
                    delivery="background",
                    flush_interval=0,
                    max_queue=1,
                    max_attempts=1,
                    timeout=0.3,
                    on_delivered=tell,
                    on_error=tell,
                )
                for _ in range(3):
                    self.attempt(client)
                self.assertTrue(server.wait_for_requests(1))
                client.close(SECONDS)
        self.said += map(repr, failures)
        self.assertLessEqual(
            {"rejected", "too_large", "unauthorized", "rate_limited", "unreachable", "closed"},
            {failure.reason for failure in failures},
        )
        self.assert_silent()

    def test_reprs(self) -> None:
        """Whatever a client is made of and holds, a debugger or a log shows it without key and values."""
        folder = self.enterContext(tempfile.TemporaryDirectory())
        with FakeServer(rule=partial(_same, Answer(fault="hang"))) as server:
            modes: list[dict[str, Any]] = [{}, {"delivery": "background"}, {"spool": f"{folder}/events.db"}]
            for options in modes:
                client = SegmentClient(KEY, ENTITY, "p", server.url, proxies={"ftp": KEY}, **options)
                scope = client.bind(root_event_gid=ROOT, user_id=USER, context={"release": VALUE})
                if options:
                    scope.track(event_name="E", properties={"p": VALUE})
                ours = _ours(client, scope)
                self.assertGreater(len(ours), 5)
                self.said += map(repr, ours)
                client.close(0)
            self.said += map(repr, server.requests)
        self.assert_silent()

    def test_checks(self) -> None:
        """What the client refuses before anything is sent."""
        client = SegmentClient(KEY, ENTITY, "p", "http://127.0.0.1:9/v1", max_event_bytes=100)
        for wrong in ({}, {"bad": object()}, {"bad": {1, 2}}):
            self.attempt(client, **wrong)
        self.assert_silent()


def _ours(*roots: object) -> list[object]:
    """Return the objects of the library's own classes that can be reached from some objects."""
    seen: dict[int, object] = {}
    waiting = list(roots)
    while waiting:
        thing = waiting.pop()
        if id(thing) not in seen and not isinstance(thing, ModuleType | type):
            seen[id(thing)] = thing
            if isinstance(thing, FunctionType):
                waiting += thing.__closure__ or ()  # not its globals, by which all can be reached
            else:
                waiting += gc.get_referents(thing)
    return [thing for thing in seen.values() if type(thing).__module__.startswith("segment_client.")]


if __name__ == "__main__":
    unittest.main()
