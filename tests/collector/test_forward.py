"""Passing accepted events on to another server."""

import json
import socket
import threading
import unittest
from base64 import b64encode
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import requests

from segment_client import InvalidValueError
from segment_client.collector import Collector
from segment_client.collector.auth import Authenticator
from segment_client.collector.forward import Forwarder
from segment_client.collector.head import Head
from segment_client.collector.paths import Target
from segment_client.collector.problem import Problem
from segment_client.collector.receive import Receiver
from segment_client.collector.store import Store
from segment_client.testing import Answer, FakeServer
from tests.collector.support import track
from tests.commands import start_command

KEY = "there-key-0123456789"
HEAD = Head("POST", "/v1/batch", ())
EVENT = {
    "type": "page", "event": "Page Viewed", "user_id": "u", "message_id": "m9", "partition": "p",
    "entity_gid": "0b3f8f4e-6a58-4b0e-9c1e-1f3d2a7c5e90", "timestamp": "2026-01-31T09:30:00Z",
    "event_gid": "0b3f8f4e-6a58-4b0e-9c1e-1f3d2a7c5e91",
    "root_event_gid": "0b3f8f4e-6a58-4b0e-9c1e-1f3d2a7c5e92",
}  # fmt: skip


def post(collector: Collector, path: str, body: object) -> requests.Response:
    """Post as a client with a key of its own does."""
    return requests.post(f"{collector.url}{path}", json=body, headers={"X-Write-Key": "here"}, timeout=10)


def without(value: dict[str, Any], *names: str) -> dict[str, Any]:
    """Return an object without some of its keys."""
    return {name: item for name, item in value.items() if name not in names}


def join_all_but(those: Sequence[threading.Thread]) -> None:
    """Wait until other threads than those have ended."""
    for thread in threading.enumerate():
        if thread not in those:
            thread.join(10)


