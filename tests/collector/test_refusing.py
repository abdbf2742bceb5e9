"""What is refused, and that it costs nothing else."""

import gzip
import json
import zlib
from http.client import HTTPConnection

from segment_client.collector.body import MAX_BODY
from segment_client.collector.calls import MAX_CALLS
from segment_client.collector.examine import MAX_ERRORS
from tests.collector.support import BASIC, CollectorCase, track


class BadEvents(CollectorCase):
    """Events that are none."""

    def test_single(self) -> None:
        """A bad call is a 400 that says what is wrong where, and is stored as rejected."""
        problem = self.assert_problem(
            self.post("/v1/track", {"userId": "u1", "messageId": "m1"}), 400, "invalid_event"
        )
        self.assertLessEqual({"path", "message", "type"}, problem["errors"][0].keys())
        (rejected,) = self.get("/api/rejected")["rejected"]
        self.assertEqual(rejected["errors"], problem["errors"])
        self.assertEqual(rejected["raw"], {"type": "track", "userId": "u1", "messageId": "m1"})
        self.assertEqual(self.message_ids(), [])

    def test_semantic(self) -> None:
        """An event of the semantic format that does not fit the schema is rejected with the field's path."""
        self.post("/v1/event", track("m1"))
        semantic = {**self.get("/api/events/m1"), "message_id": "m2", "context": {"ip": 12345}}
        problem = self.assert_problem(self.post("/v1/event", semantic), 400, "invalid_batch")
        self.assertEqual([error["path"] for error in problem["errors"]], ["0.context.ip"])

    def test_batch_keeps_the_others(self) -> None:
        """Bad calls of a batch are stored as rejected, all others are stored, and the answer is a plain
        success."""
        batch = [track("m1"), {"type": "track"}, 5, None, [], track("m2"), {}, track("m3", event="")]
        self.assert_success(self.post("/v1/batch", {"batch": batch}))
        self.assertEqual(self.message_ids(), ["m1", "m2"])
        rejected = self.get("/api/rejected")["rejected"]
        self.assertEqual([call["raw"] for call in reversed(rejected)], [batch[i] for i in (1, 2, 3, 4, 6, 7)])

    def test_bad_batch(self) -> None:
        """A batch without a good call is a 400 that counts from 0, and each call is stored as rejected."""
        answer = self.post("/v1/batch", {"batch": [{"type": "track"}, 5]})
        problem = self.assert_problem(answer, 400, "invalid_batch")
        self.assertEqual({error["path"].split(".")[0] for error in problem["errors"]}, {"0", "1"})
        self.assertEqual(self.get("/api/stats")["rejected"], 2)

    def test_many_errors(self) -> None:
        """Of a call with very many errors the first are kept, and how many more there were."""
        self.post("/v1/event", track("m1"))
        semantic = {**self.get("/api/events/m1"), "message_id": "m2", "involves": [5] * (MAX_ERRORS + 7)}
        self.post("/v1/event", [semantic, track("m3")])
        errors = self.get("/api/rejected")["rejected"][0]["errors"]
        self.assertEqual(len(errors), MAX_ERRORS + 1)
        self.assertEqual((errors[-1]["message"], errors[-1]["type"]), ("7 errors more.", "truncated"))

    def test_lines(self) -> None:
        """A line that is no JSON is rejected with its number, and the other lines are stored."""
        body = f"{json.dumps(track('m1'))}\nnonsense\n{json.dumps(track('m2'))}".encode()
        self.assert_success(self.post("/v1/event", body))
        self.assertEqual(self.message_ids(), ["m1", "m2"])
        (rejected,) = self.get("/api/rejected")["rejected"]
        self.assertTrue(rejected["errors"][0]["message"].startswith("Line 2: "), rejected)


class NotQuiteJson(CollectorCase):
    """What some clients' JSON encoders write although JSON has no such thing."""

    def test_numbers(self) -> None:
        """NaN, the infinities and numbers beyond a double cost their event alone, and the place is told."""
        for number in ("NaN", "Infinity", "-Infinity", "1e999"):
            with self.subTest(number=number):
                self.request("DELETE", "/api/events")
                bad = json.dumps(track("m2")).replace('"price": 5', f'"price": [{number}]')
                body = f'{{"batch": [{json.dumps(track("m1"))}, {bad}]}}'.encode()
                self.assert_success(self.post("/v1/batch", body))
                self.assertEqual(self.message_ids(), ["m1"])
                (rejected,) = self.get("/api/rejected")["rejected"]
                self.assertEqual(rejected["errors"][0]["path"], "properties.price.0")
                self.assertEqual(rejected["errors"][0]["type"], "finite_number")
                self.assertIsInstance(rejected["raw"]["properties"]["price"][0], str)

    def test_surrogates(self) -> None:
        """Half a surrogate pair (text cut inside an emoji), in a value or a key, costs its event alone."""
        bad = {"properties": {"cut": "text \ud83d", "key\udc00": 1}}
        self.assert_success(self.post("/v1/batch", {"batch": [track("m1"), track("m2", **bad)]}))
        self.assertEqual(self.message_ids(), ["m1"])
        (rejected,) = self.get("/api/rejected")["rejected"]
        paths = [error["path"] for error in rejected["errors"]]
        self.assertEqual(paths, ["properties.cut", "properties.key\\udc00"])
        self.assertEqual(rejected["raw"]["properties"], bad["properties"])

    def test_depth(self) -> None:
        """Deep nesting costs its event alone as far as it can be parsed, and is a 400 beyond; never a
        failure."""
        for depth in (150, 250, 500):
            deep = f'{{"type": "track", "properties": {{"p": {"[" * depth}{"]" * depth}}}}}'
            body = f'{{"batch": [{json.dumps(track(f"m{depth}"))}, {deep}]}}'.encode()
            self.assert_success(self.post("/v1/batch", body))
        self.assertEqual(self.get("/api/stats")["rejected"], 3)
        for opening in (b"[", b'{"a":'):
            self.assert_problem(self.post("/v1/event", opening * 1_000_000), 400, "too_deep")

    def test_long_numbers(self) -> None:
        """A number of thousands of digits is refused."""
        self.assert_problem(self.post("/v1/track", b'{"a": ' + b"1" * 10_000 + b"}"), 400, "invalid_json")


