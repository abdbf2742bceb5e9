"""The demo's requests from elsewhere: bad events by hand, and the recorded requests of other clients."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator, Mapping
from http.client import HTTPConnection
from urllib.parse import urlencode, urlsplit

from segment_client.commands.replayed import calls_in
from segment_client.demo.calls import KEY
from segment_client.demo.outcome import Outcome
from segment_client.ids import new_message_id, usable_message_id
from segment_client.recordings import Recording, load

__all__ = ["post_bad_events", "replay_recordings"]

_SENDER = "plain HTTP"
_TIMEOUT = 10.0


def post_bad_events(url: str) -> Iterator[Outcome]:
    """Post an event that is nobody's, then a batch of a good and a bad one."""
    good = {"type": "track", "event": "Report Exported", "userId": "ada", "messageId": new_message_id()}
    nobodys = {"type": "track", "event": "Report Exported", "messageId": new_message_id()}
    answer = _post(url, "/v1/track", nobodys)
    yield Outcome(_SENDER, "a track call without a user", answer, rejected=1)
    late = {**good, "messageId": new_message_id(), "timestamp": "yesterday"}
    answer = _post(url, "/v1/batch", {"batch": [good, late]})
    yield Outcome(_SENDER, "a batch of a good event and a bad one", answer, (good["messageId"],), rejected=1)


def replay_recordings(url: str) -> Iterator[Outcome]:
    """Make every recorded request again, byte for byte."""
    for recording in load():
        yield _replay(url, recording)


def _post(url: str, path: str, body: object) -> str:
    """Post JSON; return the status."""
    headers = {"Authorization": f"Basic {b64encode(f'{KEY}:'.encode()).decode('ascii')}"}
    return str(_request(url, "POST", path, headers, json.dumps(body).encode()))


def _replay(url: str, recording: Recording) -> Outcome:
    failures = []
    message_ids: list[str] = []
    for call in recording.calls:
        target = f"{call.path}?{urlencode(call.query)}"
        status = _request(url, call.method, target, dict(call.headers), call.body)
        message_ids += [usable_message_id(made["messageId"]) for made in calls_in(call.body)]
        if not 200 <= status <= 299:
            failures.append(f"{call.method} {call.path} was answered {status}")
    name, requests = recording.name.replace("_", " "), len(recording.calls)
    what = f"{name}: {len(message_ids)} calls in {requests} request{'s' if requests > 1 else ''}"
    problem = f"{name}: {'; '.join(failures)}" if failures else None
    answer = f"{len(failures)} failed" if failures else "all 2xx"
    return Outcome("recorded clients", what, answer, tuple(message_ids), problem=problem)


def _request(url: str, method: str, target: str, headers: Mapping[str, str], body: bytes) -> int:
    connection = HTTPConnection(urlsplit(url).netloc, timeout=_TIMEOUT)
    try:
        connection.request(method, target, body, dict(headers))
        return connection.getresponse().status
    finally:
        connection.close()
