"""The clients, each behind the same four methods, all sending the same event of about 600 bytes.

This runs in the environment of the client that it is asked for, so it imports each where it is used, and
nothing else but the standard library. `queue` is how many events a client has to hold; batches are of 100.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Sequence
from importlib import import_module
from itertools import count
from typing import Any
from uuid import UUID

__all__ = ["ADAPTERS", "Adapter", "Track"]

Track = Callable[[int], object]
"""Makes the call for the event of a number."""

_KEY = "benchmark-key"
_EVENT = "Report Exported"
_BATCH = 100
_ENTITY = UUID("0d2cf2a5-7a0d-4d5c-9f0e-3f6f1c9b7a11")
_HEADERS = {"Content-Type": "application/json", "Authorization": "Basic YmVuY2htYXJrLWtleTo="}
_VISIT = UUID("5f7e3c1a-8d4b-4f0e-9a57-2b6c1d9e8f30")


def _user(number: int) -> str:
    return f"user-{number % 1000}"


def _properties(number: int, more: Sequence[str] = ()) -> dict[str, Any]:
    return {
        "report": "Quarterly revenue by region",
        "format": "pdf",
        "rows": number,
        "duration_ms": 1834.5,
        "scheduled": False,
        "path": "/reports/quarterly-revenue",
        **dict.fromkeys(more, "some text"),
    }


def _context() -> dict[str, Any]:
    return {
        "ip": "203.0.113.7",
        "locale": "en-GB",
        "timezone": "Europe/London",
        "app": {"name": "Reports", "version": "4.2.1"},
    }


def _ready_event() -> bytes:
    event = {
        "type": "track",
        "event": _EVENT,
        "messageId": "b6a3f0de-52c6-4f1e-9d0a-1c0c6b1f7f55",
        "timestamp": "2026-01-31T09:30:00.000000Z",
        "userId": _user(0),
        "properties": _properties(0),
        "context": {**_context(), "library": {"name": "ready", "version": "1.0.0"}},
    }
    return json.dumps(event, separators=(",", ":")).encode()


class Adapter:
    """A client in its usual mode, in which a call returns before its event is sent."""

    modules = ""
    """What a program imports to use it, as a statement."""

    def __init__(self, url: str, queue: int, *, gzip: bool | None = None, fields: int = 0) -> None:
        self._url = url
        self._queue = queue
        self._more = [f"field_{number}" for number in range(fields - len(_properties(0)))]
        self._gzip = {} if gzip is None else {"gzip": gzip}

    def connect(self) -> Track:
        """Make the client; return its call."""
        raise NotImplementedError

    def connect_direct(self) -> Track:
        """Make the client in the mode in which a call returns when its event was sent."""
        raise NotImplementedError

    def finish(self) -> None:
        """Have everything sent."""
        raise NotImplementedError


class Ours(Adapter):
    """This project's client: each event is validated as a SemanticEvent."""

    modules = "from segment_client import SegmentClient"

    def connect(self) -> Track:
        """Make the client with a root event for all, in background delivery."""
        return self._track(delivery="background", max_queue=self._queue, max_queue_bytes=10_000_000_000)

    def connect_direct(self) -> Track:
        """Make it in direct delivery."""
        return self._track()

    def finish(self) -> None:
        """Flush, for as long as it takes."""
        self._client.flush(600.0)

    def _track(self, **options: Any) -> Track:
        client_type = import_module("segment_client").SegmentClient
        self._client = client_type(_KEY, _ENTITY, "default", self._url, **self._gzip, **options)
        scope = self._client.bind(root_event_gid=_VISIT)
        more = self._more
        return lambda number: scope.track(
            event_name=_EVENT, user_id=_user(number), properties=_properties(number, more), context=_context()
        )


class Ready(Adapter):
    """A floor: batches that were JSON before the clock began, and a session that posts them."""

    def connect(self) -> Track:
        """Make the batch; each hundredth call posts it."""
        session = import_module("requests").Session()
        event = _ready_event()
        batch = b'{"batch":[' + b",".join([event] * _BATCH) + b'],"sentAt":"2026-01-31T09:30:00.000Z"}'

        calls = count(1)

        def track(_: int) -> None:
            if next(calls) % _BATCH == 0:
                session.post(f"{self._url}/v1/batch", data=batch, headers=_HEADERS, timeout=10)

        return track

    def connect_direct(self) -> Track:
        """Return a call that posts one event."""
        session = import_module("requests").Session()
        event = _ready_event()
        url = f"{self._url}/v1/track"
        return lambda _: session.post(url, data=event, headers=_HEADERS, timeout=10).content

    def finish(self) -> None:
        """Do nothing: nothing waits."""


