"""Two sentinels, a write key and a property's value, and what must not say them."""

import logging
import traceback
import unittest
from typing import Any

from segment_client import SegmentClient, SegmentError
from tests.client.support import ROOT, USER

__all__ = ["ECHO", "KEY", "VALUE", "SecretsCase"]

KEY = "sentinel-write-key"
VALUE = "sentinel-property-value"
ECHO = f'{{"code": "{KEY}", "message": "{VALUE}"}}'.encode()


class SecretsCase(unittest.TestCase):
    """A test that collects whatever is said."""

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
