"""The errors as values: they cross to another process, as those of a pool's workers do."""

import copy
import pickle
import unittest

from segment_client import DecodeError, DeliveryError, InvalidTypeError, InvalidValueError, SegmentError

KINDS: list[type[DeliveryError]] = [DeliveryError, *DeliveryError.__subclasses__()]
ERRORS: list[SegmentError] = [
    DecodeError([{"loc": ("context", 0), "msg": "must be text", "type": "no_text"}]),
    *(
        kind("no answer", status_code=503, attempts=4, message_id="m1", server_message="busy")
        for kind in KINDS
    ),
    SegmentError("the client is closed"),
    InvalidValueError("pass text"),
    InvalidTypeError("pass text"),
]


class ErrorsTest(unittest.TestCase):
    """Copies of errors."""

    def test_copies(self) -> None:
        """An error that is pickled or copied has its kind, its text and all that it tells beside it."""
        self.assertGreater(len(KINDS), 8)
        for error in ERRORS:
            pickled = pickle.loads(pickle.dumps(error))  # noqa: S301  # its own bytes
            for twin in (pickled, copy.copy(error), copy.deepcopy(error)):
                with self.subTest(error=type(error).__name__):
                    self.assertIs(type(twin), type(error))
                    self.assertEqual((str(twin), vars(twin)), (str(error), vars(error)))


if __name__ == "__main__":
    unittest.main()
