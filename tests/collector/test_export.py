"""`/api/export`."""

import json

from tests.collector.support import CollectorCase, track


class Exporting(CollectorCase):
    """Events as JSON lines."""

    def test_all(self) -> None:
        """All events are lines, newest first, each just as the API has it; rejected calls are none."""
        for part in range(2):
            self.post("/v1/batch", {"batch": [track(f"m{part}-{number}") for number in range(600)]})
        self.post("/v1/batch", {"batch": [5, track("last", event="Two\nlines\u2028\x85")]})
        answer = self.request("GET", "/api/export")
        self.assertEqual(answer.headers["Content-Type"], "application/x-ndjson")
        self.assertIn('filename="events.jsonl"', answer.headers["Content-Disposition"])
        lines = answer.content.decode().removesuffix("\n").split("\n")
        self.assertEqual(len(lines), 1201)
        self.assertEqual(json.loads(lines[0]), self.get("/api/events/last"))
        self.assertEqual(json.loads(lines[-1])["message_id"], "m0-0")

    def test_search(self) -> None:
        """A search narrows it; none found is no line; a mistake is a 400."""
        self.post("/v1/batch", {"batch": [track("m1"), track("m2", event="Other")]})
        answer = self.request("GET", "/api/export?q=event:Other")
        self.assertEqual([json.loads(line)["message_id"] for line in answer.text.splitlines()], ["m2"])
        self.assertEqual(self.request("GET", "/api/export?user=nobody").content, b"")
        self.assert_problem(self.request("GET", "/api/export?q=evnt:x"), 400, "bad_query")
        self.assert_problem(self.request("GET", "/api/export?limit=5"), 400, "bad_query")

    def test_rejected(self) -> None:
        """The rejected calls can be had as lines, too, each with its errors and as it came."""
        self.post("/v1/batch", {"batch": [track("m1"), track("m2", properties=5), 5]})
        answer = self.request("GET", "/api/export?status=rejected")
        self.assertIn('filename="rejected.jsonl"', answer.headers["Content-Disposition"])
        lines = [json.loads(line) for line in answer.text.splitlines()]
        self.assertEqual(lines, self.get("/api/rejected")["rejected"])
        self.assertEqual([line["errors"][0]["path"] for line in lines], ["", "properties"])
        self.assert_problem(self.request("GET", "/api/export?status=bad"), 400, "bad_query")

    def test_taken_back(self) -> None:
        """The lines can be posted to a collector as they are."""
        self.post("/v1/batch", {"batch": [track("m1"), track("m2")]})
        lines = self.request("GET", "/api/export").content
        self.request("DELETE", "/api/events")
        self.assert_success(self.post("/v1/event", lines))
        self.assertEqual(sorted(self.message_ids()), ["m1", "m2"])
