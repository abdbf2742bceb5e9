"""`segment-client`: its arguments, what they send, and how it fails."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from segment_client.ids import default_entity_gid
from segment_client.testing import Answer, FakeServer
from segment_client.version import VERSION
from tests.collector.support import WRITE_KEY, CollectorCase
from tests.commands import Done, run_command
from tests.sources import ROOT

GID = "0b3f8f4e-6a58-4b0e-9c1e-1f3d2a7c5e90"
RECORDINGS = ROOT / "segment_client" / "recordings"


class CommandCase(CollectorCase):
    """A test case whose commands send to a collector."""

    def run_at(self, *argv: str) -> Done:
        """Run a command with the collector as its endpoint and the right key."""
        return run_command(*argv, "--endpoint", f"{self.collector.url}/v1", "--write-key", WRITE_KEY)

    def assert_fails(self, done: Done, code: int, *words: str) -> None:
        """Check that a command failed with one line that holds the words."""
        self.assertEqual((done.code, done.error.count("\n")), (code, 1), done)
        self.assertTrue(done.error.startswith("segment-client "), done.error)
        for word in words:
            self.assertIn(word, done.error)


class MainTest(CommandCase):
    """The command itself."""

    def test_version(self) -> None:
        """`--version` says the package's version."""
        self.assertEqual(run_command("--version"), Done(0, f"segment-client {VERSION}\n", ""))

    def test_help(self) -> None:
        """`--help` names every command, and each command explains itself."""
        commands = ("demo", "collect", "send", "replay", "spool")
        done = run_command("--help")
        for command in commands:
            with self.subTest(command=command):
                self.assertIn(f"\n    {command} ", done.out)
                self.assertIn(f"usage: segment-client {command}", run_command(command, "--help").out)

    def test_usage(self) -> None:
        """No command, an unknown one and an unknown option end with 2."""
        for argv in ((), ("deliver",), ("send", "--type", "track", "--colour", "red")):
            with self.subTest(argv=argv):
                self.assertEqual(run_command(*argv).code, 2)

    def test_lazy(self) -> None:
        """Sending imports nothing of the collector, of the demo or of what they need."""
        argv = [
            "send",
            "--type",
            "page",
            "--user-id",
            "u",
            "--write-key",
            WRITE_KEY,
            "--endpoint",
            self.collector.url,
        ]
        code = f"import sys; from segment_client.cli import main; main({argv}); print(*sys.modules)"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        loaded = set(done.stdout.split())
        self.assertIn("segment_client.commands.send", loaded)
        unneeded = {
            "segment_client.collector",
            "segment_client.demo",
            "starlette",
            "uvicorn",
            "rich",
            "sqlite3",
        }
        self.assertEqual(loaded & unneeded, set())
        self.assertEqual(len(self.message_ids()), 1)


