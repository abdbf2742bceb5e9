"""A collector that writes to a sink: what it answers, what it keeps itself, and which addresses it takes."""

import json
import subprocess
import sys
import threading
import unittest
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import requests

from segment_client.collector import Collector
from segment_client.collector.sinking import find_sink
from segment_client.errors import InvalidValueError, SinkError
from segment_client.sinks import Event, Rejection, Unfit
from segment_client.sinks.address import parse_address
from segment_client.sinks.together import Together
from tests.collector.support import track

MISSING = """
import sys
sys.modules["{module}"] = None
from segment_client.cli import main
sys.exit(main(["collect", "--port", "0", "--sink", "{address}"]))
"""


class Memory:
    """A sink that keeps in memory; `down` confirms nothing, and events named "Huge" it can never hold."""

    def __init__(self) -> None:
        self.down = False
        self.events: list[str] = []
        self.rejected: list[tuple[Any, str]] = []

    def write(
        self, events: Sequence[Event], rejected: Sequence[Rejection], received_at: datetime
    ) -> Sequence[Unfit]:
        """Keep all but what is unfit."""
        if self.down:
            raise SinkError("the sink is down")
        self.events += [
            json.loads(event.body)["message_id"] for event in events if event.model.event != "Huge"
        ]
        self.rejected += [(call.errors, call.raw) for call in rejected]
        assert received_at.tzinfo is not None
        return [Unfit(at, "too large") for at, event in enumerate(events) if event.model.event == "Huge"]

    def close(self) -> None:
        """Nothing is open."""


class CollectingTest(unittest.TestCase):
    """What the collector does with a sink."""

    def setUp(self) -> None:
        """Make a sink, and a folder for files."""
        self.sink = Memory()
        folder = TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.db = Path(folder.name, "events.db")

    def collector(self, **options: Any) -> Collector:
        """Start a collector with the sink."""
        collector = Collector(sink=self.sink, **options)
        self.addCleanup(collector.close)
        return collector

    def post(self, collector: Collector, *calls: object) -> requests.Response:
        """Post calls as a batch."""
        return requests.post(f"{collector.url}/v1/batch", json={"batch": calls, "writeKey": "k"}, timeout=10)

    def test_kept(self) -> None:
        """Events and rejected calls are in the sink before the answer."""
        answer = self.post(self.collector(), track("m1"), {"type": "nonsense"}, track("m2"))
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(self.sink.events, ["m1", "m2"])
        self.assertEqual([json.loads(raw) for _, raw in self.sink.rejected], [{"type": "nonsense"}])
        self.assertTrue(self.sink.rejected[0][0])

    def test_down(self) -> None:
        """While the sink is down the sender is told to send again, and the collector's file has nothing."""
        collector = self.collector(db=self.db)
        self.sink.down = True
        with self.assertLogs("segment_client.collector", "ERROR"):
            answer = self.post(collector, track("m1"))
        self.assertEqual((answer.status_code, answer.json()["code"]), (503, "not_kept"))
        self.assertEqual(answer.headers["retry-after"], "5")
        self.assertEqual(requests.get(f"{collector.url}/api/stats", timeout=10).json()["stored"], 0)
        self.sink.down = False
        self.assertEqual(self.post(collector, track("m1")).status_code, 200)
        self.assertEqual(self.sink.events, ["m1"])

    def test_unfit(self) -> None:
        """What a sink can never hold is rejected with its reason, so that nobody sends it for ever."""
        collector = self.collector(db=self.db)
        self.assertEqual(self.post(collector, track("m1"), track("m2", event="Huge")).status_code, 200)
        answer = self.post(collector, track("m3", event="Huge"))
        self.assertEqual((answer.status_code, answer.json()["errors"][0]["message"]), (400, "too large"))
        self.assertEqual(self.sink.events, ["m1"])
        self.assertEqual([json.loads(raw)["messageId"] for _, raw in self.sink.rejected], ["m2", "m3"])
        rejected = requests.get(f"{collector.url}/api/rejected", timeout=10).json()["rejected"]
        self.assertEqual([call["errors"][0]["type"] for call in rejected], ["unfit", "unfit"])

    def test_keep(self) -> None:
        """How much is kept cannot be said where the collector keeps nothing itself."""
        with self.assertRaisesRegex(InvalidValueError, r"keep \(--keep\) .* name a db \(--db\)"):
            self.collector(keep=["7d"])
        self.collector(keep=["7d"], db=self.db)

    def test_stateless(self) -> None:
        """Without a db the collector keeps nothing itself, and what would read it says so."""
        collector = self.collector()
        self.post(collector, track("m1"))
        for path in ("/", "/api/events", "/api/stats", "/api/events/m1/call"):
            answer = requests.get(collector.url + path, timeout=10)
            self.assertEqual((answer.status_code, answer.json()["code"]), (404, "nothing_kept"))
        self.assertEqual(requests.get(f"{collector.url}/healthz", timeout=10).status_code, 200)

    def test_kept_beside(self) -> None:
        """With a db the page and the API have the events too."""
        collector = self.collector(db=self.db)
        self.post(collector, track("m1"))
        events = requests.get(f"{collector.url}/api/events", timeout=10).json()["events"]
        self.assertEqual([event["message_id"] for event in events], self.sink.events)


