"""What a collector tells those who run it."""

import asyncio
import io
import json
import re
import unittest
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar

from starlette.requests import Request

from segment_client.collector.access import Log, Record, Tally, shown_path
from segment_client.collector.metrics import metrics
from segment_client.collector.problem import Problem
from segment_client.collector.store import Store
from segment_client.collector.web.operating import Operating
from tests.collector.support import WRITE_KEY, CollectorCase, track

_LINE = re.compile(r'[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? [0-9.e+-]+')


class Metrics(CollectorCase):
    """`/metrics`, `/healthz` and `/readyz`."""

    def samples(self) -> dict[str, float]:
        """Return the samples by name and labels, of lines that are all well-formed."""
        answer = self.request("GET", "/metrics")
        self.assertEqual(answer.headers["content-type"], "text/plain; version=0.0.4; charset=utf-8")
        found = {}
        for line in answer.text.splitlines():
            if not line.startswith("# "):
                self.assertRegex(line, rf"^{_LINE.pattern}$")
                name, _, value = line.rpartition(" ")
                found[name.removeprefix("segment_collector_")] = float(value)
        return found

    def test_counts(self) -> None:
        """What was received is counted by what became of it, requests by purpose and status."""
        before = self.samples()
        self.post("/v1/batch", {"batch": [track("m1"), track("m1"), 5]})
        self.post("/v1/track", b"{")
        after = self.samples()
        self.assertEqual(after['calls_total{outcome="stored"}'], 1)
        self.assertEqual(after['calls_total{outcome="duplicates"}'], 1)
        self.assertEqual(after['calls_total{outcome="rejected"}'], 1)
        self.assertEqual(after['events_stored_total{type="track"}'], 1)
        for status in (200, 400):
            name = f'http_requests_total{{for="receive",status="{status}"}}'
            self.assertEqual(after[name], before.get(name, 0) + 1)
        self.assertGreater(after["store_bytes"], 0)
        total = after['http_request_duration_seconds_count{for="receive"}']
        self.assertEqual(after['http_request_duration_seconds_bucket{for="receive",le="+Inf"}'], total)

    def test_without_store(self) -> None:
        """Without a store only requests are counted."""
        self.assertNotIn("calls_total", metrics(None, 0, Tally()))

    def test_health(self) -> None:
        """It is up, and ready as the store can be written."""
        self.assertEqual(self.get("/healthz"), {"status": "ok"})
        self.assertEqual(self.get("/readyz"), {"status": "ready"})

    def test_not_ready(self) -> None:
        """It is not ready where the store cannot be written."""
        with TemporaryDirectory() as folder:
            store = Store(Path(folder, "db"))
            store.close()
            operating = Operating(store, Tally(), lambda _: None)
            with self.assertLogs("segment_client.collector"), self.assertRaises(Problem) as raised:
                asyncio.run(operating.ready(Request({"type": "http"})))
        self.assertEqual((raised.exception.status, raised.exception.code), (503, "not_ready"))

    def test_foreign_host(self) -> None:
        """Counts are shown under this machine's names alone."""
        answer = self.request("GET", "/metrics", headers={"Host": "evil.example"})
        self.assert_problem(answer, 421, "foreign_host")


class AccessLog(CollectorCase):
    """The access log."""

    records: ClassVar[list[Record]] = []
    options: ClassVar[dict[str, Any]] = {"write_key": WRITE_KEY, "access": records.append}

    def test_record(self) -> None:
        """A request is told with its path, status and sizes, and without key or value."""
        self.records.clear()
        self.post("/v1/track?writeKey=secret-key-1&x=private", track("m1", event="Secret"))
        self.request("GET", "/v1/projects/secret-key-1/settings")
        self.get("/api/stats")
        first, second, third = self.records
        self.assertEqual((first.method, first.path, first.status), ("POST", "/v1/track", 200))
        self.assertEqual((first.client, first.sent), ("127.0.0.1", len('{"success":true}')))
        self.assertGreater(first.received, 100)
        self.assertEqual((second.path, second.status), ("/v1/projects/[redacted]/settings", 200))
        self.assertEqual([each.kind for each in (first, second, third)], ["receive", "other", "read"])
        for text in ("secret-key-1", "private", "Secret"):
            self.assertNotIn(text, str(self.records))

    def test_paths(self) -> None:
        """A path cannot forge a line, nor be endless."""
        self.assertEqual(shown_path("/a\n127.0.0.1 GET /b"), "/a%0A127.0.0.1%20GET%20/b")
        self.assertEqual(len(shown_path("/" + "x" * 5000)), 200)


class Lines(unittest.TestCase):
    """The forms of the log."""

    def line(self, form: Any) -> str:
        """Return the line of a record."""
        out = io.StringIO()
        log = Log(out, form, lambda: datetime(2026, 1, 31, tzinfo=UTC))
        log(Record("127.0.0.1", "POST", "/v1/batch", 200, 512, 16, 0.0031))
        return out.getvalue()

    def test_plain(self) -> None:
        """A line of words."""
        said = "2026-01-31T00:00:00.000+00:00 127.0.0.1 POST /v1/batch 200 512>16 bytes 3.1 ms\n"
        self.assertEqual(self.line("plain"), said)

    def test_json(self) -> None:
        """A line of JSON."""
        told = json.loads(self.line("json"))
        self.assertEqual((told["path"], told["status"], told["duration_ms"]), ("/v1/batch", 200, 3.1))
