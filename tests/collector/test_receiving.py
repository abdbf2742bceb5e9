"""What is taken: paths, shapes, encodings and the places of the key."""

import gzip
import json
from collections.abc import Iterator

from segment_client.ids import default_entity_gid
from tests.collector.support import BASIC, WRITE_KEY, CollectorCase, gzipped, track

_CALLS: dict[str, dict[str, object]] = {
    "identify": {"traits": {"email": "a@example.com"}},
    "track": {"event": "Item Viewed"},
    "page": {"name": "Home"},
    "group": {"groupId": "g1"},
    "screen": {"name": "Login"},
    "alias": {"previousId": "old"},
}


class Shapes(CollectorCase):
    """One call, a batch, events."""

    def test_single_calls(self) -> None:
        """A call on its path is stored, and takes its type from the path where the body has none."""
        for call_type, fields in _CALLS.items():
            call = {"userId": "u1", "messageId": call_type, **fields}
            self.assert_success(self.post(f"/v1/{call_type}", call))
            self.assertEqual(self.get(f"/api/events/{call_type}")["type"], call_type)

    def test_own_type(self) -> None:
        """A body's own type wins over the path's."""
        self.assert_success(self.post("/v1/page", track("m1")))
        self.assertEqual(self.get("/api/events/m1")["type"], "track")

    def test_batch(self) -> None:
        """Every call of a batch is stored, in order."""
        calls = [track("m1"), track("m2"), {"type": "identify", "userId": "u", "messageId": "m3"}]
        self.assert_success(self.post("/v1/batch", {"batch": calls, "sentAt": "2026-01-31T09:30:01Z"}))
        self.assertEqual(self.message_ids(), ["m1", "m2", "m3"])

    def test_empty_batch(self) -> None:
        """An empty batch is accepted."""
        self.assert_success(self.post("/v1/batch", {"batch": []}))

    def test_batch_shares(self) -> None:
        """A batch's context and integrations hold for its calls, under what each says itself."""
        shared = {
            "context": {"locale": "de-DE", "os": {"name": "Linux", "version": "1"}},
            "integrations": {"All": False},
        }
        own = {"context": {"os": {"version": "2"}}, "integrations": {"Other": True}}
        self.assert_success(
            self.post("/v1/batch", {**shared, "batch": [track("m1", **own), track("m2", context=None)]})
        )
        first, second = self.get("/api/events/m1"), self.get("/api/events/m2")
        self.assertEqual(first["os"], {"name": "Linux", "version": "2"})
        self.assertEqual(first["integrations"], {"All": False, "Other": True})
        self.assertEqual((first["context"]["locale"], second["context"]["locale"]), ("de-DE", "de-DE"))

    def test_events(self) -> None:
        """The event path takes an object, an array and JSON lines, of both formats."""
        self.assert_success(self.post("/v1/event", track("m1")))
        stored = self.get("/api/events/m1")
        del stored["received_at"]
        semantic = {**stored, "message_id": "m2"}
        self.assert_success(self.post("/v1/event", [semantic, track("m3")]))
        lines = "\r\n".join(json.dumps(event) for event in (track("m4"), {**stored, "message_id": "m5"}))
        self.assert_success(self.post("/v1/event", f"{lines}\n\n".encode()))
        self.assertEqual(self.message_ids(), ["m1", "m2", "m3", "m4", "m5"])

    def test_semantic_batch(self) -> None:
        """A batch may hold events of the semantic format, and its context does not touch them."""
        self.post("/v1/event", track("m1"))
        semantic = {**self.get("/api/events/m1"), "message_id": "m2"}
        self.assert_success(self.post("/v1/batch", {"batch": [semantic], "context": {"locale": "de-DE"}}))
        self.assertNotIn("locale", self.get("/api/events/m2").get("context", {}))

    def test_defaults(self) -> None:
        """An event gets the time of its receipt, and the entity and partition of the write key."""
        self.post("/v1/track", track("m1", receivedAt="2001-01-01T00:00:00Z"))
        event = self.get("/api/events/m1")
        self.assertEqual(event["entity_gid"], str(default_entity_gid(WRITE_KEY)))
        self.assertEqual(event["partition"], "default")
        self.assertGreater(event["received_at"], "2026")


