"""A transport that keeps what it is given."""

from __future__ import annotations

import json
import threading
from gzip import decompress
from typing import Any

from segment_client.transport import Request, Response

__all__ = ["RecordingTransport"]


class RecordingTransport:
    """Answers every request with 200 and lists what would have been sent; pass it as `transport=`.

    `requests` holds the requests as they are, `events` each event as its decoded wire object, batches taken
    apart. Thread-safe.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.requests: list[Request] = []
        self.events: list[dict[str, Any]] = []

    def send(self, request: Request) -> Response:
        """Record a request."""
        body = request.body
        if request.headers.get("Content-Encoding") == "gzip":
            body = decompress(body)
        decoded = json.loads(body)
        events = decoded if isinstance(decoded, list) else decoded.get("batch", [decoded])
        with self._lock:
            self.requests.append(request)
            self.events.extend(events)
        return Response(200, {"content-type": "application/json"}, b'{"success": true}')

    def close(self) -> None:
        """Do nothing: there is nothing to give up."""
