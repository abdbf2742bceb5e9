"""What the address of a sink says of it."""

import unittest

from segment_client.errors import InvalidValueError
from segment_client.sinks.address import parse_address
from segment_client.sinks.inserts import server_at
from segment_client.sinks.parameters import read_seconds


class ParametersTest(unittest.TestCase):
    """Parameters, user, password and database."""

    def test_seconds(self) -> None:
        """Seconds are a number above 0, and not more than a day: no wait is too long for the system."""
        for text, seconds in (("0.5", 0.5), ("1e3", 1000.0), ("86400", 86400.0)):
            self.assertEqual(read_seconds({"timeout": text}, "timeout", 8.0), seconds)
        self.assertEqual(read_seconds({}, "timeout", 8.0), 8.0)
        for text in ("", "soon", "0", "-1", "nan", "inf", "1e300", "86401"):
            with self.subTest(text), self.assertRaisesRegex(InvalidValueError, "timeout is no number of sec"):
                read_seconds({"timeout": text}, "timeout", 8.0)

    def test_names_of_any_kind(self) -> None:
        """What a URL can say only in percent signs is read so."""
        server = server_at(parse_address("clickhouse://us%C3%A9r:p%40ss%2F%25@h:1/my%20events"))
        self.assertEqual((server.user, server.password, server.database), ("usér", "p@ss/%", "my events"))
        self.assertEqual((server.host, server.port, server.secure), ("h", 1, False))


if __name__ == "__main__":
    unittest.main()
