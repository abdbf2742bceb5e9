"""An event as it leaves: encoded once, with what a sender must know of it."""

from __future__ import annotations

import json
from typing import Any, NamedTuple
from uuid import UUID

from segment_client.ids import Gid, resolve

__all__ = ["Outgoing"]


class Outgoing(NamedTuple):
    """The bytes of one event, which never change between attempts, and its address on the envelope."""

    body: bytes
    call_type: str
    message_id: str
    gid: Gid
    has_sent_at: bool = False

    def __repr__(self) -> str:
        return f"<Outgoing {self.call_type} {self.message_id}, {len(self.body)} bytes>"

    @property
    def event_gid(self) -> UUID:
        """The event's identifier."""
        return resolve(self.gid, self.message_id)

    def decoded(self) -> dict[str, Any]:
        """Return the wire object, for a callback."""
        decoded: dict[str, Any] = json.loads(self.body)
        return decoded
