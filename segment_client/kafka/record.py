"""One event as a record of a topic."""

from __future__ import annotations

from dataclasses import dataclass, field

from semantic_events.wire import SCHEMA_VERSION

__all__ = ["Record", "event_record", "rejected_record"]

_VERSION = SCHEMA_VERSION.encode()


@dataclass(frozen=True, slots=True)
class Record:
    """A key, a value and headers. Records with equal keys are in one partition, in order; None is any."""

    key: bytes | None = field(repr=False)
    value: bytes = field(repr=False)
    headers: list[tuple[str, bytes]] = field(repr=False)


def event_record(value: bytes, *, call_type: str, event_gid: str, entity_gid: str, who: str | None) -> Record:
    """Return the record of a SemanticEvent's JSON; `who` is its user id, else its anonymous id.

    The key is the entity and who did it: one organisation's events are spread over all partitions, one
    user's stay in order. An event of nobody is a key of its own. The headers let a reader route an event,
    and know it again, without parsing it.
    """
    key = f"{entity_gid}:{who or event_gid}".encode()
    headers = [("type", call_type.encode()), ("schema_version", _VERSION), ("event_gid", event_gid.encode())]
    return Record(key, value, headers)


def rejected_record(value: bytes) -> Record:
    """Return the record of a call that is no valid event."""
    return Record(None, value, [("type", b"rejected"), ("schema_version", _VERSION)])
