"""`/api/stream`: server-sent events."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import requests

from segment_client.collector import Collector
from tests.collector.support import CollectorCase, track


class Event:
    """One event of the stream."""

    def __init__(self, lines: list[str]) -> None:
        fields = dict(line.split(": ", 1) for line in lines)
        self.id = fields.get("id", "")
        self.name = fields.get("event", "")
        self.data: Any = json.loads(fields.get("data", "null"))


def read(answer: requests.Response) -> Iterator[Event]:
    """Yield the events of an open stream."""
    lines: list[str] = []
    for line in answer.iter_lines(chunk_size=1, decode_unicode=True):
        if line and not line.startswith((":", "retry")):
            lines.append(line)
        elif lines:
            yield Event(lines)
            lines = []


class Streaming(CollectorCase):
    """What is sent, and from where on."""

    @contextmanager
    def stream(
        self, query: str = "", last: str | None = None, collector: Collector | None = None
    ) -> Iterator[Iterator[Event]]:
        """Open a stream; `last` is the id of the last event that was seen."""
        headers = {"Last-Event-ID": last} if last else {}
        url = f"{(collector or self.collector).url}/api/stream?{query}"
        with requests.get(url, headers=headers, stream=True, timeout=10) as answer:
            self.assertEqual(answer.headers["Content-Type"], "text/event-stream; charset=utf-8")
            yield read(answer)

    def until(self, events: Iterator[Event], name: str) -> list[Event]:
        """Return the events before the first of a name."""
        got: list[Event] = []
        while (event := next(events)).name != name:
            got.append(event)
        return got

    def test_head(self) -> None:
        """HEAD is answered and ends, and the connection is free for what follows."""
        with requests.Session() as session:
            for path in ("/api/stream", "/healthz"):
                answer = session.head(f"{self.collector.url}{path}", timeout=10)
                self.assertEqual((answer.status_code, answer.content), (200, b""))

    def test_live(self) -> None:
        """A call that is posted, good or rejected, arrives as a row, then the counts."""
        with self.stream() as events:
            self.post("/v1/track", track("m1"))
            (first,) = self.until(events, "counts")
            self.assertEqual((first.name, first.data["message_id"]), ("call", "m1"))
            self.post("/v1/track", track("m2", properties=5))
            (second,) = self.until(events, "counts")
            self.assertEqual((second.data["accepted"], second.data["message_id"]), (False, "m2"))

    def test_repeat(self) -> None:
        """A repeat sends the row of the first again, with the number of its repeats."""
        self.post("/v1/track", track("m1"))
        with self.stream() as events:
            self.post("/v1/track", track("m1"))
            (row,) = self.until(events, "counts")
            self.assertEqual((row.data["message_id"], row.data["repeats"]), ("m1", 1))

    def test_resume(self) -> None:
        """Who comes back with the id of the last event gets all that changed since, once and in order."""
        with self.stream() as events:
            self.post("/v1/batch", {"batch": [track("m1"), track("m2")]})
            last = self.until(events, "counts")[-1]
        self.post("/v1/batch", {"batch": [track("m3"), track("m1"), track("m4"), 5]})
        with self.stream(last=last.id) as events:
            rows = [event.data["message_id"] for event in self.until(events, "counts")]
        self.assertEqual(rows, ["m3", "m1", "m4", None])

    def test_from_list(self) -> None:
        """The list's `last` is where the stream goes on."""
        self.post("/v1/track", track("m1"))
        last = self.get("/api/calls")["last"]
        self.post("/v1/track", track("m2"))
        with self.stream(f"from={last}") as events:
            self.assertEqual([row.data["message_id"] for row in self.until(events, "counts")], ["m2"])

    def test_search(self) -> None:
        """A search narrows the rows; the counts come all the same."""
        with self.stream("q=user:ada") as events:
            self.post("/v1/batch", {"batch": [track("m1"), track("m2", userId="ada"), track("m3")]})
            self.assertEqual([row.data["message_id"] for row in self.until(events, "counts")], ["m2"])

    def test_cleared(self) -> None:
        """Clearing is told, also to who comes back later."""
        self.post("/v1/track", track("m1"))
        last = self.get("/api/calls")["last"]
        with self.stream() as events:
            self.request("DELETE", "/api/events")
            self.assertEqual(self.until(events, "cleared"), [])
        self.post("/v1/track", track("m2"))
        with self.stream(f"from={last}") as events:
            self.assertEqual(self.until(events, "cleared"), [])
            self.assertEqual([row.data["message_id"] for row in self.until(events, "counts")], ["m2"])

    def test_expired(self) -> None:
        """What is not kept any more is told by the number of the oldest that is, also to who comes later."""
        with Collector(keep=["2"]) as collector, self.stream(collector=collector) as events:
            for number in range(5):
                call = {**track(f"m{number}"), "writeKey": "k"}
                requests.post(f"{collector.url}/v1/track", json=call, timeout=10).raise_for_status()
            while (event := next(events)).name != "expired" or event.data["first"] < 4:
                self.assertIn(event.name, ("call", "counts", "expired"))
            self.assertEqual(event.data, {"first": 4})
            last = requests.get(f"{collector.url}/api/calls", timeout=10).json()["last"]
            with self.stream(f"from={last}", collector=collector) as later:
                self.assertEqual(next(later).data, {"first": 4})

    def test_gap(self) -> None:
        """Who missed too much, or comes with another store's id, is told to read again."""
        last = self.get("/api/calls")["last"]
        epoch, number = last.split("-")
        self.post("/v1/batch", {"batch": [track(f"m{index}") for index in range(501)]})
        for start in (last, f"{int(epoch) + 1}-{number}", "x", f"{epoch}-{10**12}"):
            with self.subTest(start=start), self.stream(f"from={start}") as events:
                self.assertEqual(self.until(events, "gap"), [])
                self.assertEqual(self.until(events, "counts"), [])
