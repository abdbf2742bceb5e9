"""`segment-client send`: its options, what they send, and how it fails."""

import json
import subprocess
import sys
from typing import Any

from segment_client.ids import default_entity_gid
from segment_client.testing import Answer, FakeServer
from tests.collector.command_case import CommandCase
from tests.collector.support import WRITE_KEY
from tests.commands import run_command, start_command
from tests.sources import ROOT

RECORDINGS = ROOT / "segment_client" / "recordings"
GID = "0b3f8f4e-6a58-4b0e-9c1e-1f3d2a7c5e90"


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
        self.assertEqual((event["context"]["ip"], event["context"]["locale"]), ("203.0.113.7", "en-GB"))

    def test_camel_case(self) -> None:
        """Segment's own spellings of the options are taken."""
        options = ("--type", "group", "--groupId", "acme", "--userId", "ada", "--anonymousId", "b1")
        event = self.sent(*options, "--messageId", "m1", "--previousId", "old", "--writeKey", WRITE_KEY)
        self.assertEqual((event["user_id"], event["anonymous_id"], event["message_id"]), ("ada", "b1", "m1"))
        self.assertEqual(event["previous_id"], "old")
        self.assertEqual(event["context"]["group_id"], "acme")

    def test_contract(self) -> None:
        """Segment's test of libraries finds its calls as it gave them, JSON types and all."""
        values = {"id": "1", "Video Ad Length": 0, "Supported": True, "Model": "", "list": [1, {"a": 1.5}]}
        given = json.dumps(values)
        cases = {
            "track": ({"event": "Content Started"}, "properties"),
            "page": ({"name": "Home"}, "properties"),
            "screen": ({"name": "Home"}, "properties"),
            "identify": ({}, "traits"),
            "group": ({"groupId": "acme"}, "traits"),
        }
        with FakeServer() as server:
            for call_type, (own, what) in cases.items():
                argv = [f"--{name}={value}" for name, value in own.items()]
                shared = ("--writeKey=key", f"--type={call_type}", "--userId=nhi", f"--{what}={given}")
                done = run_command("send", *shared, *argv, "--endpoint", server.url)
                self.assertEqual((done.code, done.error), (0, ""))
                expected = {"type": call_type, "userId": "nhi", what: values, **own}
                with self.subTest(type=call_type):
                    sent = server.events[-1]
                    self.assertEqual({name: sent[name] for name in expected}, expected)
                    self.assertEqual(
                        json.dumps(sent[what], sort_keys=True), json.dumps(values, sort_keys=True)
                    )

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

    def test_plain_http(self) -> None:
        """An event, or a file of them, goes by plain http to another machine where that is allowed."""
        one = ("send", "--type", "page", "--user-id", "u")
        several = ("replay", str(next(RECORDINGS.glob("*batch.json"))))
        for argv, path in ((one, "/v1/page"), (several, "/v1/batch")):
            with self.subTest(argv=argv), FakeServer() as proxy:
                variables = {"http_proxy": proxy.url.removesuffix("/v1"), "no_proxy": ""}
                words = ["segment-client", *argv, "--endpoint", "http://a.test", "--write-key", "k"]
                with start_command([*words, "--allow-http"], ROOT, variables) as process:
                    _, error = process.communicate(timeout=30)
                self.assertEqual((process.returncode, error), (0, ""))
                self.assertEqual({each.path for each in proxy.requests}, {f"http://a.test{path}"})

    def test_wrong_values(self) -> None:
        """What an event cannot hold is one line that names it, exit code 2, and nothing is sent."""
        track = ("--type", "track", "--event", "X", "--user-id", "u")
        cases = (
            (("--type", "track", "--user-id", "u"), "--event is missing"),
            (("--type", "group", "--user-id", "u"), "--group-id is missing"),
            (("--type", "alias", "--user-id", "u"), "--previous-id is missing"),
            (("--type", "track", "--event", "X"), "--user-id and --anonymous-id are both missing"),
            ((*track, "--name", "Home"), "--name is for --type page and screen"),
            ((*track, "--properties", "{"), "--properties is no JSON"),
            ((*track, "--traits", "[]"), "--traits is no JSON object"),
            ((*track, "--context", '{"ip": 5}'), "context.ip: "),
            ((*track, "--timestamp", "yesterday"), "timestamp"),
            ((*track, "--integrations", '{"All": 1}'), "integrations['All']"),
            ((*track, "--entity-gid", "me"), "entity_gid is no UUID"),
            ((*track, "--endpoint", "ftp://x"), "endpoint"),
            (
                (*track, "--endpoint", "http://a.test"),
                "endpoint sends plain http to a.test: pass https://, or --allow-http\n",
            ),
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