class SendTest(CommandCase):
    """`segment-client send`."""

    def sent(self, *argv: str) -> dict[str, Any]:
        """Send an event and return it as the collector keeps it."""
        done = self.run_at("send", *argv)
        self.assertEqual((done.code, done.error), (0, ""), done)
        (message_id,) = self.message_ids()
        self.assertEqual(done.out, f"delivered: {argv[1]} {message_id}, status 200\n")
        event: dict[str, Any] = self.get(f"/api/events/{message_id}")
        return event

    def test_track(self) -> None:
        """Every option of a track arrives at its place."""
        event = self.sent(
            "--type", "track", "--event", "Report Exported", "--user-id", "ada", "--anonymous-id", "b1",
            "--message-id", "m1", "--timestamp", "2026-01-31T09:30:00Z", "--entity-gid", GID,
            "--partition", "p", "--root-event-gid", GID,
            "--properties", '{"rows": 350}', "--context", '{"ip": "203.0.113.7", "locale": "en-GB"}',
            "--traits", '{"plan": "team"}', "--integrations", '{"All": true}',
        )  # fmt: skip
        expected = {
            "type": "track", "event": "Report Exported", "user_id": "ada", "anonymous_id": "b1",
            "message_id": "m1", "timestamp": "2026-01-31T09:30:00Z", "entity_gid": GID, "partition": "p",
            "root_event_gid": GID, "properties": {"rows": "350"}, "traits": {"plan": "team"},
            "integrations": {"All": True},
        }  # fmt: skip
        self.assertEqual({key: event[key] for key in expected}, expected)
        self.assertEqual(event["context"], {"ip": "203.0.113.7", "locale": "en-GB"})

    def test_camel_case(self) -> None:
        """Segment's own spellings of the options are taken."""
        options = ("--type", "group", "--groupId", "acme", "--userId", "ada", "--anonymousId", "b1")
        event = self.sent(*options, "--messageId", "m1", "--previousId", "old", "--writeKey", WRITE_KEY)
        self.assertEqual((event["user_id"], event["anonymous_id"], event["message_id"]), ("ada", "b1", "m1"))
        self.assertEqual(event["previous_id"], "old")
        self.assertEqual(event["context"]["group_id"], "acme")

    def test_types(self) -> None:
        """Each call can be sent, in either format."""
        options = {
            "identify": ("--traits", '{"plan": "team"}'),
            "page": ("--name", "Home"),
            "screen": ("--name", "Login"),
            "group": ("--group-id", "acme"),
            "alias": ("--previous-id", "old"),
            "track": ("--event", "Report Exported"),
        }
        for wire in ("segment", "semantic"):
            for call_type, own in options.items():
                with self.subTest(type=call_type, wire=wire):
                    self.setUp()
                    event = self.sent("--type", call_type, *own, "--user-id", "ada", "--wire", wire)
                    self.assertEqual((event["type"], event["user_id"]), (call_type, "ada"))

    def test_defaults(self) -> None:
        """The entity is derived from the write key, the partition is `default`, the root event a new one."""
        roots = set()
        for _ in range(2):
            self.setUp()
            event = self.sent("--type", "page", "--user-id", "ada")
            self.assertEqual(event["entity_gid"], str(default_entity_gid(WRITE_KEY)))
            self.assertEqual(event["partition"], "default")
            roots.add(event["root_event_gid"])
        self.assertEqual(len(roots), 2)

    def test_wrong_values(self) -> None:
        """What an event cannot hold is one line that names it, exit code 2, and nothing is sent."""
        track = ("--type", "track", "--event", "X", "--user-id", "u")
        cases = (
            (("--type", "track", "--user-id", "u"), "--event is missing"),
            (("--type", "group", "--user-id", "u"), "--group-id is missing"),
            (("--type", "alias", "--user-id", "u"), "--previous-id is missing"),
            (("--type", "track", "--event", "X"), "user_id and anonymous_id are both missing"),
            ((*track, "--name", "Home"), "--name is for --type page and screen"),
            ((*track, "--properties", "{"), "--properties is no JSON"),
            ((*track, "--traits", "[]"), "--traits is no JSON object"),
            ((*track, "--context", '{"ip": 5}'), "context.ip: "),
            ((*track, "--timestamp", "yesterday"), "timestamp"),
            ((*track, "--integrations", '{"All": 1}'), "integrations['All']"),
            ((*track, "--entity-gid", "me"), "entity_gid is no UUID"),
            ((*track, "--endpoint", "ftp://x"), "endpoint"),
        )
        for argv, words in cases:
            with self.subTest(argv=argv):
                if "--endpoint" in argv:
                    self.assert_fails(run_command("send", *argv, "--write-key", "k"), 2, words)
                else:
                    self.assert_fails(self.run_at("send", *argv), 2, words)
        self.assertEqual(self.message_ids(), [])

    def test_failed_delivery(self) -> None:
        """A delivery that fails is one line with the server's words, exit code 1, and no write key in it."""
        with FakeServer(Answer(400, body=b'{"code": "no_event", "message": "Name it."}')) as server:
            event = ("--type", "track", "--event", "X", "--user-id", "u")
            done = run_command("send", *event, "--endpoint", server.url, "--write-key", "my-key")
        self.assert_fails(done, 1, "status 400", "no_event: Name it.")
        self.assertNotIn("my-key", done.error)

    def test_key(self) -> None:
        """The write key may come from the environment; without any, the message names both ways."""
        argv = ("send", "--type", "page", "--user-id", "u", "--endpoint", f"{self.collector.url}/v1")
        code = f"import sys; from segment_client.cli import main; sys.exit(main({argv!r}))"
        for environment, expected in (({"SEGMENT_WRITE_KEY": WRITE_KEY}, 0), ({}, 2)):
            with self.subTest(environment=environment):
                command = [sys.executable, "-c", code]
                done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
                self.assertEqual(done.returncode, expected, done.stderr)
        self.assertIn("pass --write-key, or set SEGMENT_WRITE_KEY", done.stderr)
        self.assertEqual(len(self.message_ids()), 1)


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
        )
        for text, words in cases:
            with self.subTest(words=words):
                self.assert_fails(self.run_at("replay", self.file(text)), 2, words)
        self.assert_fails(
            self.run_at("replay", str(self.folder / "none.json")), 2, "none.json cannot be read"
        )
        self.assertEqual(self.message_ids(), [])
