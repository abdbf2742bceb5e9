"""A collector that writes to ClickHouse: its own engine, behind a server for its HTTP interface."""

import json
import tempfile
import unittest
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from semantic_events import SemanticEvent, from_row

from segment_client.collector import Collector
from segment_client.collector.sinking import find_sink
from segment_client.errors import InvalidValueError, SinkError
from tests.collector.support import track
from tests.commands import run_command
from tests.warehouse.clickhouse import ClickHouse
from tests.warehouse.events import DOCUMENTS, normal

ENTITY = UUID("7b0c7a52-5a55-4a6e-9d2c-3d6c3c0f1a11")
NOW = datetime(2026, 1, 31, 9, 30, 0, 123_456, tzinfo=UTC)


@dataclass(frozen=True)
class Received:
    """An event as the collector gives it to a sink."""

    model: SemanticEvent
    body: str = "{}"


def post(collector: Collector, *calls: object) -> requests.Response:
    """Post calls as a batch."""
    return requests.post(f"{collector.url}/v1/batch", json={"batch": calls, "writeKey": "k"}, timeout=90)


class ClickHouseSinkTest(unittest.TestCase):
    """`--sink clickhouse://...`."""

    server: ClassVar[ClickHouse]

    @classmethod
    def setUpClass(cls) -> None:
        """Start the server."""
        cls.server = cls.enterClassContext(ClickHouse())

    def setUp(self) -> None:
        """Empty the tables."""
        self.server.empty()

    def collector(self, parameters: str = "") -> Collector:
        """Start a collector that writes there."""
        address = f"{self.server.address}{parameters or '?timeout=60'}"
        collector = Collector(sink=address, entity_gid=ENTITY)
        self.addCleanup(collector.close)
        return collector

    def until_kept(self, collector: Collector, message_id: str) -> None:
        """Send a call again until it is kept, as clients do."""
        while post(collector, track(message_id)).status_code != 200:
            pass

    def ids(self) -> list[str]:
        """Return the message ids of all rows."""
        rows = self.server.run("SELECT message_id FROM semantic_events ORDER BY message_id")
        return [row["message_id"] for row in rows]

    @settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(DOCUMENTS, min_size=1, max_size=6, unique_by=lambda document: document["event_gid"]))
    def test_equal(self, documents: list[dict[str, Any]]) -> None:
        """What is selected is what was written, in the normal form, over the whole schema."""
        self.server.empty()
        events = [Received(SemanticEvent.model_validate(document)) for document in documents]
        sink, _ = find_sink(f"{self.server.address}?linger=0.001&timeout=60", None)
        assert sink is not None
        self.assertEqual(sink.write(events, [], NOW), [])
        sink.close()
        found = {row["event_gid"]: from_row(row) for row in self.server.run("SELECT * FROM semantic_events")}
        expected = {event.event_gid: event for event in map(normal, documents)}
        self.assertEqual(found, expected)

    def test_collected(self) -> None:
        """Events are in the table before the answer, rejected calls in theirs, with errors and the call."""
        collector = self.collector()
        self.assertEqual(post(collector, track("m1"), {"type": "nonsense"}, track("m2")).status_code, 200)
        self.assertEqual(self.ids(), ["m1", "m2"])
        (rejected,) = self.server.run("SELECT * FROM semantic_events_rejected")
        self.assertEqual(json.loads(rejected["raw"]), {"type": "nonsense"})
        self.assertEqual(rejected["errors.path"][0], "type")
        self.assertTrue(rejected["errors.message"][0] and rejected["errors.type"][0])

    def test_joined(self) -> None:
        """Requests that come at the same time share inserts."""
        collector = self.collector("?linger=0.3&timeout=60")
        with ThreadPoolExecutor(16) as pool:
            answers = list(pool.map(lambda number: post(collector, track(f"m{number:02}")), range(16)))
        self.assertEqual({answer.status_code for answer in answers}, {200})
        self.assertEqual(self.ids(), [f"m{number:02}" for number in range(16)])
        (parts,) = self.server.run(
            "SELECT count() AS number FROM system.parts WHERE table = 'semantic_events' AND level = 0"
        )
        self.assertLess(parts["number"], 16)

    def test_lost_answer(self) -> None:
        """An insert whose answer was lost is tried again, and is there once."""
        collector = self.collector()
        post(collector, track("m0"))  # the client asks the server about itself first
        self.server.lose_an_answer()
        self.assertEqual(post(collector, track("m1"), track("m2")).status_code, 200)
        self.assertEqual(self.ids(), ["m0", "m1", "m2"])

    def test_down(self) -> None:
        """While the server is down the sender is told to send again; then it goes on by itself."""
        collector = self.collector("?timeout=0.6")
        self.until_kept(collector, "m1")
        self.server.end()
        with self.assertLogs("segment_client", "ERROR"):
            answer = post(collector, track("m2"))
        self.assertEqual((answer.status_code, answer.json()["code"]), (503, "not_kept"))
        self.server.start()
        self.until_kept(collector, "m2")
        self.assertEqual(self.ids(), ["m1", "m2"])

    def test_hang(self) -> None:
        """While the server hangs the sender is told to send again, in time, and nothing is there twice."""
        collector = self.collector("?timeout=1")
        self.until_kept(collector, "m1")
        self.server.hang()
        try:
            with self.assertLogs("segment_client", "ERROR"):
                self.assertEqual(post(collector, track("m2")).status_code, 503)
        finally:
            self.server.go_on()
        self.until_kept(collector, "m2")
        self.assertEqual(self.ids(), ["m1", "m2"])

    def test_unfit(self) -> None:
        """An event that a column cannot hold is rejected with the column's name, and the others are kept."""
        collector = self.collector()
        old = track("m2", timestamp="1815-12-10T00:00:00Z")
        self.assertEqual(post(collector, track("m1"), old).status_code, 200)
        self.assertEqual(self.ids(), ["m1"])
        (rejected,) = self.server.run("SELECT * FROM semantic_events_rejected")
        self.assertIn("timestamp", rejected["errors.message"][0])
        self.assertEqual(rejected["errors.type"], ["unfit"])

    def test_many_months(self) -> None:
        """Events of more months than ClickHouse takes in an insert by itself are kept all the same."""
        calls = [
            track(f"m{at:03}", timestamp=f"{2010 + at // 12}-{at % 12 + 1:02}-01T00:00:00Z")
            for at in range(120)
        ]
        self.assertEqual(post(self.collector(), *calls).status_code, 200)
        self.assertEqual(self.ids(), [f"m{at:03}" for at in range(120)])

    def test_no_table(self) -> None:
        """Without the generated tables the log says what is missing, and not the events."""
        sink, _ = find_sink(f"{self.server.address}?table=nothing&timeout=0.3", None)
        assert sink is not None
        event = SemanticEvent(
            type="track", event="E", message_id="m",
            entity_gid=ENTITY, event_gid=ENTITY, root_event_gid=ENTITY,
            partition="p", timestamp=NOW, user_id="sentinel",
        )  # fmt: skip
        with self.assertRaisesRegex(SinkError, "generated tables") as caught:
            sink.write([Received(event)], [], NOW)
        self.assertNotIn("sentinel", str(caught.exception))
        sink.close()

    def test_load(self) -> None:
        """`segment-client load` writes an archive there, and again adds nothing."""
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "a.jsonl")
            file.write_text("".join(json.dumps(track(f"m{number:04}")) + "\n" for number in range(2500)))
            words = (
                "load",
                str(file),
                "--sink",
                f"{self.server.address}?timeout=60",
                "--entity-gid",
                str(ENTITY),
            )
            done = run_command(*words)
            self.assertEqual((done.code, done.out), (0, "2500 events loaded, 0 calls rejected\n"), done.error)
            self.assertEqual(run_command(*words).code, 0)
        self.assertEqual(len(self.ids()), 2500)

    def test_addresses(self) -> None:
        """Addresses that cannot be used are refused, without secrets."""
        for address in (
            "clickhouse:///d", "clickhouse://h", "clickhouse://h:port/d", "clickhouse://h/d?timeout=0",
            "clickhouse://h/d?sentinel_=sentinel", "clickhouse://u:sentinel@h:99999/d",
        ):  # fmt: skip
            with self.subTest(address=address), self.assertRaises(InvalidValueError) as caught:
                find_sink(address, None)
            self.assertNotIn("sentinel@", str(caught.exception))
            self.assertNotIn("=sentinel", str(caught.exception))


if __name__ == "__main__":
    unittest.main()
