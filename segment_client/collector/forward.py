"""Passing accepted events on to another server: the one module here that has the client."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from segment_client.client import SegmentClient
from segment_client.collector.whole import whole_call
from segment_client.endpoint import parse_endpoint
from segment_client.errors import InvalidValueError
from segment_client.ids import default_entity_gid
from segment_client.loopback import is_loopback

__all__ = ["SPOOL_SUFFIX", "Call", "Forwarder"]

SPOOL_SUFFIX = ".forward"
"""What the name of the spool has after that of the collector's file."""

_ANY_SIZE = 2**31
"""Bytes: which event is too large is the other server's to say."""


class Call(Protocol):
    """An accepted call: its id, the JSON of its event, and the JSON that it came as."""

    @property
    def message_id(self) -> str:
        """The event's message id."""

    @property
    def body(self) -> str:
        """The SemanticEvent."""

    @property
    def raw(self) -> str:
        """The call without its write key."""


class Forwarder:
    """Passes accepted calls on as they came, to `url` with `write_key`; see `SegmentClient.pass_on`.

    They wait in a spool beside `db`, so that the sender is answered at once and neither a crash nor the other
    server's absence loses one: the next collector with the same three goes on. A repeat is passed on too,
    with the message id that it has, as nobody knows whether the first was before a crash.

    `port` is the collector's own, to which nothing is passed on; `allow_http` lets them go to another machine
    by plain http; the spool has room for `max_bytes`. Raises InvalidValueError for what cannot be used,
    SpoolError for a spool that is damaged or not writable.
    """

    def __init__(
        self,
        url: str,
        write_key: str | None,
        db: Path | None,
        port: int,
        *,
        allow_http: bool = False,
        max_bytes: int = 1_000_000_000,
    ) -> None:
        if db is None:
            raise InvalidValueError("forward needs a db (--db): name a file beside which the events can wait")
        if not write_key:
            raise InvalidValueError(
                "forward needs the other server's key: pass it as forward_key (--forward-key)"
            )
        self._client = SegmentClient(
            write_key,
            default_entity_gid(write_key),
            "default",
            _checked(url, port, allow_http=allow_http),
            allow_http=allow_http,
            spool=db.with_name(f"{db.name}{SPOOL_SUFFIX}"),
            spool_max_bytes=max_bytes,
            on_full="raise",
            max_event_bytes=_ANY_SIZE,
        )

    def __call__(self, calls: Sequence[Call]) -> None:
        """Take calls on; raises DeliveryError where they cannot be kept for sending."""
        for call in calls:
            self._client.pass_on(whole_call(call.message_id, call.raw, call.body))

    def close(self, seconds: float = 5.0) -> None:
        """Send for some seconds what waits; the rest stays in the spool."""
        self._client.close(seconds)


def _checked(url: str, port: int, *, allow_http: bool) -> str:
    parse_endpoint(url, "segment", allow_http=allow_http, allowed_by="allow_http=True (--allow-http)")
    parts = urlsplit(url if "://" in url else f"http://{url}")
    if parts.port == port and is_loopback(parts.hostname):
        raise InvalidValueError("forward is the collector's own address: name another server")
    return url