class Spooled(Ours):
    """This project's client with its spool: each event is on disk before the call returns."""

    def connect(self) -> Track:
        """Make the client with a spool in a folder that is gone afterwards."""
        self._folder = import_module("tempfile").TemporaryDirectory()
        return self._track(spool=f"{self._folder.name}/events.db", spool_max_bytes=10_000_000_000)


class _Queued(Adapter):
    """The clients whose constructors name their queue and their mode without one alike."""

    _client: Any

    def connect(self) -> Track:
        """Make the client with its defaults, but for the queue."""
        return self._track(max_queue_size=self._queue)

    def connect_direct(self) -> Track:
        """Make it in its mode for tests and scripts."""
        return self._track(sync_mode=True)

    def finish(self) -> None:
        """Wait for its queue."""
        self._client.flush()

    def _track(self, **options: Any) -> Track:
        raise NotImplementedError


class _Analytics(_Queued):
    """The two clients that have one ancestor."""

    package = ""

    def _track(self, **options: Any) -> Track:
        client_type = import_module(f"{self.package}.client").Client
        client = self._client = client_type(_KEY, host=self._url, **self._gzip, **options)
        return lambda number: client.track(
            user_id=_user(number), event=_EVENT, properties=_properties(number), context=_context()
        )


class Segment(_Analytics):
    """segment-analytics-python."""

    package = "segment.analytics"
    modules = "from segment.analytics.client import Client"


class Rudder(_Analytics):
    """rudder-sdk-python."""

    package = "rudderstack.analytics"
    modules = "from rudderstack.analytics.client import Client"


class PostHog(_Queued):
    """posthog: it has no context, so what stands there goes as properties."""

    modules = "from posthog import Posthog"

    def _track(self, **options: Any) -> Track:
        client_type = import_module("posthog").Posthog
        client = self._client = client_type(_KEY, host=self._url, **self._gzip, **options)
        return lambda number: client.capture(
            _EVENT, distinct_id=_user(number), properties={**_properties(number), **_context()}
        )


class Snowplow(Adapter):
    """snowplow-tracker: a self-describing event with its context as an entity. It has no gzip."""

    modules = "from snowplow_tracker import AsyncEmitter, Tracker"

    def connect(self) -> Track:
        """Make a tracker whose emitter has a thread."""
        return self._track("AsyncEmitter", batch_size=_BATCH, buffer_capacity=self._queue)

    def connect_direct(self) -> Track:
        """Make a tracker whose emitter posts each event."""
        return self._track("Emitter", batch_size=1)

    def finish(self) -> None:
        """Wait for its queue."""
        self._emitter.sync_flush()

    def _track(self, emitter: str, **options: Any) -> Track:
        snowplow = import_module("snowplow_tracker")
        logging.disable(logging.INFO)  # it has its own lines about each request printed
        self._emitter = getattr(snowplow, emitter)(self._url, **options)
        tracker = snowplow.Tracker("benchmark", self._emitter, encode_base64=False)
        json_type, event_type, subject_type = (
            snowplow.SelfDescribingJson,
            snowplow.SelfDescribing,
            snowplow.Subject,
        )

        def track(number: int) -> None:
            properties = {"name": _EVENT, **_properties(number)}
            event = event_type(
                event_json=json_type("iglu:com.example/event/jsonschema/1-0-0", properties),
                context=[json_type("iglu:com.example/context/jsonschema/1-0-0", _context())],
                event_subject=subject_type().set_user_id(_user(number)),
            )
            tracker.track(event)

        return track


ADAPTERS: dict[str, type[Adapter]] = {
    "ours": Ours,
    "ready": Ready,
    "spooled": Spooled,
    "segment": Segment,
    "rudder": Rudder,
    "posthog": PostHog,
    "snowplow": Snowplow,
}
