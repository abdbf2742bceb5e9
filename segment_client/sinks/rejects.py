"""What a sink keeps of a call that is no valid event."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from segment_client.sinks import Rejection

__all__ = ["Reject", "reject_of"]

_MOST_RAW = 200_000


@dataclass(frozen=True, slots=True)
class Reject:
    """What is wrong with a call, each with its place (`path`, `message`, `type`), and the call's JSON."""

    errors: list[Mapping[str, object]]
    raw: str


def reject_of(call: Rejection) -> Reject:
    """Return what is kept of a rejected call; its JSON is cut at 200,000 characters."""
    errors, raw = list(call.errors), call.raw
    if len(raw) > _MOST_RAW:
        message = f"Only the first {_MOST_RAW} characters of the call are kept."
        errors.append({"path": "", "message": message, "type": "truncated"})
    return Reject(errors, raw[:_MOST_RAW])
