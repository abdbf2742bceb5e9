"""Requests that no client would make: good ones, changed at random in their JSON, coding, head or bytes."""

from __future__ import annotations

import copy
import gzip
import json
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from tests.collector.support import BASIC, track

__all__ = ["Mutant", "Mutator"]

_PATHS = (
    "/v1/track", "/v1/identify", "/v1/page", "/v1/group", "/v1/alias", "/v1/screen", "/v1/batch",
    "/v1/import", "/v1/event", "/batch", "/b", "/v1/t", "/beacon/v1/batch", "/api/s/track",
    "/api/s/s2s/batch",
)  # fmt: skip
_READ = (
    "/", "/api/events", "/api/events?q=x", "/api/calls", "/api/calls/1", "/api/rejected", "/api/warnings",
    "/api/stats?minutes=5", "/api/wait?timeout=0", "/api/export", "/api/catalogue", "/metrics", "/readyz",
    "/openapi.json", "/assets/x", "/v1/projects/k/settings", "/sourceConfig",
)  # fmt: skip
_ODD_PATHS = ("*", "http://x/v1/track", "/%00", "/v1/%2e%2e/x", "//", "/v1/track/")
_PARAMETERS = (
    "q", "limit", "cursor", "type", "event", "user", "after", "before", "minutes", "count", "status", "\xff",
)  # fmt: skip
_GIVEN = (
    "", "5", "-1", "x" * 2000, "%00", "%ff", '"', "type:", "a%20-b", "2026-99-01", "9" * 30, "last:5m", "%",
)  # fmt: skip
_METHODS = ("GET", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "TRACE", "CONNECT", "post", "P\x7fST", "")
_VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 2**63, 10**400, 1e308, float("nan"), float("inf"), "", "\x00", "\ud800",
    "\u202e", "x" * 40_000, "2026-02-30T00:00:00Z", "<script>", [], {}, [[]], {"": {}}, {"a" * 3000: 1},
    ["x"] * 300, {"v": 1, "undo": {"replaced": {"/a": 1}, "added": ["/b"]}},
    {"v": 1, "empty": ["a.b", 5], "mirrored": 5},
)  # fmt: skip
_NAMES = (
    "type", "event", "userId", "anonymousId", "messageId", "message_id", "entity_gid", "timestamp",
    "sentAt", "properties", "traits", "context", "integrations", "previousId", "groupId", "name",
    "writeKey", "batch", "v", "cxs", "segment", "extras", "ip", "page", "location", "userAgent",
    "protocols", "eventVersion",
)  # fmt: skip
_HEADERS = (
    "Content-Encoding: gzip", "Content-Encoding: br", "Content-Type: text/plain", "Content-Type: \xff",
    "Authorization: Basic ====", "Authorization: Basic", "Authorization: Bearer x", "X-Write-Key: ",
    "Host: ", "Host: [::1", "Origin: null", "Origin: https://evil.example", "Expect: 100-continue",
    "Connection: close", "Connection: upgrade", "Upgrade: websocket", "Transfer-Encoding: gzip",
    "Content-Length: -1", "X-Test-Id: t", "Content-Length: 99999999999999999999", "Cookie: a=b",
    ": empty", "No colon", "X: " + "y" * 70_000, "Access-Control-Request-Headers: a, \x01",
    "Last-Event-ID: 5-5", "Sec-Fetch-Site: cross-site",
)  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """A request as bytes; `good` is the id of a good event in it, which must be stored."""

    data: bytes
    good: str | None = None


class Mutator:
    """Makes requests at random; the same seed makes the same ones."""

    def __init__(self, seed: str) -> None:
        self._random = Random(seed)  # noqa: S311 - chance, no secret
        self._number = 0

    def next(self) -> Mutant:
        """Return the next request."""
        self._number += 1
        others = (self._coded, self._headed, self._broken, self._asked)
        make: Callable[[], Mutant] = self._random.choice((*[self._changed] * 3, *others))
        return make()

    def _changed(self) -> Mutant:
        """Calls with changed values, and a good one that must not suffer."""
        good = f"good-{self._number}"
        calls: list[Any] = [self._changed_call() for _ in range(self._random.randint(0, 3))]
        calls.insert(self._random.randint(0, len(calls)), track(good))
        if self._random.random() < 0.3:
            return Mutant(_request("POST", "/v1/event", _json(calls)), good)
        body = _json({"batch": calls, "sentAt": "2026-01-31T09:30:00Z"})
        return Mutant(_request("POST", "/v1/batch", body), good)

    def _coded(self) -> Mutant:
        """A body in a coding that may be broken."""
        body = _json({"batch": [self._changed_call(), self._changed_call()]})
        coded = gzip.compress(body, mtime=0)
        cut = self._random.randint(0, len(coded))
        body = self._random.choice(
            (coded, coded[:cut], coded + coded, coded[:cut] + body, b"\x1f\x8b" + body)
        )
        return Mutant(_request("POST", self._random.choice(_PATHS), body))

    def _headed(self) -> Mutant:
        """Strange methods, paths and headers."""
        path = self._random.choice((*_PATHS, *_READ, *_ODD_PATHS))
        method = self._random.choice(("POST", *_METHODS))
        if (method, path) == ("DELETE", "/api/events"):  # it would do as it is told
            path = "/api/calls"
        headers = self._random.sample(_HEADERS, self._random.randint(0, 3))
        return Mutant(_request(method, path, _json(self._changed_call()), *headers))

    def _asked(self) -> Mutant:
        """Questions with strange parameters."""
        number = self._random.randint(0, 3)
        given = [f"{self._random.choice(_PARAMETERS)}={self._random.choice(_GIVEN)}" for _ in range(number)]
        path = self._random.choice(_READ).partition("?")[0]
        wait = ["timeout=0"] if path.endswith("wait") else []
        return Mutant(_request("GET", f"{path}?{'&'.join(wait + given)}", b""))

    def _broken(self) -> Mutant:
        """A good request with some bytes changed, left out or said twice."""
        data = bytearray(_request("POST", self._random.choice(_PATHS), _json(track("broken"))))
        for _ in range(self._random.randint(1, 4)):
            place = self._random.randrange(len(data))
            match self._random.randrange(4):
                case 0:
                    data[place] = self._random.randrange(256)
                case 1:
                    del data[place : place + self._random.randint(1, 30)]
                case 2:
                    data[place:place] = data[place : place + self._random.randint(1, 30)]
                case _:
                    data[place:place] = self._random.randbytes(self._random.randint(1, 5))
            data = data or bytearray(b"\r")
        return Mutant(bytes(data))

    def _changed_call(self) -> Any:
        call: Any = copy.deepcopy(track("changed", context={"page": {"url": "/"}, "cxs": {"v": 1}}))
        for _ in range(self._random.randint(1, 4)):
            holder = call
            inner = [value for value in holder.values() if isinstance(value, dict)]
            if inner and self._random.random() < 0.6:
                holder = self._random.choice(inner)
            holder[self._random.choice(_NAMES)] = copy.deepcopy(self._random.choice(_VALUES))
        return self._random.choice(_VALUES) if self._random.random() < 0.05 else call


def _json(value: object) -> bytes:
    return json.dumps(value).encode()


def _request(method: str, path: str, body: bytes, *headers: str) -> bytes:
    own = {header.partition(":")[0].lower() for header in headers}
    lines = [f"{method} {path} HTTP/1.1", *headers]
    lines += [] if "host" in own else ["Host: localhost"]
    lines += [] if "authorization" in own else [": ".join(BASIC)]
    lines += [] if "content-length" in own or "transfer-encoding" in own else [f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body
