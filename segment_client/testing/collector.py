"""A collector in the test's own process, and assertions that say what came instead."""

from __future__ import annotations

import json
from collections.abc import Mapping
from difflib import unified_diff
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode, urlsplit

from segment_client.collector import Collector as Server

__all__ = ["Collector"]

_PAGE = 1000
_MARGIN = 10.0


class Collector(Server):
    """A real server on a free port of 127.0.0.1 that keeps what it receives until it is closed.

    >>> with Collector() as collector:
    ...     checkout(endpoint=collector.url)
    ...     collector.wait(event="Order Completed", user_id="ada")
    ...     collector.assert_no_rejected()

    A search is given as the parameters of the collector's API: `type`, `event`, `user_id`, `anonymous_id`,
    `user`, `message_id`, `test_id`, `after`, `before`, or `q` in its grammar. What is not there is an
    AssertionError, as unittest and pytest show it. The arguments are those of the server.
    """

    def wait(self, count: int = 1, *, timeout: float = 5.0, **search: str) -> list[dict[str, Any]]:
        """Return the events that a search finds, oldest first, once there are `count` of them.

        Raises AssertionError after `timeout` seconds, which says what is there instead.
        """
        status, answer = self._get("wait", {"count": count, "timeout": timeout, **search}, timeout)
        if status == 200:
            return list(answer["events"])
        raise AssertionError(answer["message"])

    def events(self, **search: str) -> list[dict[str, Any]]:
        """Return the events that a search finds, oldest first; all of them without a search."""
        return self._all("events", search)

    def rejected(self, **search: str) -> list[dict[str, Any]]:
        """Return the rejected calls that a search finds, oldest first, each with `errors` and `raw`."""
        return self._all("rejected", search)

    def warnings(self, **search: str) -> list[dict[str, Any]]:
        """Return the events that the catalogue warns of, oldest first, each with `warnings` and `raw`."""
        return self._all("warnings", search)

    def assert_event(self, event: str, *, timeout: float = 5.0, **fields: object) -> dict[str, Any]:
        """Return the first event of a name that has these fields; objects may hold more than is given.

        A property may be given as it was sent: 5 for the text "5" that the event holds. Raises AssertionError
        after `timeout` seconds where no event has the name, and at once where its fields differ: then it
        shows the difference to the event that is nearest.
        """
        found = self.wait(event=event, timeout=timeout)
        differences: list[list[str]] = []
        for candidate in found:
            expected, actual = _compared(fields, candidate)
            if expected == actual:
                return candidate
            differences.append(list(unified_diff(expected, actual, "expected", "received", lineterm="")))
        nearest = min(differences, key=len)
        shown = "\n".join(nearest)
        raise AssertionError(f"No {event!r} of {len(found)} has these fields; the nearest:\n{shown}")

    def assert_no_rejected(self) -> None:
        """Raise an AssertionError that says of each rejected call what is wrong with it, if there is one."""
        rejected = self.rejected()
        if rejected:
            told = "\n".join(f"- {_told(call, 'errors')}" for call in rejected[:20])
            raise AssertionError(f"{len(rejected)} calls were rejected:\n{told}")

    def assert_no_warnings(self) -> None:
        """Raise an AssertionError that says what the catalogue has against each event, if anything."""
        warned = self.warnings()
        if warned:
            told = "\n".join(f"- {_told(call, 'warnings')}" for call in warned[:20])
            raise AssertionError(f"The catalogue warns of {len(warned)} events:\n{told}")

    def clear(self) -> None:
        """Forget everything that was received."""
        self._request("DELETE", "/api/events", _MARGIN)

    def _all(self, name: str, search: Mapping[str, object]) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = []
        cursor: dict[str, object] = {}
        while True:
            status, page = self._get(name, {"limit": _PAGE, **search, **cursor}, _MARGIN)
            if status != 200:
                raise AssertionError(page["message"])
            items += page[name]
            if page["next"] is None:
                return items[::-1]
            cursor = {"cursor": page["next"]}

    def _get(self, name: str, query: Mapping[str, object], timeout: float) -> tuple[int, dict[str, Any]]:
        return self._request("GET", f"/api/{name}?{urlencode(query)}", timeout + _MARGIN)

    def _request(self, method: str, path: str, timeout: float) -> tuple[int, dict[str, Any]]:
        connection = HTTPConnection(urlsplit(self.url).netloc, timeout=timeout)
        try:
            connection.request(method, path)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()


def _compared(fields: Mapping[str, object], event: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """Return what is expected and what there is of it, as lines that can be compared."""
    expected: dict[str, object] = {}
    actual: dict[str, object] = {}
    for name, value in fields.items():
        expected[name], actual[name] = value, _part(value, event.get(name))
    return _lines(expected), _lines(actual)


def _part(expected: object, actual: object) -> object:
    """Return of a value what is asked for, in the form in which it is asked for where that is the same."""
    if isinstance(expected, Mapping) and isinstance(actual, Mapping):
        return {key: _part(item, actual.get(key)) for key, item in expected.items()}
    if isinstance(actual, str) and not isinstance(expected, str):
        as_text = (str(expected), json.dumps(expected, separators=(",", ":"), default=str))
        return expected if actual in as_text else actual
    return actual


def _lines(value: object) -> list[str]:
    return json.dumps(value, indent=2, sort_keys=True, default=str, ensure_ascii=False).splitlines()


def _told(call: Mapping[str, Any], name: str) -> str:
    errors = "; ".join(": ".join(filter(None, (error["path"], error["message"]))) for error in call[name])
    raw = json.dumps(call["raw"], ensure_ascii=False)
    return f"{errors}\n  in {raw if len(raw) <= 300 else raw[:300] + '…'}"
