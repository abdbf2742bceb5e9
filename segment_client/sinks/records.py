"""What a sink writes to Kafka, as records for its two topics."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from segment_client.kafka.record import Record, event_record, rejected_record
from segment_client.sinks import Event, Rejection
from segment_client.sinks.rejects import reject_of

__all__ = ["Addressed", "records_of"]

Addressed = tuple[str, Record]
"""A topic and a record for it."""


def records_of(
    events: Sequence[Event], rejected: Sequence[Rejection], received_at: datetime, topic: str, rejects: str
) -> list[Addressed]:
    """Return a record for each event, then one for each rejected call.

    The value of the latter is `{"received_at", "errors", "raw"}`: see `Reject`.
    """
    return [(topic, _event_record(event)) for event in events] + [
        (rejects, _rejected_record(call, received_at)) for call in rejected
    ]


def _event_record(event: Event) -> Record:
    model = event.model
    return event_record(
        event.body.encode(),
        call_type=model.type,
        event_gid=str(model.event_gid),
        entity_gid=str(model.entity_gid),
        who=model.user_id or model.anonymous_id,
    )


def _rejected_record(call: Rejection, received_at: datetime) -> Record:
    kept = reject_of(call)
    value = {"received_at": received_at.isoformat(), "errors": kept.errors, "raw": kept.raw}
    return rejected_record(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())
