"""`/openapi.json`, held against what the collector does."""

from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from segment_client.collector.api import Api
from segment_client.collector.auth import Authenticator
from segment_client.collector.catalogue import Catalogue
from segment_client.collector.feed import Feed
from segment_client.collector.store import Store
from segment_client.collector.web.app import reading_routes
from segment_client.collector.web.reading import Reading
from tests.collector.support import CollectorCase, track

_VALUES = {
    "limit": "5", "cursor": "9", "count": "1", "timeout": "0", "minutes": "5", "status": "accepted",
    "after": "2026-01-31", "before": "2026-02-01",
}  # fmt: skip
_BODIES: dict[str, dict[str, object]] = {
    "/v1/identify": {"userId": "u", "traits": {}},
    "/v1/group": {"userId": "u", "groupId": "g"},
    "/v1/alias": {"userId": "u", "previousId": "v"},
}


class Document(CollectorCase):
    """What the document says is so."""

    def operations(self) -> dict[tuple[str, str], dict[str, Any]]:
        """Return the operations by path and method."""
        paths = self.get("/openapi.json")["paths"]
        return {(path, method.upper()): it for path, item in paths.items() for method, it in item.items()}

    def answer(self, path: str) -> dict[str, Any]:
        """Return the schema of what a path answers to GET."""
        schema: dict[str, Any] = self.operations()[path, "GET"]["responses"]["200"]["content"][
            "application/json"
        ]["schema"]
        return schema

    def test_reading(self) -> None:
        """It names each path and method of the reading API, and no other."""
        with TemporaryDirectory() as folder:
            store = Store(Path(folder, "db"))
            self.addCleanup(store.close)
            reading = Reading(
                Api(store, lambda: datetime.now(UTC)), Feed(), Authenticator(), Catalogue({}), guarded=False
            )
            served = {
                (route.path, method)
                for route in reading_routes(reading)
                for method in (route.methods or set()) - {"HEAD"}
            }
        named = {(path, method) for path, method in self.operations() if path.startswith("/api/")}
        self.assertEqual(named, served)

    def test_receiving(self) -> None:
        """Each path that it names for events takes what it says, and each call and the batch has one."""
        taking = {path: it for (path, method), it in self.operations().items() if method == "POST"}
        for path, operation in taking.items():
            schema = operation["requestBody"]["content"]["application/json"]["schema"]
            call = {"event": "Named", **track("m1"), **_BODIES.get(path, {})}
            call.pop("type", None) if path != "/v1/event" and "batch" not in schema.get(
                "required", ()
            ) else None
            with self.subTest(path=path):
                body = {"batch": [call]} if "batch" in schema.get("required", ()) else call
                self.assert_success(self.post(path, body))
        calls = ("identify", "track", "page", "group", "screen", "alias")
        self.assertLessEqual({f"/v1/{name}" for name in (*calls, "batch", "event")}, set(taking))

    def test_others(self) -> None:
        """Each other path that it names is there."""
        for path, method in self.operations():
            if method == "GET" and not path.startswith("/api/"):
                with self.subTest(path=path):
                    where = path.replace("{key}", "secret-key-1")
                    answer = self.request("GET", where, headers={"X-Write-Key": "secret-key-1"})
                    self.assertEqual(answer.status_code, 200, answer.text)

    def test_parameters(self) -> None:
        """Each parameter that it names is taken, and no other."""
        for (path, method), operation in self.operations().items():
            if method != "GET" or "{" in path or path == "/api/stream" or not path.startswith("/api/"):
                continue
            names = [it["name"] for it in operation["parameters"] if it["in"] == "query"]
            with self.subTest(path=path):
                answer = self.request("GET", path, params={name: _VALUES.get(name, "x") for name in names})
                self.assertEqual(answer.status_code, 409 if path == "/api/wait" else 200, answer.text)
                self.assert_problem(self.request("GET", f"{path}?other=1"), 400, "bad_query")

    def test_answers(self) -> None:
        """What it says that a list holds, the list holds."""
        self.post("/v1/batch", {"batch": [track("m1"), 5]})
        for path in ("/api/events", "/api/rejected", "/api/calls"):
            schema, answer = self.answer(path), self.get(path)
            (name,) = set(schema["required"]) - {"next"}
            self.assertLessEqual(set(schema["required"]), set(answer))
            item = schema["properties"][name]["items"]
            self.assertLessEqual(set(item.get("required", ())), set(answer[name][0]))
        self.assertLessEqual(set(self.answer("/api/stats")["required"]), set(self.get("/api/stats")))
