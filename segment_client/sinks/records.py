"""What a sink writes to Kafka, as records for its two topics."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from segment_client.kafka.record import Record, event_record, rejected_record
from segment_client.sinks import Event, Rejection
from segment_client.sinks.rejects import reject_of

__all__ = ["Addressed", "Topics"]

_HEAD = 500
"""Bytes that are enough for what a record has beside its value, where it is that of a rejected call."""
_LEAST = 1 << 10


@dataclass(frozen=True, slots=True)
class Addressed:
    """A record for a topic; `position` is that of the event, None where it is a rejected call."""

    topic: str
    record: Record
    position: int | None = None


@dataclass(frozen=True, slots=True)
class Topics:
    """Where events go, where rejected calls, and how many bytes a record may have."""

    events: str
    rejects: str
    most: int

    def records_of(
        self, events: Sequence[Event], rejected: Sequence[Rejection], received_at: datetime
    ) -> list[Addressed]:
        """Return a record for each event, then one for each rejected call, cut so that it is not too large.

        The value of the latter is `{"received_at", "errors", "raw"}`: see `Reject`.
        """
        return [
            *(Addressed(self.events, _event_record(event), number) for number, event in enumerate(events)),
            *(Addressed(self.rejects, self._rejected_record(call, received_at)) for call in rejected),
        ]

    def _rejected_record(self, call: Rejection, received_at: datetime) -> Record:
        share = 1
        while len(value := _rejected_value(call, received_at, share)) > self.most - _HEAD and share < _LEAST:
            share *= 2
        return rejected_record(value)


def _event_record(event: Event) -> Record:
    model = event.model
    return event_record(
        event.body.encode(),
        call_type=model.type,
        event_gid=str(model.event_gid),
        entity_gid=str(model.entity_gid),
        who=model.user_id or model.anonymous_id,
    )


def _rejected_value(call: Rejection, received_at: datetime, share: int) -> bytes:
    kept = reject_of(call, share)
    value = {"received_at": received_at.isoformat(), "errors": kept.errors, "raw": kept.raw}
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
