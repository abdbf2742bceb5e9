"""The list of calls, good and rejected in one order, and one call with all that is kept of it."""

import json

from segment_client.collector.head import MASK
from tests.collector.support import WRITE_KEY, CollectorCase, track


class Calls(CollectorCase):
    """`/api/calls`."""

    def test_rows(self) -> None:
        """A row says what a call is, what became of it, and the first of what is wrong."""
        self.post("/v1/batch", {"batch": [track("m1"), track("m2", properties=5), 7, track("m1")]})
        listed = self.get("/api/calls")
        third, second, first = listed["calls"]
        self.assertEqual((first["message_id"], first["repeats"], first["accepted"]), ("m1", 1, True))
        self.assertEqual(
            (second["event"], second["user_id"], second["accepted"]), ("Item Viewed", "u1", False)
        )
        self.assertEqual((second["first"]["path"], second["issues"]), ("properties", 1))
        self.assertEqual((third["event"], third["type"], third["accepted"]), (None, None, False))
        self.assertEqual((listed["counts"]["stored"], listed["counts"]["rejected"]), (1, 2))

    def test_status(self) -> None:
        """The list can be narrowed to good or to rejected calls, and cursors lead on."""
        self.post("/v1/batch", {"batch": [track("m1"), 1, track("m2"), 2, track("m3")]})
        first = self.get("/api/calls?status=accepted&limit=2")
        rest = self.get(f"/api/calls?status=accepted&limit=2&cursor={first['next']}")
        self.assertEqual([row["message_id"] for row in first["calls"] + rest["calls"]], ["m3", "m2", "m1"])
        self.assertIsNone(rest["next"])
        self.assertEqual(len(self.get("/api/calls?status=rejected")["calls"]), 2)

    def test_one(self) -> None:
        """One call is shown as it came, as the event that it is, and in the request that it came in."""
        sent = track("m1", context={"custom": [1]})
        self.post("/v1/track?v=1", sent)
        (row,) = self.get("/api/calls")["calls"]
        call = self.get(f"/api/calls/{row['seq']}")
        self.assertEqual((call["raw"], call["issues"]), (sent, []))
        self.assertEqual(call["event"], self.get("/api/events/m1"))
        self.assertEqual((call["request"]["method"], call["request"]["path"]), ("POST", "/v1/track?v=1"))
        self.assertIn(["authorization", f"Basic {MASK}"], call["request"]["headers"])

    def test_rejected(self) -> None:
        """A rejected call has its errors and no event."""
        self.post("/v1/track", track("m1", properties=5))
        (row,) = self.get("/api/calls")["calls"]
        call = self.get(f"/api/calls/{row['seq']}")
        self.assertIsNone(call["event"])
        self.assertEqual([issue["path"] for issue in call["issues"]], ["properties"])

    def test_unknown(self) -> None:
        """A number that is no call's is a 404."""
        for number in ("1", "x", "-1", "9" * 30, "٣"):
            self.assert_problem(self.request("GET", f"/api/calls/{number}"), 404, "not_found")

    def test_no_key(self) -> None:
        """The write key is shown nowhere, wherever it was sent."""
        headers = {"X-Write-Key": WRITE_KEY, "Cookie": f"k={WRITE_KEY}", "X-Odd": f"a {WRITE_KEY} b"}
        path = f"/v1/track?writeKey={WRITE_KEY}&other={WRITE_KEY}"
        body = json.dumps(track("m1", writeKey=WRITE_KEY))
        self.assertEqual(self.request("POST", path, data=body, headers=headers).status_code, 200)
        self.post("/v1/batch", {"writeKey": WRITE_KEY, "batch": [track("m2", writeKey=WRITE_KEY), 5]})
        for row in self.get("/api/calls")["calls"]:
            answer = self.request("GET", f"/api/calls/{row['seq']}").text
            self.assertNotIn(WRITE_KEY, answer)
        self.assertIn(f"writeKey={MASK}&other={MASK}", answer)
        self.assertIn(f"a {MASK} b", answer)

    def test_minutes(self) -> None:
        """The counts can be had by minute."""
        self.post("/v1/batch", {"batch": [track("m1"), track("m2"), 5]})
        minutes = self.get("/api/stats?minutes=5")["minutes"]["counts"]
        self.assertEqual({name: number for _, name, number in minutes}, {"track": 2, "rejected": 1})
        for bad in ("minutes=0", "minutes=x", "minutes=1441", "hours=1"):
            self.assert_problem(self.request("GET", f"/api/stats?{bad}"), 400, "bad_query")

    def test_test_id(self) -> None:
        """Tests that share a collector are kept apart by header or context, the same message id too."""
        for test in ("a", "b"):
            self.post("/v1/track", track("m1"), **{"X-Test-Id": test})
        self.post("/v1/track", track("m1", context={"test_id": "a"}))
        rows = self.get("/api/calls?test_id=a")["calls"]
        self.assertEqual([(row["message_id"], row["repeats"]) for row in rows], [("m1", 1)])
        self.assertEqual(self.get("/api/stats")["stored"], 2)
