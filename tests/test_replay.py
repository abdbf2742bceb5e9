"""`segment-client replay`: which files it takes, what it sends, and how it fails."""

import json
import os
import subprocess
import sys
import tempfile
from base64 import b64encode
from gzip import compress
from pathlib import Path

from segment_client.collector import Collector
from segment_client.testing import Answer, FakeServer
from tests.collector.command_case import CommandCase
from tests.collector.support import WRITE_KEY, track
from tests.commands import run_command
from tests.sources import ROOT

GID = "0b3f8f4e-6a58-4b0e-9c1e-1f3d2a7c5e90"
CALL = {"type": "track", "event": "X", "userId": "u", "messageId": "m1"}
SENT = {"method": "POST", "path": "/v1/track", "headers": [["Content-Type", "application/json"]]}
RECORDED = {**SENT, "json": CALL}
ZIPPED = compress(json.dumps(CALL).encode(), mtime=0)
RECORDINGS = ROOT / "segment_client" / "recordings"


class ReplayTest(CommandCase):
    """`segment-client replay`."""

    def setUp(self) -> None:
        """Empty the collector, and make a folder."""
        super().setUp()
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))

    def file(self, text: str) -> str:
        """Write a file and return its name."""
        path = self.folder / "calls.jsonl"
        path.write_text(text, "utf-8")
        return str(path)

    def test_recordings(self) -> None:
        """Recorded requests of four clients, made with another key, are all taken with the key given."""
        done = self.run_at("replay", *map(str, sorted(RECORDINGS.glob("*.json"))))
        self.assertEqual((done.code, done.error), (0, ""), done.out)
        self.assertTrue(done.out.endswith("\n9 requests sent, 0 refused\n"), done.out)
        self.assertIn('6 calls > /v1/batch: 200 {"success":true}\n', done.out)
        self.assertEqual(len(self.message_ids()), 24)

    def test_key_replaced(self) -> None:
        """The write key is replaced wherever a request holds one, and everything else stays as it was."""
        recording = RECORDINGS / "segment_browser_1.84.3_standard.json"
        posted = [call["json"] for call in json.loads(recording.read_text("utf-8")) if "json" in call]
        with FakeServer() as server:
            done = run_command("replay", str(recording), "--endpoint", server.url, "--write-key", "new")
        self.assertEqual(done.code, 0, done)
        self.assertEqual({call["writeKey"] for call in posted}, {"WK"})
        self.assertEqual(server.events, [call | {"writeKey": "new"} for call in posted])
        self.assertEqual(
            [request.path for request in server.requests],
            ["/v1/i", "/v1/t", "/v1/p", "/v1/g", "/v1/a", "/v1/s"],
        )
        self.assertEqual({request.headers["content-type"] for request in server.requests}, {"text/plain"})
        self.assertEqual(
            {request.headers["authorization"] for request in server.requests}, {"Basic bmV3Og=="}
        )

    def test_raw_calls(self) -> None:
        """Lines of raw calls go where the client posts their format, and arrive as they are."""
        foreign = {"type": "track", "event": "X", "userId": "u", "messageId": "m1", "channel": "server"}
        event = {
            "type": "page", "event": "Page Viewed", "user_id": "u", "message_id": "m2", "entity_gid": GID,
            "event_gid": GID, "root_event_gid": GID, "partition": "p", "timestamp": "2026-01-31T09:30:00Z",
        }  # fmt: skip
        file = self.file(f"{json.dumps(foreign)}\n\n{json.dumps(event)}\n")
        done = self.run_at("replay", file)
        self.assertEqual((done.code, self.message_ids()), (0, ["m1", "m2"]), done)
        with FakeServer() as server:
            run_command("replay", file, "--endpoint", server.url, "--write-key", "k")
        self.assertEqual([request.path for request in server.requests], ["/v1/track", "/v1/event"])
        self.assertEqual(server.events, [foreign, event])

    def test_ends_of_lines(self) -> None:
        """Only a line feed ends a line: texts may hold the other ends of Unicode, and half characters."""
        calls = [
            {"type": "track", "event": f"a{end}b", "userId": "u", "messageId": f"m{number}"}
            for number, end in enumerate("\u2028\u2029\x85\ud83d")
        ]
        lines = [json.dumps(call, ensure_ascii="\ud83d" in call["event"]) for call in calls]
        file = self.file("\ufeff" + "\r\n".join(lines))
        with FakeServer() as server:
            done = run_command("replay", file, "--endpoint", server.url, "--write-key", "k")
        self.assertEqual((done.code, server.events), (0, calls), done)

    def test_odd_bodies(self) -> None:
        """A recorded body that holds no call is sent as it was, and its answer is shown."""
        bodies = [5, [5], {"batch": 5}, {"batch": [None]}]
        lines = [json.dumps({**RECORDED, "json": body}) for body in bodies]
        done = self.run_at("replay", self.file("\n".join(lines)))
        self.assertEqual((done.code, done.out.count("0 calls > /v1/track: 4")), (1, 4), done)

    def test_full_endpoint(self) -> None:
        """A full URL gets everything, raw calls in a batch's envelope where it ends in `batch`."""
        call = {"type": "track", "event": "X", "userId": "u", "messageId": "m1"}
        with FakeServer() as server:
            argv = ("replay", self.file(json.dumps(call)), "--write-key", "k")
            done = run_command(*argv, "--endpoint", f"{server.url}/batch")
        self.assertEqual(done.code, 0, done)
        self.assertEqual([request.path for request in server.requests], ["/v1/batch"])
        self.assertEqual(json.loads(server.requests[0].body), {"batch": [call]})

    def test_refused(self) -> None:
        """An answer that is not 2xx is shown, the rest is sent all the same, and the exit code is 1."""
        calls = [
            {"type": "track", "event": "X", "messageId": "m1"},
            {"type": "page", "userId": "u", "messageId": "m2"},
        ]
        done = self.run_at("replay", self.file("\n".join(map(json.dumps, calls))))
        self.assertEqual((done.code, self.message_ids()), (1, ["m2"]), done)
        self.assertIn("track > /v1/track: 400 ", done.out)
        self.assertTrue(done.out.endswith("\n2 requests sent, 1 refused\n"), done.out)

    def test_answer_of_any_kind(self) -> None:
        """What a server answers is shown in the line of its request, and no terminal acts on it."""
        with FakeServer(Answer(400, body=b'{\n  "code": "\x1b[2J\xff"\r\n}')) as server:
            argv = ("replay", self.file(json.dumps(CALL)), "--to", server.url, "--write-key", "k")
            done = run_command(*argv)
        line = 'track > /v1/track: 400 { "code": "?[2J\ufffd" }'
        self.assertEqual(done.out.split("\n"), [line, "1 requests sent, 1 refused", ""])

    def test_plain_body(self) -> None:
        """A recorded body is gzip or not, as it was sent."""
        plain = {**SENT, "raw_base64": b64encode(json.dumps(CALL).encode()).decode()}
        done = self.run_at("replay", self.file(json.dumps(plain)))
        self.assertEqual((done.code, self.message_ids()), (0, ["m1"]), done)

    def test_stored(self) -> None:
        """What a collector's file holds arrives as it came, in batches, from the oldest on."""
        db = self.stored(*range(250))
        done = self.run_at("replay", db)
        self.assertEqual((done.code, done.error), (0, ""), done.out)
        self.assertIn('100 calls > /v1/batch: 200 {"success":true}\n', done.out)
        self.assertEqual(self.message_ids(), [f"m{number}" for number in range(250)])
        raw = self.get("/api/events/m7/call")["raw"]
        self.assertEqual(raw, track("m7"))

    def test_stored_and_large(self) -> None:
        """No batch is larger than the 500 KB that Segment takes; a call over 32 KB goes by itself."""
        sizes = [*[6_000] * 150, 600_000, 30, 40, 40_000, 50]
        calls = [track(f"m{number}", properties={"text": "x" * size}) for number, size in enumerate(sizes)]
        with Collector(self.folder / "db") as source:
            self.send(source, {"batch": calls}, "/v1/batch")
        with FakeServer() as server:
            done = run_command("replay", str(self.folder / "db"), "--to", server.url, "--write-key", "k")
        self.assertEqual((done.code, done.out.splitlines()[-1]), (0, "7 requests sent, 0 refused"), done)
        self.assertEqual(server.events, calls)
        self.assertEqual([len(request.events) for request in server.requests], [81, 19, 50, 1, 2, 1, 1])
        sent = [len(request.body) for request in server.requests]
        self.assertEqual([number for number, size in enumerate(sent) if size > 500_000], [3])
        self.assertGreater(sent[0], 490_000)

    def test_stored_formats(self) -> None:
        """Events of both formats arrive in theirs, and one without a message id with the one it was given."""
        nameless = {key: value for key, value in track("").items() if key != "messageId"}
        with Collector(self.folder / "db") as source:
            self.send(source, nameless)
            (event,) = json.loads(self.request_at(source, "/api/events"))["events"]
            self.send(source, {**event, "message_id": "m2"})
        self.assertEqual(self.run_at("replay", str(self.folder / "db")).code, 0)
        self.assertEqual(self.message_ids(), [event["message_id"], "m2"])
        self.assertEqual(self.get("/api/events/m2/call")["raw"]["message_id"], "m2")

    def test_exported(self) -> None:
        """What a collector exports can be sent on."""
        self.post("/v1/batch", {"batch": [track("m1"), track("m2")]})
        file = self.file(self.request("GET", "/api/export").text)
        self.request("DELETE", "/api/events")
        self.assertEqual(self.run_at("replay", file).code, 0)
        self.assertEqual(sorted(self.message_ids()), ["m1", "m2"])

    def test_resumed(self) -> None:
        """A server that cannot now ends it with where to go on, and there it goes on."""
        db = self.stored(*range(250))
        with FakeServer(Answer(200), Answer(503)) as server:
            argv = ("replay", db, "--to", server.url, "--write-key", "k")
            self.assert_fails(run_command(*argv), 1, "answered 503", "100 of 250 are done", "--start 101")
            done = run_command(*argv, "--start", "101")
        self.assertEqual(done.code, 0, done)
        sent = [each["messageId"] for each in server.events]
        self.assertEqual(sent, [f"m{number}" for number in [*range(200), *range(100, 250)]])

    def test_resumed_file(self) -> None:
        """So it is with the lines of a file."""
        file = self.file("\n".join(json.dumps(track(f"m{number}")) for number in range(5)))
        done = self.run_at("replay", file, "--start", "4")
        self.assertEqual((done.code, self.message_ids()), (0, ["m3", "m4"]), done)
        self.assert_fails(self.run_at("replay", file, "--start", "0"), 2, "from 1 on")

    def test_start_beyond(self) -> None:
        """A start that is no item, as a date, is refused; that after the last ends what was all sent."""
        words = "start is 20260131, and the last item is number 2: pass the number of one"
        for what in (self.file('{"type": "page", "userId": "u"}\n' * 2), self.stored(1, 2)):
            with self.subTest(what=what):
                self.assert_fails(self.run_at("replay", what, "--start", "20260131"), 2, words)
                done = self.run_at("replay", what, "--start", "3")
                self.assertEqual((done.code, done.out), (0, "0 requests sent, 0 refused\n"), done)
        self.assertEqual(self.message_ids(), [])

    def test_plain_http(self) -> None:
        """Plain http to another machine is refused, whatever there is to send, with what to pass."""
        call = '{"type": "page", "userId": "u", "messageId": "m1"}'
        for text in (call, json.dumps(RECORDED), ""):
            with self.subTest(text=text):
                what = self.file(text) if text else self.stored(1)
                done = run_command("replay", what, "--to", "http://a.test", "--write-key", "k")
                self.assert_fails(
                    done, 2, "endpoint sends plain http to a.test: pass https://, or --allow-http\n"
                )

    def test_bar(self) -> None:
        """On a terminal there is a bar in place of a line for each request."""
        db = self.stored(*range(250))
        ours, theirs = os.openpty()
        command = [sys.executable, "-m", "segment_client.cli", "replay", db, "--write-key", WRITE_KEY]
        process = subprocess.Popen(
            [*command, "--to", self.collector.url], stdout=subprocess.PIPE, stderr=theirs, text=True
        )
        out, _ = process.communicate(timeout=30)
        shown = os.read(ours, 9999).decode()
        os.close(theirs)
        os.close(ours)
        self.assertEqual((process.returncode, out), (0, "3 requests sent, 0 refused\n"))
        self.assertIn(f"[{'#' * 12}{'.' * 18}] 100 of 250", shown)
        self.assertTrue(shown.endswith("\r\x1b[K"), shown)

    def stored(self, *numbers: int) -> str:
        """Return the file of a collector that has so many events."""
        with Collector(self.folder / "db") as source:
            self.send(source, {"batch": [track(f"m{number}") for number in numbers]}, "/v1/batch")
        return str(self.folder / "db")

    def send(self, collector: Collector, body: object, path: str = "/v1/event") -> None:
        """Post to another collector."""
        url = f"{collector.url}{path}"
        answer = self.session.post(url, json=body, headers={"X-Write-Key": "other"}, timeout=10)
        self.assert_success(answer)

    def request_at(self, collector: Collector, path: str) -> str:
        """Return what another collector answers."""
        return self.session.get(f"{collector.url}{path}", timeout=10).text

    def test_unreachable(self) -> None:
        """A server that is not there is one line and exit code 1."""
        file = self.file('{"type": "page", "userId": "u", "messageId": "m1"}')
        done = run_command("replay", file, "--endpoint", "http://127.0.0.1:9", "--write-key", "k")
        self.assert_fails(done, 1, "no answer", "check the network and http://127.0.0.1:9/v1/page")

    def test_unusable_files(self) -> None:
        """A file of no use is one line that says where and what to do; nothing of any file is sent."""
        good = '{"type": "page", "userId": "u", "messageId": "m1"}\n'
        cases = (
            (good + "{", "calls.jsonl:2 is no JSON"),
            (good + "5", "calls.jsonl:2 is no JSON object"),
            (good + '{"userId": "u"}', "calls.jsonl:2 has no call's type"),
            ('[{"method": "POST", "path": "/v1/t"}]', "calls.jsonl, item 1 is no recorded request"),
            ("[", "calls.jsonl is no JSON"),
            *(
                (json.dumps({**RECORDED, **changed}), "calls.jsonl:1 is no recorded request")
                for changed in (
                    {"headers": 5},
                    {"headers": [[1, "a"]]},
                    {"headers": [["X-Name", "\u20ac"]]},
                    {"headers": [["X-Name", "a\r\nb"]]},
                    {"path": None},
                    {"query": ["a"]},
                    {"json": {}, "raw_base64": 5},
                )
            ),
            *(
                (json.dumps({**SENT, "raw_base64": b64encode(raw).decode()}), "is no recorded request")
                for raw in (b"none", ZIPPED[:20], ZIPPED[:12] + bytes(4) + ZIPPED[16:])
            ),
        )
        for text, words in cases:
            with self.subTest(words=words):
                self.assert_fails(self.run_at("replay", self.file(text)), 2, words)
        self.assert_fails(
            self.run_at("replay", str(self.folder / "none.json")), 2, "none.json cannot be read"
        )
        self.assertEqual(self.message_ids(), [])
