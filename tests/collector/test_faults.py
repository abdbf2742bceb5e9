"""Faults on purpose."""

import json
import socket
import time
import unittest
from typing import ClassVar

import requests

from segment_client.collector import Collector
from segment_client.collector.faults import Fault, Faults, read_fault
from segment_client.errors import InvalidValueError
from tests.collector.support import WRITE_KEY, CollectorCase, track


class Texts(unittest.TestCase):
    """Faults as an option says them."""

    def test_read(self) -> None:
        """A status, a latency, a reset or a lost answer, each with how often it comes."""
        self.assertEqual(read_fault("500:10%"), Fault("status", 500, 0.1))
        self.assertEqual(read_fault("429"), Fault("status", 429, 1))
        self.assertEqual(read_fault("latency=2s"), Fault("latency", 2, 1))
        self.assertEqual(read_fault("latency=1.5ms:0.5%"), Fault("latency", 0.0015, 0.005))
        self.assertEqual(read_fault("reset:5%"), Fault("reset", 0, 0.05))
        self.assertEqual(read_fault("lost"), Fault("lost", 0, 1))

    def test_wrong(self) -> None:
        """Anything else is refused with what to write."""
        for text in (
            "",
            "200",
            "600",
            "500:101%",
            "500:",
            "latency",
            "latency=2",
            "latency=400s",
            "reset=1",
            "500:x%",
        ):
            with self.subTest(text=text), self.assertRaisesRegex(InvalidValueError, "write a status"):
                read_fault(text)

    def test_draw(self) -> None:
        """Each comes as often as it says, delays beside one of the others."""
        faults = Faults([read_fault("latency=1ms"), read_fault("500:10%"), read_fault("429:50%")], seed=1)
        drawn = [[fault.value for fault in faults.draw()] for _ in range(2000)]
        self.assertTrue(all(each[0] == 0.001 and len(each) <= 2 for each in drawn))
        self.assertAlmostEqual(sum(500 in each for each in drawn) / 2000, 0.1, delta=0.03)
        self.assertAlmostEqual(sum(429 in each for each in drawn) / 2000, 0.45, delta=0.05)


class Served(CollectorCase):
    """A collector that fails."""

    options: ClassVar = {"write_key": WRITE_KEY, "faults": ["429"]}

    def failing(self, *faults: str) -> Collector:
        """Return a collector with faults."""
        return self.enterContext(Collector(write_key=WRITE_KEY, faults=faults))

    def send(self, collector: Collector) -> requests.Response:
        """Send an event, on a connection of its own."""
        headers = {"X-Write-Key": WRITE_KEY}
        return requests.post(f"{collector.url}/v1/track", json=track("m1"), headers=headers, timeout=10)

    def assert_reset(self, collector: Collector) -> None:
        """Send an event in one piece, and check that the connection is reset."""
        body = json.dumps(track("m1"))
        head = (
            f"POST /v1/track HTTP/1.1\r\nHost: x\r\nX-Write-Key: {WRITE_KEY}\r\nContent-Length: {len(body)}"
        )
        port = int(collector.url.rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
            connection.sendall(f"{head}\r\n\r\n{body}".encode())
            with self.assertRaises(ConnectionResetError):
                connection.recv(1)

    def test_status(self) -> None:
        """A status is answered in the common form, and says when to come again; nothing is stored."""
        answer = self.post("/v1/track", track("m1"))
        self.assert_problem(answer, 429, "fault")
        self.assertEqual(answer.headers["retry-after"], "1")
        self.assertEqual(self.message_ids(), [])

    def test_reading(self) -> None:
        """What is read, and a preflight, meet no fault."""
        self.assertEqual(self.request("OPTIONS", "/v1/track").status_code, 204)
        self.assertEqual(self.request("GET", "/healthz").status_code, 200)

    def test_reset(self) -> None:
        """A reset ends the connection before anything is stored."""
        collector = self.failing("reset")
        self.assert_reset(collector)
        self.assertEqual(requests.get(f"{collector.url}/api/stats", timeout=10).json()["received"], 0)

    def test_lost(self) -> None:
        """A lost answer is of an event that is stored."""
        collector = self.failing("lost")
        self.assert_reset(collector)
        self.assertEqual(requests.get(f"{collector.url}/api/stats", timeout=10).json()["stored"], 1)

    def test_latency(self) -> None:
        """A latency is waited for, and then all is as ever."""
        collector = self.failing("latency=50ms")
        began = time.monotonic()
        self.assertEqual(self.send(collector).status_code, 200)
        self.assertGreaterEqual(time.monotonic() - began, 0.05)
