"""The tap that the tests of the clients stand on."""

import gzip
import json
import unittest
from http.client import HTTPConnection

from segment_client.collector import Collector
from segment_client.testing import Answer, FakeServer
from tests.conformance.tap import Exchange, Tap


class TapTest(unittest.TestCase):
    """`Tap`."""

    def test_exchanges(self) -> None:
        """Requests of one connection are told apart: chunked, compressed, with and without a body."""
        calls = [{"type": "track", "event": "E", "userId": "u", "messageId": name} for name in ("m1", "m2")]
        batch = json.dumps({"batch": calls}).encode()
        with Collector(write_key="key") as collector, Tap(collector.url) as tap:
            connection = HTTPConnection(tap.url.removeprefix("http://"), timeout=10)
            self.addCleanup(connection.close)
            for method, body, key in (
                ("POST", iter([batch[:7], batch[7:]]), "key"),
                ("OPTIONS", None, "key"),
                ("POST", gzip.compress(batch, mtime=0), "key"),
                ("POST", batch, "wrong"),
            ):
                connection.request(method, "/v1/batch", body, {"X-Write-Key": key})
                connection.getresponse().read()
            found = tap.exchanges()
        expected = [("POST", batch, 200), ("OPTIONS", b"", 204), ("POST", batch, 200), ("POST", batch, 401)]
        self.assertEqual([(one.method, one.body, one.status) for one in found], expected)
        self.assertEqual(found[0].calls, calls)

    def test_unanswered(self) -> None:
        """A request that was not answered has the status 0, and its end is passed on."""
        with FakeServer(Answer(fault="close")) as server, Tap(server.url) as tap:
            connection = HTTPConnection(tap.url.removeprefix("http://"), timeout=10)
            self.addCleanup(connection.close)
            connection.request("POST", "/v1/track", b"{}")
            with self.assertRaises(ConnectionError):
                connection.getresponse()
            self.assertEqual(tap.exchanges(), [Exchange("POST", "/v1/track", b"{}", 0)])


if __name__ == "__main__":
    unittest.main()
