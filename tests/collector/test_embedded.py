"""A collector's life in a program."""

import socket
import sqlite3
import threading
import unittest
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

import requests

from segment_client.collector import Collector
from segment_client.errors import InvalidValueError
from tests.collector.support import track

_ENTITY = UUID("5f0c7a1e-3f0b-4d3a-9a63-0d5a3f1f3f10")


def _send(collector: Collector, *message_ids: str) -> None:
    body = {"batch": [track(message_id) for message_id in message_ids], "writeKey": "WK"}
    requests.post(f"{collector.url}/v1/batch", json=body, timeout=10).raise_for_status()


def _stored(collector: Collector) -> list[str]:
    answer = requests.get(f"{collector.url}/api/events", timeout=10).json()
    return [event["message_id"] for event in reversed(answer["events"])]


class Life(unittest.TestCase):
    """Starting, stopping, and what stays."""

    def setUp(self) -> None:
        """Make a folder for the file."""
        folder = TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def test_restart(self) -> None:
        """A restart keeps all events, rejected calls and counts, and knows repeats of before."""
        db = self.folder / "events.sqlite"
        with Collector(db) as collector:
            _send(collector, "m1", "m2")
            requests.post(f"{collector.url}/v1/t", data=b"{}", headers={"X-Write-Key": "WK"}, timeout=10)
        with Collector(db) as collector:
            _send(collector, "m2", "m3")
            self.assertEqual(_stored(collector), ["m1", "m2", "m3"])
            stats = requests.get(f"{collector.url}/api/stats", timeout=10).json()
        self.assertEqual((stats["stored"], stats["duplicates"], stats["rejected"]), (3, 1, 1))

    def test_identity(self) -> None:
        """Calls that name no entity get the one given, and the partition."""
        with Collector(entity_gid=str(_ENTITY), partition="eu") as collector:
            _send(collector, "m1")
            event = requests.get(f"{collector.url}/api/events/m1", timeout=10).json()
        self.assertEqual((event["entity_gid"], event["partition"]), (str(_ENTITY), "eu"))

    def test_close(self) -> None:
        """After close the port is free, thread and events are gone, and closing again is no harm."""
        with Collector() as collector:
            self.assertIn("collector", [thread.name for thread in threading.enumerate()])
            port = int(collector.url.rpartition(":")[2])
        collector.close()
        self.assertNotIn("collector", [thread.name for thread in threading.enumerate()])
        with Collector(port=port) as again:
            self.assertEqual(_stored(again), [])

    def test_idle_connections(self) -> None:
        """An open, idle connection does not hold up the close."""
        with requests.Session() as session, Collector() as collector:
            session.get(f"{collector.url}/healthz", timeout=10)

    def test_port_in_use(self) -> None:
        """A port that another program listens on is an OSError."""
        with Collector() as collector, self.assertRaises(OSError):
            Collector(port=int(collector.url.rpartition(":")[2]))

    def test_ipv6(self) -> None:
        """The IPv6 loopback is a host like any other."""
        try:
            socket.create_server(("::1", 0), family=socket.AF_INET6).close()
        except OSError as error:
            self.skipTest(f"no IPv6 here: {error}")
        with Collector(host="::1") as collector:
            self.assertTrue(collector.url.startswith("http://[::1]:"))
            _send(collector, "m1")
            self.assertEqual(_stored(collector), ["m1"])

    def test_foreign_file(self) -> None:
        """A file of another program is refused and stays as it is."""
        text, database = self.folder / "text", self.folder / "other.sqlite"
        text.write_text("This is no database, but text of some length. " * 20)
        with sqlite3.connect(database) as connection:
            connection.execute("CREATE TABLE other (a)")
        connection.close()
        for path in (text, database):
            before = path.read_bytes()
            with self.assertRaises(InvalidValueError) as raised:
                Collector(path)
            self.assertIn(str(path), str(raised.exception))
            self.assertEqual(path.read_bytes()[100:], before[100:])

    def test_bad_arguments(self) -> None:
        """An entity that is no UUID, an empty partition and an empty write key are refused."""
        for key in ("", " "):
            with self.assertRaisesRegex(InvalidValueError, "write key is empty"):
                Collector(write_key=key)
        with self.assertRaises(InvalidValueError):
            Collector(entity_gid="nonsense")
        with self.assertRaises(InvalidValueError):
            Collector(partition="")


class Elsewhere(unittest.TestCase):
    """A host that others can reach."""

    def test_needs_a_key(self) -> None:
        """Without a write key only loopback is listened on."""
        for host in ("0.0.0.0", "::", "192.0.2.1", "example.com"):  # noqa: S104 - that it is refused is tested
            with self.assertRaises(InvalidValueError):
                Collector(host=host)

    def test_reading_needs_the_key(self) -> None:
        """There the reading API asks for the write key as well, the health check does not."""
        with Collector(host="0.0.0.0", write_key="WK") as collector:  # noqa: S104 - what it asks for is tested
            url = collector.url.replace("0.0.0.0", "127.0.0.1")  # noqa: S104 - the same
            for method, path in (
                ("GET", "/api/events"),
                ("DELETE", "/api/events"),
                ("GET", "/api/events/m1"),
                ("GET", "/api/events/m1/call"),
                ("GET", "/api/rejected"),
                ("GET", "/api/stats"),
            ):
                answer = requests.request(method, url + path, timeout=10)
                self.assertEqual((answer.status_code, answer.json()["code"]), (401, "unauthorized"))
                self.assertTrue(answer.headers["WWW-Authenticate"].startswith("Basic "))
                for asked in ({"auth": ("WK", "")}, {"params": {"writeKey": "WK"}}):
                    answer = requests.request(method, url + path, timeout=10, **asked)
                    self.assertIn(answer.status_code, (200, 404))
            self.assertEqual(requests.get(f"{url}/healthz", timeout=10).status_code, 200)
