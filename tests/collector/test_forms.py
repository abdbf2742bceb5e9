"""Every path with every place of the write key: whichever client it is, its host alone is changed."""

from collections.abc import Callable
from itertools import product
from typing import Any

from tests.collector.support import BASIC, WRITE_KEY, CollectorCase, track

_CALLS = {"identify": "i", "track": "t", "page": "p", "group": "g", "screen": "s", "alias": "a"}
_PREFIXES = ("/v1", "", "/beacon/v1", "/api/s", "/api/s/s2s")
_FIELDS: dict[str, dict[str, Any]] = {
    "track": {"event": "Item Viewed"},
    "group": {"groupId": "acme"},
    "alias": {"previousId": "before"},
}

_Place = Callable[[str, dict[str, Any]], tuple[str, dict[str, Any], dict[str, str]]]
_PLACES: dict[str, _Place] = {
    "Basic": lambda path, body: (path, body, dict([BASIC])),
    "X-Write-Key": lambda path, body: (path, body, {"X-Write-Key": WRITE_KEY}),
    "query": lambda path, body: (f"{path}?writeKey={WRITE_KEY}", body, {}),
    "body": lambda path, body: (path, {**body, "writeKey": WRITE_KEY}, {}),
}


class Forms(CollectorCase):
    """Any client works with only its host changed."""

    def test_calls(self) -> None:
        """A call is taken on each path of its type, in full and short, with the key in each place."""
        expected: dict[str, str] = {}
        for prefix, (kind, short), place in product(_PREFIXES, _CALLS.items(), _PLACES):
            for name in (kind, short):
                number = f"m{len(expected)}"
                body = {"userId": "u1", "messageId": number, **_FIELDS.get(kind, {})}
                self.send(f"{prefix}/{name}", body, place)
                expected[number] = kind
        self.assertEqual(len(expected), 240)
        events = self.get("/api/events?limit=1000")["events"]
        self.assertEqual({event["message_id"]: event["type"] for event in events}, expected)

    def test_batches(self) -> None:
        """A batch is taken on each of its paths, with the key in each place."""
        expected: list[str] = []
        for prefix, name, place in product(_PREFIXES, ("batch", "b", "import"), _PLACES):
            ids = [f"{len(expected)}-{number}" for number in range(2)]
            self.send(f"{prefix}/{name}", {"batch": [track(number) for number in ids]}, place)
            expected += ids
        self.assertEqual(sorted(self.message_ids()), sorted(expected))

    def test_source_config(self) -> None:
        """A RudderStack client gets its source's configuration with the key in the head or in the address."""
        for path in ("/sourceConfig", f"/sourceConfig/?p=npm&v=3.34.1&writeKey={WRITE_KEY}"):
            answer = self.request("GET", path, headers=dict([BASIC] if "?" not in path else []))
            source = answer.json()["source"]
            self.assertEqual((source["enabled"], source["destinations"]), (True, []))
            self.assertNotIn(WRITE_KEY, answer.text)
        self.assert_problem(self.request("GET", "/sourceConfig/?writeKey=wrong"), 401, "unauthorized")
        asked = {"Origin": "https://shop.example", "Access-Control-Request-Headers": "authorization"}
        allowed = self.request("OPTIONS", "/sourceConfig/", headers=asked).headers
        self.assertEqual(allowed["Access-Control-Allow-Headers"], "authorization")

    def send(self, path: str, body: dict[str, Any], place: str) -> None:
        """Post a body with the key in a place."""
        address, posted, headers = _PLACES[place](path, body)
        with self.subTest(path=path, place=place):
            self.assert_success(self.request("POST", address, json=posted, headers=headers))