class BadRequests(CollectorCase):
    """Requests that hold no events at all."""

    def test_bodies(self) -> None:
        """Bodies that are empty, no JSON, no UTF-8 or of the wrong shape are a 400 with code and message."""
        single, batch, events = "/v1/track", "/v1/batch", "/v1/event"
        for path, body, code in (
            (single, b"", "empty_body"),
            (single, b" \n", "empty_body"),
            (single, b"{", "invalid_json"),
            (single, b'{"a": "\xff"}', "invalid_json"),
            (single, b'"\xed\xa0\x80"', "invalid_json"),
            (single, '{"a": 1}'.encode("utf-16"), "invalid_json"),
            (single, b"{} {}", "invalid_json"),
            (single, b"[]", "invalid_shape"),
            (single, b"5", "invalid_shape"),
            (batch, b"[]", "invalid_shape"),
            (batch, b"{}", "invalid_shape"),
            (batch, b'{"batch": {}}', "invalid_shape"),
            (batch, b"null", "invalid_shape"),
            (events, b"5", "invalid_shape"),
            (events, b"a\nb", "invalid_json"),
            (events, b'{\n"a": 1,\n}', "invalid_json"),
            (events, gzip.compress(b"{}")[:-3], "invalid_gzip"),
        ):
            with self.subTest(path=path, body=body):
                self.assert_problem(self.post(path, body), 400, code)
        self.assertEqual(self.get("/api/stats")["received"], 0)

    def test_encodings(self) -> None:
        """A body in an encoding that is not read is a 415 that says so; one that is none of it is read."""
        call = json.dumps(track("m1")).encode()
        for coding in ("deflate", "br", "zstd", "gzip, br"):
            with self.subTest(coding=coding):
                headers = {"Content-Encoding": coding}
                answer = self.post("/v1/track", zlib.compress(call), **headers)
                self.assert_problem(answer, 415, "unsupported_encoding")
                self.assertIn(repr(coding), answer.json()["message"])
                self.assertEqual(self.post("/v1/track", call, **headers).status_code, 200)

    def test_large(self) -> None:
        """A body over the limit, plain or inflated, is a 413; one of the limit's size is taken."""
        for body in (b" " * (MAX_BODY + 1), gzip.compress(b" " * (40 * MAX_BODY))):
            self.assert_problem(self.post("/v1/track", body), 413, "too_large")
        self.assert_success(self.post("/v1/track", json.dumps(track("m1")).encode().ljust(MAX_BODY)))

    def test_large_to_its_end(self) -> None:
        """A client that sends a body far over the limit can send it whole, and then reads the 413."""
        connection = HTTPConnection(self.collector.url.removeprefix("http://"), timeout=10)
        self.addCleanup(connection.close)
        connection.request("POST", "/v1/track", body=b" " * (3 * MAX_BODY), headers=dict([BASIC]))
        self.assertEqual(connection.getresponse().status, 413)

    def test_many_calls(self) -> None:
        """A body of more calls than the limit is a 413."""
        calls = ",".join(["1"] * (MAX_CALLS + 1))
        for path, body in (
            ("/v1/batch", f'{{"batch": [{calls}]}}'),
            ("/v1/event", f"[{calls}]"),
            ("/v1/event", "{}\n" * (MAX_CALLS + 1)),
        ):
            self.assert_problem(self.post(path, body.encode()), 413, "too_many_calls")

    def test_paths_and_methods(self) -> None:
        """Unknown paths are a 404, wrong methods a 405 that says the right ones."""
        for method, path in (
            ("GET", "/v1/nothing"),
            ("POST", "/v1/nothing"),
            ("POST", "/v2/track"),
            ("GET", "/api/x"),
        ):
            self.assert_problem(self.request(method, path), 404, "not_found")
        for method, path, allowed in (
            ("GET", "/v1/track", "POST"),
            ("PUT", "/v1/batch", "POST"),
            ("POST", "/api/stats", "GET"),
            ("PUT", "/api/events", "DELETE"),
            ("DELETE", "/healthz", "GET"),
        ):
            answer = self.request(method, path, headers=dict([BASIC]))
            self.assert_problem(answer, 405, "method_not_allowed")
            self.assertIn(allowed, answer.headers["Allow"])