class ForwardTest(unittest.TestCase):
    """`Collector(forward=...)`."""

    def setUp(self) -> None:
        """Make a folder for the files."""
        self.db = Path(self.enterContext(TemporaryDirectory()), "events.sqlite")

    def collector(self, url: str) -> Collector:
        """Return a collector that passes on to a server; it is to be closed."""
        return Collector(self.db, forward=url, forward_key=KEY)

    def test_calls_go_on_as_they_came(self) -> None:
        """What is accepted arrives with all that it came with; what is rejected does not."""
        odd = track("m1", properties={"n": 350, "none": None, "list": [1]}, channel="server", sentAt=None)
        batch = {"batch": [odd, track("m2", userId=None), track("m3", properties=5)], "writeKey": "here"}
        with Collector(write_key=KEY) as there, self.collector(there.url) as here:
            self.assertEqual(post(here, "/v1/batch", batch).status_code, 200)
            self.assertEqual(post(here, "/v1/event", EVENT).status_code, 200)
            here.close()
            calls = requests.get(f"{there.url}/api/calls", timeout=10).json()["calls"]
            kept = {
                row["message_id"]: requests.get(f"{there.url}/api/calls/{row['seq']}", timeout=10).json()
                for row in calls
            }
        self.assertEqual(set(kept), {"m1", "m9"})
        self.assertEqual(kept["m1"]["raw"], without(odd, "sentAt"))
        event = without(kept["m9"]["event"], "received_at")
        self.assertEqual({name: event[name] for name in EVENT}, EVENT)

    def test_ids_and_times_are_those_stored(self) -> None:
        """A call without a message id and a time goes on with those that it was stored with."""
        with FakeServer() as there, self.collector(there.url) as here:
            post(here, "/v1/track", without(track("m"), "messageId", "timestamp"))
            (event,) = requests.get(f"{here.url}/api/events", timeout=10).json()["events"]
            self.assertTrue(there.wait_for_requests(1))
            (call,) = there.events
        self.assertEqual((call["messageId"], call["timestamp"]), (event["message_id"], event["timestamp"]))

    def test_plain_http(self) -> None:
        """Events go on by plain http to another machine where that is allowed: here over a proxy."""
        with FakeServer() as proxy:
            words = ["segment-client", "collect", "--port", "0", "--db", self.db.name, "--allow-http"]
            variables = {
                "SEGMENT_WRITE_KEY": KEY,
                "http_proxy": proxy.url.removesuffix("/v1"),
                "no_proxy": "",
            }
            command = [*words, "--forward", "http://events.test"]
            with start_command(command, self.db.parent, variables) as process:
                assert process.stdout is not None
                url = process.stdout.readline().split()[-1]
                body = track("m1", writeKey="here")
                self.assertEqual(requests.post(f"{url}/v1/track", json=body, timeout=10).status_code, 200)
                self.assertTrue(proxy.wait_for_requests(1))
                process.terminate()
                process.communicate(timeout=30)
        (request,) = proxy.requests
        self.assertEqual(request.path, "http://events.test/v1/batch")

    def test_nothing_is_lost_in_a_crash(self) -> None:
        """What was taken while the other server was away is sent by the next collector of the file."""
        back = threading.Event()
        with FakeServer(rule=lambda _: Answer(200 if back.is_set() else 503)) as there:
            words = ["segment-client", "collect", "--port", "0", "--db", self.db.name, "--forward", there.url]
            with start_command(words, self.db.parent, {"SEGMENT_WRITE_KEY": KEY}) as process:
                assert process.stdout is not None
                url = process.stdout.readline().split()[-1]
                body = {"batch": [track(f"m{number}") for number in range(3)], "writeKey": "here"}
                self.assertEqual(requests.post(f"{url}/v1/batch", json=body, timeout=10).status_code, 200)
                self.assertTrue(there.wait_for_requests(1))
                process.kill()
                process.communicate(timeout=30)
            before = len(there.requests)
            back.set()
            with self.collector(there.url):
                self.assertTrue(there.wait_for_requests(before + 1))
            (request,) = there.requests[before:]
        self.assertEqual([event["messageId"] for event in request.events], ["m0", "m1", "m2"])

    def test_key(self) -> None:
        """The events go on with the other server's key, which is in no file, and not with the sender's."""
        with FakeServer() as there, self.collector(there.url) as here:
            post(here, "/v1/track", track("m1", writeKey="sender-key-0123"))
            self.assertTrue(there.wait_for_requests(1))
        (request,) = there.requests
        self.assertEqual(request.headers["authorization"], f"Basic {b64encode(f'{KEY}:'.encode()).decode()}")
        self.assertNotIn(b"sender-key", request.body)
        for file in self.db.parent.iterdir():
            self.assertNotIn(KEY.encode(), file.read_bytes())

    def test_a_full_spool_is_told(self) -> None:
        """What is stored, but has no room to wait in, is answered so that the client sends it again."""
        calls = [track(f"m{number}", properties={"text": "x" * 20_000}) for number in range(10)]
        self.addCleanup(join_all_but, threading.enumerate())  # the last of them may still give events back
        with FakeServer(rule=lambda _: Answer(503)) as away, closing(Store(self.db)) as store:
            forwarder = Forwarder(away.url, KEY, self.db, 1, max_bytes=65_536)
            self.addCleanup(forwarder.close, 0)
            receiver = Receiver(store, Authenticator(None), None, "p", lambda: datetime.now(UTC), forwarder)
            with self.assertLogs("segment_client", "ERROR") as logs, self.assertRaises(Problem) as caught:
                receiver.receive(Target("batch"), json.dumps({"batch": calls}).encode(), "here", HEAD)
            self.assertEqual(store.find.counts()["stored"], 10)
        self.assertEqual((caught.exception.status, caught.exception.code), (503, "not_forwarded"))
        self.assertNotIn(KEY, "".join(logs.output))

    def test_unusable(self) -> None:
        """What cannot work is refused with what to do, and leaves nothing open."""
        with FakeServer() as there, socket.create_server(("127.0.0.1", 0)) as other:
            port = other.getsockname()[1]
            other.close()
            cases: list[tuple[dict[str, Any], str]] = [
                ({"forward": there.url, "forward_key": KEY}, r"needs a db \(--db\)"),
                ({"db": self.db, "forward": there.url}, r"pass it as forward_key \(--forward-key\)"),
                ({"db": self.db, "forward": "", "forward_key": KEY}, "endpoint is empty"),
                (
                    {"db": self.db, "forward": "http://a.test", "forward_key": KEY},
                    r"to a.test: pass https://, or allow_http=True \(--allow-http\)$",
                ),
                (
                    {"db": self.db, "forward": f"localhost:{port}", "forward_key": KEY, "port": port},
                    "own address",
                ),
            ]
            for options, words in cases:
                with self.subTest(words=words), self.assertRaisesRegex(InvalidValueError, words):
                    Collector(**options)
            Collector(self.db, port=port).close()


if __name__ == "__main__":
    unittest.main()
