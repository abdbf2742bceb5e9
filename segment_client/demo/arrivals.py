"""What the server holds at the end of the demo, and how that differs from what it should hold."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

from segment_client.demo.outcome import Outcome

__all__ = ["Arrivals", "differences", "read"]

_TIMEOUT = 10.0


@dataclass(frozen=True, slots=True)
class Arrivals:
    """The events stored and the calls rejected, oldest first, and the server's own counts."""

    events: list[dict[str, Any]]
    rejected: list[dict[str, Any]]
    stats: dict[str, Any]


def read(url: str) -> Arrivals:
    """Read a collector's API."""
    connection = HTTPConnection(urlsplit(url).netloc, timeout=_TIMEOUT)
    try:
        events, rejected = (list(_items(connection, name))[::-1] for name in ("events", "rejected"))
        return Arrivals(events, rejected, _get(connection, "/api/stats"))
    finally:
        connection.close()


def differences(outcomes: Sequence[Outcome], arrivals: Arrivals) -> list[str]:
    """Return a sentence for everything that is missing or unexpected; none where all is as it should be."""
    sent = [message_id for outcome in outcomes for message_id in outcome.message_ids]
    held = [event["message_id"] for event in arrivals.events]
    rejected = sum(outcome.rejected for outcome in outcomes)
    counts = {
        "stored": len(set(sent)),
        "duplicates": len(sent) - len(set(sent)),
        "rejected": rejected,
        "received": len(sent) + rejected,
    }
    return [
        *(outcome.problem for outcome in outcomes if outcome.problem),
        *(f"event {message_id} was sent, but is not there" for message_id in sorted(set(sent) - set(held))),
        *(f"event {message_id} is there, but was not sent" for message_id in sorted(set(held) - set(sent))),
        *(
            f"the collector counts {arrivals.stats[name]} {name}, not {count}"
            for name, count in counts.items()
            if arrivals.stats[name] != count
        ),
        *(
            [f"{len(arrivals.rejected)} rejected calls are listed, not {rejected}"]
            * (len(arrivals.rejected) != rejected)
        ),
    ]


def _items(connection: HTTPConnection, name: str) -> Iterator[dict[str, Any]]:
    cursor = ""
    while cursor is not None:
        page = _get(connection, f"/api/{name}?limit=1000{cursor and f'&cursor={cursor}'}")
        yield from page[name]
        cursor = page["next"]


def _get(connection: HTTPConnection, target: str) -> dict[str, Any]:
    connection.request("GET", target)
    answer: dict[str, Any] = json.loads(connection.getresponse().read())
    return answer
