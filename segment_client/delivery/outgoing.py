"""An event as it leaves: encoded once, with what a sender must know of it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

__all__ = ["Outgoing"]


@dataclass(frozen=True, slots=True)
class Outgoing:
    """The bytes of one event, which never change between attempts, and its address on the envelope."""

    body: bytes = field(repr=False)
    call_type: str
    message_id: str
    event_gid: UUID
    has_sent_at: bool

    def decoded(self) -> dict[str, Any]:
        """Return the wire object, for a callback."""
        decoded: dict[str, Any] = json.loads(self.body)
        return decoded
