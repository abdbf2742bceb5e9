"""What the tests of the clients share: a collector in a process of its own, and what must be so after."""

from __future__ import annotations

import base64
import copy
import json
import signal
import tempfile
import time
import unittest
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

import requests
from semantic_events import SemanticEvent

from segment_client.wire import encode
from tests.commands import start_command
from tests.conformance import environment
from tests.conformance.environment import HERE
from tests.conformance.tap import Exchange, Tap

__all__ = ["CALLS", "KEY", "TIMES", "WRONG_KEY", "ConformanceCase"]

KEY = "conformance-key-0123456789"
WRONG_KEY = "wrong-key-0123456789"
TIMES = 20
"""How many times a client makes each call in batches, after it has made each by itself."""

CALLS = HERE / "calls.json"
_LIMIT = 60
_KEY_NAMES = ("writeKey", "write_key")


class ConformanceCase(unittest.TestCase):
    """A test case with a collector that takes `key` only, reached through a tap; a new one for each test."""

    maxDiff = None
    key: ClassVar[str] = KEY

    @classmethod
    def setUpClass(cls) -> None:
        """Install the clients, if that was not done."""
        environment.install()

    def setUp(self) -> None:
        """Start the collector and the tap."""
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        words = ["segment-client", "collect", "--port", "0", "--db", "events.sqlite", "--write-key", self.key]
        self.process = self.enterContext(start_command(words, self.folder))
        self.addCleanup(self.process.kill)
        assert self.process.stdout is not None
        self.url = self.process.stdout.readline().split()[-1]
        self.tap = self.enterContext(Tap(self.url))
        self.session = self.enterContext(requests.Session())

    def get(self, path: str) -> Any:
        """Return what the collector's API answers."""
        answer = self.session.get(self.url + path, timeout=_LIMIT)
        self.assertEqual(answer.status_code, 200, answer.text)
        return answer.json()

    def assert_arrived(self, calls: Sequence[Mapping[str, Any]], exchanges: Sequence[Exchange]) -> None:
        """Check that what a client put on the wire is all that it was asked for, and arrived whole, and once.

        `calls` are those that the program made, in any order.
        """
        self.assertEqual({exchange.status for exchange in exchanges}, {200})
        sent = {call["messageId"]: call for exchange in exchanges for call in exchange.calls}
        self.assertEqual(sum(len(exchange.calls) for exchange in exchanges), len(sent))
        self.assertEqual(_counted(sent.values()), _counted(calls))
        stats = self.get("/api/stats")
        self.assertEqual((stats["stored"], stats["rejected"], stats["duplicates"]), (len(sent), 0, 0))
        rows = self.get("/api/calls?limit=1000")["calls"]
        self.assertEqual({row["message_id"] for row in rows}, set(sent))
        asked = {call["type"]: call for call in calls}
        for row in rows:
            with self.subTest(type=row["type"]):
                call, kept = sent[row["message_id"]], self.get(f"/api/calls/{row['seq']}")
                self.assertEqual(_lacking(asked[call["type"]], _traits_out(call)), [])
                whole = {name: value for name, value in call.items() if name not in _KEY_NAMES}
                self.assertEqual(kept["raw"], whole)
                self.assertEqual(_foreign(kept["event"]), _without_cxs(whole))

    def assert_no_key(self, *keys: str) -> None:
        """Stop the collector, and check that no key is in its files, its answers or its output."""
        answers = [
            self.session.get(self.url + path, timeout=_LIMIT).content
            for path in ("/api/events?limit=1000", "/api/rejected?limit=1000", "/api/calls?limit=1000", "/")
        ]
        answers += [
            self.session.get(f"{self.url}/api/calls/{row['seq']}", timeout=_LIMIT).content
            for row in self.get("/api/calls?limit=1000")["calls"]
        ]
        files = [file.read_bytes() for file in self.folder.iterdir()]
        self.process.send_signal(signal.SIGINT)
        out, error = self.process.communicate(timeout=_LIMIT)
        files += [file.read_bytes() for file in self.folder.iterdir()]
        self.assertEqual((self.process.returncode, error), (0, ""))
        for key in keys:
            forms = [key.encode(), base64.b64encode(key.encode())[:-4], base64.b64encode(f"{key}:".encode())]
            for held in (*answers, *files, out.encode()):
                for form in forms:
                    self.assertNotIn(form, held)

    def wait_for(self, count: int) -> None:
        """Wait until that many calls are stored, or fail."""
        self.until(lambda: self.get("/api/stats")["received"] >= count)

    def until(self, done: Callable[[], bool]) -> None:
        """Wait until something is so, or fail."""
        deadline = time.monotonic() + _LIMIT
        while not done():
            told = f"it did not come to that: {len(self.tap.posts())} requests with calls"
            self.assertLess(time.monotonic(), deadline, told)
            time.sleep(0.05)


def _counted(calls: Any) -> dict[str, int]:
    types = [call["type"] for call in calls]
    return {name: types.count(name) for name in sorted(set(types))}


def _traits_out(call: dict[str, Any]) -> dict[str, Any]:
    """Return a call with the traits where they are passed; some clients put them into the context."""
    return {"traits": call["context"].get("traits"), **call}


def _lacking(asked: Any, sent: Any, path: str = "") -> list[str]:
    """Return the places of what a program passed that its client did not send as it was."""
    if isinstance(asked, dict) and isinstance(sent, dict):
        return [
            place
            for name, value in asked.items()
            for place in _lacking(value, sent.get(name), f"{path}/{name}")
        ]
    same = _moment(asked) == _moment(sent) if path == "/timestamp" else asked == sent
    return [] if same else [path]


def _moment(text: Any) -> datetime | None:
    return datetime.fromisoformat(text) if isinstance(text, str) else None


def _foreign(event: dict[str, Any]) -> Any:
    """Return a stored event as the call that it came as, without what only our calls have."""
    validated = SemanticEvent.model_validate_json(json.dumps({**event, "received_at": None}))
    return _without_cxs(json.loads(encode(validated, "segment")))


def _without_cxs(call: dict[str, Any]) -> dict[str, Any]:
    call = copy.deepcopy(call)
    call.get("context", {}).pop("cxs", None)
    return call
