"""Which calls go a short way, and from when on."""

import sys
import unittest
from collections.abc import Mapping
from typing import Any

from tests.client.support import recording_client
from tests.client.test_shapes import CALL, OFTEN


class ShapesTest(unittest.TestCase):
    """What is learned, and what is not."""

    def setUp(self) -> None:
        """Make a client."""
        self.client, self.sent = recording_client()

    def goes_short(self, call: Mapping[str, Any]) -> bool:
        """Make a call, and say whether a shape encoded it: then its context comes before its type."""
        self.client.track(**call)
        keys = list(self.sent.events[-1])
        return keys.index("context") < keys.index("type")

    def test_often(self) -> None:
        """A shape is learned where it comes often, and gone by from then on."""
        self.assertFalse(self.goes_short(CALL))
        went = [self.goes_short({**CALL, "user_id": str(number)}) for number in range(OFTEN)]
        self.assertTrue(went[-1])

    def test_aside(self) -> None:
        """A shape is learned in a thread of its own, in which no signal handler can raise."""
        called = set[str]()
        sys.setprofile(lambda frame, _event, _argument: called.add(frame.f_code.co_name))
        try:
            went = [self.goes_short(CALL) for _ in range(OFTEN)]
        finally:
            sys.setprofile(None)
        self.assertTrue(went[-1])
        self.assertIn("meet", called)
        self.assertNotIn("learn", called)

    def test_odd(self) -> None:
        """A call that cannot go the short way lets the next ones go the whole way, for a while."""
        call = {**CALL, "context": {"locale": "en"}}
        odd = {**CALL, "context": {"locale": None}}
        self.assertEqual(
            [self.goes_short(each) for each in [call] * OFTEN + [odd, call]][-3:], [True, False, False]
        )
        self.assertTrue([self.goes_short(call) for _ in range(OFTEN)][-1])

    def test_made_up(self) -> None:
        """Names that are made up keep no other shape from being learned."""
        for number in range(1_000):
            self.client.track(**CALL, context={f"key {number}": 1})
        self.assertTrue([self.goes_short(CALL) for _ in range(OFTEN)][-1])

    def test_whole(self) -> None:
        """Where an event may be changed, or is of another format, each goes the whole way."""
        for options in (
            {"wire": "semantic"},
            {"before_send": lambda event: event},
        ):
            self.client, self.sent = recording_client(**options)
            self.assertFalse(any(self.goes_short(CALL) for _ in range(OFTEN)), options)


if __name__ == "__main__":
    unittest.main()
