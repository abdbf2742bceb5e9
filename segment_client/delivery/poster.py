"""One HTTP request out of encoded events: envelope, headers, gzip. Shared by every delivery."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Sequence
from datetime import datetime
from gzip import compress

from segment_client.delivery.outgoing import Outgoing
from segment_client.endpoint import Endpoint
from segment_client.transport import Request, Response, Transport

__all__ = ["GZIP_FROM", "Poster"]

GZIP_FROM = 1024
"""Bodies of fewer bytes are sent as they are, unless gzip is asked for."""

_GZIP_LEVEL = 6


class Poster:
    """Posts events to an endpoint by Basic authentication: the write key as user, an empty password.

    `gzip` is True (always), False (never) or None (from 1 KB on). `timeout` is in seconds.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        write_key: str,
        transport: Transport,
        *,
        timeout: float,
        gzip: bool | None = None,
    ) -> None:
        self._endpoint = endpoint
        self._write_key = write_key
        self._transport = transport
        self._timeout = timeout
        self._gzip = gzip
        token = b64encode(f"{write_key}:".encode()).decode("ascii")
        self._headers = {"Authorization": f"Basic {token}", "Content-Type": "application/json"}

    def post_one(self, event: Outgoing, sent_at: datetime) -> Response:
        """Post one event; `sentAt` is spliced in beside it, and its own bytes stay as they are."""
        if self._endpoint.single_envelope == "batch":
            return self.post_batch([event], sent_at)
        body = event.body
        if self._endpoint.wire == "segment" and not event.has_sent_at:
            body = b'{"sentAt":"' + _timestamp(sent_at) + b'",' + body[1:]
        return self._send(self._endpoint.single_url(event.call_type), body)

    def post_batch(self, events: Sequence[Outgoing], sent_at: datetime) -> Response:
        """Post several events: Segment's batch object, or an array of SemanticEvents."""
        joined = b",".join(event.body for event in events)
        if self._endpoint.wire == "semantic":
            body = b"[" + joined + b"]"
        else:
            key = json.dumps(self._write_key).encode()
            body = (
                b'{"batch":[' + joined + b'],"sentAt":"' + _timestamp(sent_at) + b'","writeKey":' + key + b"}"
            )
        return self._send(self._endpoint.batch_url(), body)

    def close(self) -> None:
        """Close the transport."""
        self._transport.close()

    def _send(self, url: str, body: bytes) -> Response:
        headers = self._headers
        if self._gzip or (self._gzip is None and len(body) >= GZIP_FROM):
            body = compress(body, _GZIP_LEVEL, mtime=0)
            headers = {**headers, "Content-Encoding": "gzip"}
        return self._transport.send(Request(url, body, headers, self._timeout))


def _timestamp(moment: datetime) -> bytes:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z").encode("ascii")
