"""`/api/wait`."""

import threading

from tests.collector.support import CollectorCase, track


class Waiting(CollectorCase):
    """Waiting for events."""

    def test_there(self) -> None:
        """Events that are there already are answered at once, oldest first."""
        self.post("/v1/batch", {"batch": [track("m1"), track("m2"), track("m3", event="Other")]})
        answer = self.get("/api/wait?count=2&event=Item Viewed&timeout=60")
        self.assertEqual([event["message_id"] for event in answer["events"]], ["m1", "m2"])

    def test_coming(self) -> None:
        """Events that come while waiting end it, whatever else comes."""
        answers = []
        waiting = threading.Thread(
            target=lambda: answers.append(self.get("/api/wait?count=2&user=ada&timeout=60"))
        )
        waiting.start()
        self.post("/v1/track", track("m1", userId="ada"))
        self.post("/v1/batch", {"batch": [5, track("m2"), track("m3", userId="ada")]})
        waiting.join(30)
        self.assertEqual([event["message_id"] for event in answers[0]["events"]], ["m1", "m3"])

    def test_missing(self) -> None:
        """After the timeout it says what is missing, what is there instead and what was rejected."""
        batch = [track("m1", event="Zebra"), track("m2", event="Order Complete"), track("m3", properties=5)]
        self.post("/v1/batch", {"batch": batch})
        answer = self.request("GET", "/api/wait?count=2&event=Order Completed&timeout=0.05")
        told = self.assert_problem(answer, 409, "timeout")
        self.assertEqual((told["found"], told["missing"], told["events"]), (0, 2, []))
        self.assertEqual([other["event"] for other in told["others"]], ["Order Complete", "Zebra"])
        self.assertEqual([call["message_id"] for call in told["rejected"]], ["m3"])
        for part in ('0 of 2 events with event "Order Completed"', "Order Complete (1)", "properties: "):
            self.assertIn(part, told["message"])

    def test_nothing(self) -> None:
        """Where nothing came at all it says that."""
        told = self.assert_problem(self.request("GET", "/api/wait?timeout=0"), 409, "timeout")
        self.assertIn("Nothing is stored", told["message"])

    def test_bad(self) -> None:
        """A count or a timeout out of range is a 400."""
        for query in (
            "count=0",
            "count=x",
            "count=1001",
            "timeout=-1",
            "timeout=nan",
            "timeout=301",
            "limit=5",
        ):
            self.assert_problem(self.request("GET", f"/api/wait?{query}"), 400, "bad_query")