class AddressTest(unittest.TestCase):
    """Addresses of sinks."""

    def test_sqlite(self) -> None:
        """SQLite is the collector's own file, by its name alone or in the form of a URL."""
        self.assertEqual(find_sink("sqlite", "a.db"), (None, "a.db"))
        self.assertEqual(find_sink("sqlite", None), (None, None))
        for address, file in (
            ("sqlite:a.db", "a.db"),
            ("sqlite:///a.db", "a.db"),
            ("sqlite:/tmp/a.db", "/tmp/a.db"),  # noqa: S108  # no file is made
            ("sqlite:////tmp/a.db", "/tmp/a.db"),  # noqa: S108  # no file is made
        ):
            self.assertEqual(find_sink(address, None), (None, file))

    def test_refused(self) -> None:
        """What is no address is refused with the forms, and no secret is repeated."""
        for address in (
            "",
            "events",
            "mysql://u:sentinel@h/d",
            "kafka://h:1/t?a=sentinel&a=sentinel",
            "http://[",
        ):
            with self.subTest(address=address), self.assertRaises(InvalidValueError) as caught:
                find_sink(address, None)
            self.assertNotIn("sentinel", str(caught.exception))
        with self.assertRaisesRegex(InvalidValueError, "leave one out"):
            find_sink("sqlite:a.db", "b.db")
        with self.assertRaisesRegex(InvalidValueError, "sqlite:FILE"):
            find_sink("sqlite://a.db", None)

    def test_no_secret_shows(self) -> None:
        """Text and repr of an address are without user, password and parameters."""
        address = parse_address("clickhouse://sentinel:sentinel@h:8123/d?p=sentinel")
        self.assertEqual(str(address), "clickhouse://h:8123/d")
        self.assertNotIn("sentinel", repr(address))

    def test_missing(self) -> None:
        """Without an extra the command says what to install."""
        for module, address, extra in (
            ("confluent_kafka", "kafka://b:9092/events", "kafka"),
            ("clickhouse_connect", "clickhouse://h/d", "clickhouse"),
        ):
            program = MISSING.format(module=module, address=address)
            ended = subprocess.run(
                [sys.executable, "-c", program], capture_output=True, text=True, timeout=60
            )
            self.assertEqual(ended.returncode, 2, ended.stderr)
            self.assertIn(f'pip install "python-segment-client[{extra}]"', ended.stderr)


class TogetherTest(unittest.TestCase):
    """Writes of several threads, joined."""

    def test_joined(self) -> None:
        """What comes while a write is under way is written together after it."""
        groups: list[list[int]] = []
        first, gathered = threading.Event(), threading.Event()

        def write(items: Sequence[int]) -> None:
            groups.append(list(items))
            first.set()
            self.assertTrue(gathered.wait(10))

        together = Together(write)
        threads = [threading.Thread(target=together.add, args=([number],)) for number in range(5)]
        threads[0].start()
        self.assertTrue(first.wait(10))
        for thread in threads[1:]:
            thread.start()
        while together.waiting < 4:
            threads[1].join(0.001)
        gathered.set()
        for thread in threads:
            thread.join()
        self.assertEqual([sorted(group) for group in groups], [[0], [1, 2, 3, 4]])

    def test_error(self) -> None:
        """Each thread of a group raises what its write raised, and the next group is written."""
        fails = [True]

        def write(_: Sequence[int]) -> None:
            if fails.pop():
                raise SinkError("down")

        fails.insert(0, False)
        together = Together(write)
        with self.assertRaisesRegex(SinkError, "down"):
            together.add([1])
        together.add([2])


if __name__ == "__main__":
    unittest.main()
