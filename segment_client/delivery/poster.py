"""One HTTP request out of encoded events: envelope, headers, gzip. Shared by every delivery."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zlib import DEF_MEM_LEVEL, DEFLATED, MAX_WBITS, Z_FILTERED, compressobj

from segment_client.delivery.outgoing import Outgoing
from segment_client.endpoint import Endpoint
from segment_client.transport import Request, Response, Transport

__all__ = ["GZIP_FROM", "MAX_BATCH_BYTES", "MAX_BATCH_EVENTS", "BatchLimits", "Poster"]

MAX_BATCH_BYTES = 500_000
"""Segment's limit for the body of a batch, envelope and all, before gzip."""

MAX_BATCH_EVENTS = 2_500
"""Segment's limit for the events of a batch."""

GZIP_FROM = 1024
"""Bodies of fewer bytes are sent as they are, unless gzip is asked for."""

_GZIP_HEADER = 16
"""What `zlib` has added to the size of its window where it is to write gzip."""

_LONGEST = b"2026-01-31T09:30:00.000Z"


@dataclass(frozen=True, slots=True)
class BatchLimits:
    """What one request takes: events, and bytes of events with a comma after each."""

    max_events: int
    max_bytes: int


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
        self._transport = transport
        self._timeout = timeout
        self._gzip = gzip
        token = b64encode(f"{write_key}:".encode()).decode("ascii")
        self._key = json.dumps(write_key).encode()
        self._headers = {"Authorization": f"Basic {token}", "Content-Type": "application/json"}

    def limits(self, batch_size: int) -> BatchLimits:
        """Return what fits into one request, with the envelope counted to the byte."""
        if not self._endpoint.takes_batches:
            return BatchLimits(1, MAX_BATCH_BYTES)
        envelope = sum(map(len, self._envelope(_LONGEST)))
        return BatchLimits(min(batch_size, MAX_BATCH_EVENTS), MAX_BATCH_BYTES - envelope + 1)

    def post(self, events: Sequence[Outgoing], sent_at: datetime) -> Response:
        """Post events that are within the limits."""
        if not self._endpoint.takes_batches:
            return self.post_one(events[0], sent_at)
        return self.post_batch(events, sent_at)

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
        opening, end = self._envelope(_timestamp(sent_at))
        bodies = [event.body for event in events]
        bodies[0] = opening + bodies[0]  # around all of them, it would be another copy of them
        bodies[-1] += end
        return self._send(self._endpoint.batch_url(), b",".join(bodies))

    def _envelope(self, sent_at: bytes) -> tuple[bytes, bytes]:
        """Return what stands before the events of a batch, and behind them."""
        if self._endpoint.wire == "semantic":
            return b"[", b"]"
        return b'{"batch":[', b'],"sentAt":"%b","writeKey":%b}' % (sent_at, self._key)

    def close(self) -> None:
        """Close the transport."""
        self._transport.close()

    def _send(self, url: str, body: bytes) -> Response:
        headers = self._headers
        if self._gzip or (self._gzip is None and len(body) >= GZIP_FROM):
            body = _compressed(body)
            headers = {**headers, "Content-Encoding": "gzip"}
        return self._transport.send(Request(url, body, headers, self._timeout))


def _compressed(body: bytes) -> bytes:
    """Return a body in gzip; `Z_FILTERED` as matches by chance within UUIDs cost more than their letters."""
    gzip = compressobj(5, DEFLATED, MAX_WBITS | _GZIP_HEADER, DEF_MEM_LEVEL, Z_FILTERED)
    return gzip.compress(body) + gzip.flush()


def _timestamp(moment: datetime) -> bytes:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z").encode("ascii")
