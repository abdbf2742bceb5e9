"""Whatever is posted, the answer is a clean one."""

import json
import unittest
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.collector.attack import attack
from tests.collector.support import CollectorCase, track
from tests.laws import law

_PATHS = st.sampled_from(
    ["/v1/track", "/v1/identify", "/v1/page", "/v1/group", "/v1/alias", "/v1/batch", "/v1/event"]
)
_TEXT = st.text(st.characters(exclude_categories=()), max_size=8)  # half surrogate pairs too
_SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | _TEXT
_JSON = st.recursive(
    _SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXT, inner, max_size=3)
)
_NAMES = st.sampled_from(
    [
        "type",
        "event",
        "userId",
        "messageId",
        "message_id",
        "entity_gid",
        "timestamp",
        "sentAt",
        "properties",
        "traits",
        "context",
        "integrations",
        "previousId",
        "groupId",
        "name",
        "originalTimestamp",
        "writeKey",
    ]
)
_CONTEXT_NAMES = st.sampled_from(
    [
        "ip",
        "page",
        "location",
        "os",
        "screen",
        "traits",
        "userAgent",
        "userAgentData",
        "campaign",
        "cxs",
        "groupId",
        "library",
        "segment",
        "extras",
    ]
)
_INNER_NAMES = st.sampled_from(
    ["v", "undo", "empty", "mirrored", "name", "longitude", "latitude", "density", "brands"]
)
_CONTEXTS = st.dictionaries(_CONTEXT_NAMES, _JSON | st.dictionaries(_INNER_NAMES, _JSON))
_CALLS = st.builds(
    lambda changes, context: {**track("fuzz"), **changes, **({"context": context} if context else {})},
    st.dictionaries(_NAMES, _JSON, max_size=3),
    st.none() | _CONTEXTS,
)
_LAW = law(60)


class Attack(unittest.TestCase):
    """Requests that are broken in every way; `make soak` sends many more."""

    def test_attack(self) -> None:
        """Each gets 2xx or a clean 4xx in time, and no good event is lost."""
        answered = attack(self, "a few", 300)
        self.assertEqual(answered.total(), 300)
        self.assertLessEqual({200, 400, 401, 404, 405, 408}, set(answered))


class Fuzz(CollectorCase):
    """Requests that no client would make."""

    def check(self, path: str, body: bytes) -> None:
        """Post a body and check that the answer is a success or a clean refusal."""
        answer = self.post(path, body)
        self.assertIn(answer.status_code, (200, 400), (path, body, answer.text))
        if answer.status_code == 200:
            self.assert_success(answer)
        else:
            self.assertTrue(answer.json()["code"] and answer.json()["message"])

    @_LAW
    @given(_PATHS, st.binary(max_size=60))
    def test_bytes(self, path: str, body: bytes) -> None:
        """Any bytes are a clean 400 or a success."""
        self.check(path, body)

    @_LAW
    @given(_PATHS, _JSON)
    def test_json(self, path: str, value: object) -> None:
        """Any JSON is a clean 400 or a success."""
        self.check(path, json.dumps(value).encode())

    @_LAW
    @given(st.lists(_CALLS, min_size=1, max_size=4))
    def test_calls(self, calls: list[dict[str, Any]]) -> None:
        """A good call beside any mutated calls is stored, and what the API then tells of them is JSON."""
        self.request("DELETE", "/api/events")
        self.assert_success(self.post("/v1/batch", {"batch": [*calls, track("good")]}))
        self.assertEqual(self.get("/api/events/good")["message_id"], "good")
        self.assertEqual(self.get("/api/stats")["received"], len(calls) + 1)
        self.get("/api/events")
        self.get("/api/rejected")
