"""No write key and no property value is in a log record, an exception or a repr."""

import logging
import traceback
import unittest
from functools import partial
from typing import Any

from segment_client import Failure, SegmentClient, SegmentError
from segment_client.testing import Answer, FakeServer, ManualClock, Received
from tests.client.support import ENTITY, ROOT, USER
from tests.delivery.support import SECONDS

KEY = "sentinel-write-key"
VALUE = "sentinel-property-value"
ECHO = f'{{"code": "{KEY}", "message": "{VALUE}"}}'.encode()


def _same(answer: Answer, _: Received) -> Answer:
    return answer


class SecretsTest(unittest.TestCase):
    """Two sentinels, looked for on each failure path."""

    def setUp(self) -> None:
        """Collect every log record of the library and of `requests`, at DEBUG."""
        self.said: list[str] = []
        handler = logging.Handler(logging.DEBUG)
        formatter = logging.Formatter()
        handler.emit = lambda record: self.said.append(formatter.format(record))  # type: ignore[method-assign]  # a sink
        for name in ("segment_client", "urllib3", "requests"):
            logger = logging.getLogger(name)
            before = logger.level
            logger.setLevel(logging.DEBUG)
            logger.addHandler(handler)
            self.addCleanup(logger.setLevel, before)
            self.addCleanup(logger.removeHandler, handler)

    def attempt(self, client: SegmentClient, **fields: Any) -> None:
        """Make a call, and note all that an exception would show."""
        try:
            self.said.append(repr(client.track(ROOT, "E", user_id=USER, properties={"p": VALUE, **fields})))
        except SegmentError as error:
            self.said += [repr(error), *traceback.format_exception(error)]
        self.said.append(repr(client) + repr(client.bind(user_id=USER)) + repr(client.stats()))

    def assert_silent(self) -> None:
        """Check that something was said, and no sentinel in it."""
        text = "\n".join(self.said)
        self.assertTrue(text)
        for sentinel in (KEY, VALUE):
            # a traceback quotes this file's own source lines; those name the constants, not their values
            self.assertNotIn(sentinel, text)

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
        """Refusals, exhausted attempts, a refused key and a full queue in the background."""
        failures: list[Failure] = []
        for answer in (Answer(400, body=ECHO), Answer(500, body=ECHO), Answer(401, body=ECHO)):
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
                    on_error=failures.append,
                )
                for _ in range(3):
                    self.attempt(client)
                self.assertTrue(server.wait_for_requests(1))
                client.close(SECONDS)
        self.said += map(repr, failures)
        self.assertTrue(failures)
        self.assert_silent()

    def test_checks(self) -> None:
        """What the client refuses before anything is sent."""
        client = SegmentClient(KEY, ENTITY, "p", "http://127.0.0.1:9/v1", max_event_bytes=100)
        for wrong in ({}, {"bad": object()}, {"bad": {1, 2}}):
            self.attempt(client, **wrong)
        self.assert_silent()


if __name__ == "__main__":
    unittest.main()