class Encodings(CollectorCase):
    """What a body is sent as does not matter."""

    def test_gzip(self) -> None:
        """Gzip is told by its bytes, with and without a Content-Encoding, under any content type."""
        headers: tuple[dict[str, str], ...] = (
            {},
            {"Content-Encoding": "gzip"},
            {"Content-Type": "application/x-www-form-urlencoded"},
        )
        for index, extra in enumerate(headers):
            self.assert_success(self.post("/v1/batch", gzipped({"batch": [track(f"m{index}")]}), **extra))
        self.assertEqual(self.message_ids(), ["m0", "m1", "m2"])

    def test_content_types(self) -> None:
        """Plain JSON is taken under any content type, also where gzip was promised."""
        headers = ({"Content-Type": "text/plain"}, {"Content-Type": "nonsense"}, {"Content-Encoding": "gzip"})
        for index, extra in enumerate(headers):
            self.assert_success(self.post("/v1/track", track(f"m{index}"), **extra))
        self.assertEqual(self.message_ids(), ["m0", "m1", "m2"])

    def test_chunked(self) -> None:
        """A body may come in chunks, without a Content-Length."""

        def chunks() -> Iterator[bytes]:
            body = gzip.compress(json.dumps(track("m1")).encode())
            yield body[:1]
            yield body[1:20]
            yield body[20:]

        answer = self.request("POST", "/v1/track", data=chunks(), headers=dict([BASIC]))
        self.assert_success(answer)
        self.assertEqual(self.message_ids(), ["m1"])

    def test_unicode(self) -> None:
        """Text of all planes comes back as it was sent, and a byte order mark is no harm."""
        text = "Zoë ☃ \U0001f600 \u202e \x00 </script>"
        body = b"\xef\xbb\xbf" + json.dumps(track("m1", properties={text: text}), ensure_ascii=False).encode()
        self.assert_success(self.post("/v1/track", body))
        self.assertEqual(self.get("/api/events/m1")["properties"], {text: text})


class Keys(CollectorCase):
    """The write key's places, and that it leaves no trace."""

    def test_places(self) -> None:
        """The key is taken from Basic, a header, the query, and the body of a call, a batch and an event."""
        posts = [
            ("/v1/track", track("m0"), dict([BASIC])),
            ("/v1/track", track("m1"), {"X-Write-Key": WRITE_KEY}),
            (f"/v1/track?writeKey={WRITE_KEY}", track("m2"), {}),
            ("/v1/track", track("m3", writeKey=WRITE_KEY), {}),
            ("/v1/batch", {"batch": [track("m4")], "writeKey": WRITE_KEY}, {}),
            ("/v1/batch", {"batch": [track("m5", writeKey=WRITE_KEY)]}, {}),
            ("/v1/event", [track("m6", write_key=WRITE_KEY)], {}),
        ]
        for path, body, headers in posts:
            self.assert_success(self.request("POST", path, json=body, headers=headers))
        self.assertEqual(self.message_ids(), [f"m{index}" for index in range(len(posts))])

    def test_head_wins(self) -> None:
        """The key of the request's head counts, whatever the body says: some clients mask theirs."""
        self.assert_success(self.post("/v1/track", track("m1", writeKey="id:***")))
        answer = self.request(
            "POST", "/v1/track", json=track("m2", writeKey=WRITE_KEY), headers={"X-Write-Key": "wrong"}
        )
        self.assert_problem(answer, 401, "unauthorized")
        self.assertEqual(self.message_ids(), ["m1"])

    def test_wrong(self) -> None:
        """A wrong key and no key are a 401, and nothing is stored."""
        for headers in (
            {},
            {"X-Write-Key": "wrong"},
            {"Authorization": "Basic d3Jvbmc6"},
            {"Authorization": "Basic ?"},
        ):
            answer = self.request("POST", "/v1/track", json=track("m1"), headers=headers)
            self.assert_problem(answer, 401, "unauthorized")
        self.assertEqual(self.get("/api/stats")["received"], 0)

    def test_no_trace(self) -> None:
        """No key is in anything that the collector tells, of stored calls and of rejected ones."""
        other = "other-key-2"
        self.post("/v1/track", track("m1", writeKey=other, write_key=other))
        self.post(
            "/v1/batch", {"batch": [{"writeKey": other}, [{"writeKey": other}], track("m2", writeKey=other)]}
        )
        self.post("/v1/event", f'{json.dumps(track("m3"))}\n{{"writeKey": "{other}", broken'.encode())
        paths = ("/api/events", "/api/events/m1", "/api/events/m1/call", "/api/rejected", "/api/stats", "/")
        told = "".join(self.request("GET", path).text for path in paths)
        self.assertEqual(self.get("/api/stats")["received"], 6)
        for key in (other, WRITE_KEY):
            self.assertNotIn(key, told)


class AnyKey(CollectorCase):
    """A collector without a key of its own."""

    options = {}  # noqa: RUF012 - CollectorCase declares it

    def test_any_key(self) -> None:
        """Every key is taken, and calls that name no entity get that of their key; no key is a 401."""
        for key in ("k1", "k2"):
            answer = self.request("POST", "/v1/track", json=track(key), headers={"X-Write-Key": key})
            self.assert_success(answer)
            self.assertEqual(self.get(f"/api/events/{key}")["entity_gid"], str(default_entity_gid(key)))
        self.assert_problem(self.request("POST", "/v1/track", json=track("m1")), 401, "unauthorized")

    def test_same_id(self) -> None:
        """The same message id of two entities is two events."""
        for key in ("k1", "k2", "k2"):
            self.request("POST", "/v1/track", json=track("m1"), headers={"X-Write-Key": key})
        stats = self.get("/api/stats")
        self.assertEqual((stats["stored"], stats["duplicates"]), (2, 1))
