"""The reading side over HTTP."""

from tests.collector.support import CollectorCase, track


class Events(CollectorCase):
    """`/api/events`."""

    def test_pages(self) -> None:
        """Events are listed newest first, and the cursors lead through all of them once."""
        self.post("/v1/batch", {"batch": [track(f"m{index}") for index in range(5)]})
        first = self.get("/api/events?limit=2")
        second = self.get(f"/api/events?limit=2&cursor={first['next']}")
        third = self.get(f"/api/events?limit=2&cursor={second['next']}")
        pages = [[event["message_id"] for event in page["events"]] for page in (first, second, third)]
        self.assertEqual(pages, [["m4", "m3"], ["m2", "m1"], ["m0"]])
        self.assertIsNone(third["next"])

    def test_last_page(self) -> None:
        """A page that holds the last event has no next one, also when it is full."""
        self.post("/v1/batch", {"batch": [track("m1"), track("m2")]})
        self.assertIsNone(self.get("/api/events?limit=2")["next"])

    def test_filters(self) -> None:
        """Type, event and user narrow the list, each alone and together."""
        page = {"type": "page", "userId": "u2", "messageId": "m3"}
        self.post("/v1/batch", {"batch": [track("m1"), track("m2", event='It\'s 100% "new"'), page]})
        for query, ids in (
            ({"type": "track"}, ["m2", "m1"]),
            ({"event": 'It\'s 100% "new"'}, ["m2"]),
            ({"user_id": "u2"}, ["m3"]),
            ({"type": "track", "user_id": "u2"}, []),
            ({"type": "track", "user_id": "u1", "event": "Item Viewed"}, ["m1"]),
        ):
            with self.subTest(query=query):
                answer = self.request("GET", "/api/events", params=query).json()
                self.assertEqual([event["message_id"] for event in answer["events"]], ids)

    def test_bad_queries(self) -> None:
        """Parameters that are unknown, given twice, no number or out of range are a 400."""
        for query in (
            "limit=0",
            "limit=1001",
            "limit=x",
            "limit=-1",
            "limit=",
            "limit=٣",
            "cursor=x",
            "cursor=1.5",
            "a=b",
            "event=A&event=B",
        ):
            for path in ("/api/events", "/api/rejected"):
                with self.subTest(path=path, query=query):
                    self.assert_problem(self.request("GET", f"{path}?{query}"), 400, "bad_query")
        self.assert_problem(self.request("GET", f"/api/events?cursor={'9' * 30}"), 400, "bad_query")

    def test_one(self) -> None:
        """One event is found by its message id, with the call that it came as; an unknown id is a 404."""
        sent = track("m1", context={"custom": {"a": [1.5, None]}})
        self.post("/v1/track", sent)
        self.post("/v1/track", sent)
        self.assertEqual(self.get("/api/events/m1"), self.get("/api/events")["events"][0])
        call = self.get("/api/events/m1/call")
        self.assertEqual((call["raw"], call["repeats"]), (sent, 1))
        for path in ("/api/events/m2", "/api/events/m2/call", "/api/events/a%00b%F0%9F%98%80"):
            self.assert_problem(self.request("GET", path), 404, "not_found")

    def test_delete(self) -> None:
        """Deleting empties events, rejected calls and counts, and later events come after."""
        self.post("/v1/batch", {"batch": [track("m1"), 5]})
        cursor = self.get("/api/rejected?limit=1")["rejected"][0]["id"]
        self.assert_success(self.request("DELETE", "/api/events"))
        self.assertEqual(self.get("/api/events"), {"events": [], "next": None})
        self.assertEqual(self.get("/api/rejected"), {"rejected": [], "next": None})
        self.assertEqual(self.get("/api/stats")["received"], 0)
        self.post("/v1/batch", {"batch": [track("m1"), 5]})
        self.assertEqual(self.message_ids(), ["m1"])
        self.assertGreater(self.get("/api/rejected")["rejected"][0]["id"], cursor)


class Rest(CollectorCase):
    """The other answers."""

    def test_rejected_pages(self) -> None:
        """Rejected calls are listed newest first, a cursor leading on."""
        self.post("/v1/batch", {"batch": [1, 2, 3]})
        first = self.get("/api/rejected?limit=2")
        second = self.get(f"/api/rejected?limit=2&cursor={first['next']}")
        self.assertEqual([call["raw"] for call in first["rejected"] + second["rejected"]], [3, 2, 1])
        self.assertIsNone(second["next"])
        self.assertEqual(first["rejected"][0].keys(), {"id", "received_at", "errors", "raw"})

    def test_stats(self) -> None:
        """What was received is stored, a duplicate or rejected, and the stored are counted by type."""
        page = {"type": "page", "userId": "u1", "messageId": "m3"}
        self.post("/v1/batch", {"batch": [track("m1"), track("m1"), track("m2"), page, 5]})
        self.post("/v1/track", track("m1"))
        expected = {
            "received": 6,
            "stored": 3,
            "duplicates": 2,
            "rejected": 1,
            "warned": 0,
            "by_type": {"page": 1, "track": 2},
        }
        self.assertEqual(self.get("/api/stats"), expected)

    def test_first_wins(self) -> None:
        """A repeat does not change what was stored first."""
        self.post("/v1/track", track("m1", event="First"))
        self.post("/v1/track", track("m1", event="Second"))
        self.assertEqual(self.get("/api/events/m1")["event"], "First")

    def test_delete(self) -> None:
        """To delete empties all, so that to delete what a search finds is refused."""
        self.post("/v1/track", track("m1"))
        self.assert_problem(self.request("DELETE", "/api/events?q=type:page"), 400, "bad_query")
        self.assertEqual(self.message_ids(), ["m1"])
        self.request("DELETE", "/api/events")
        self.assertEqual(self.message_ids(), [])

    def test_health(self) -> None:
        """The health check says ok, and the root says where to go."""
        self.assertEqual(self.get("/healthz"), {"status": "ok"})
        self.assertIn("/api/events", self.request("GET", "/").text)

    def test_settings(self) -> None:
        """A browser client is told to send to where it asked with its key; a wrong key is a 401."""
        host = self.collector.url.removeprefix("http://")
        for path in ("/v1/projects/secret-key-1/settings", "/projects/secret-key-1/settings"):
            told = self.get(path)["integrations"]["Segment.io"]
            self.assertEqual(
                (told["apiKey"], told["apiHost"], told["protocol"]), ("secret-key-1", f"{host}/v1", "http")
            )
        self.assert_problem(self.request("GET", "/v1/projects/wrong/settings"), 401, "unauthorized")
