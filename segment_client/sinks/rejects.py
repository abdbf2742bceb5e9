"""What a sink keeps of a call that is no valid event: the columns of the warehouse's second table."""

from __future__ import annotations

from dataclasses import dataclass

from segment_client.sinks import Rejection

__all__ = ["Reject", "reject_of"]

_MOST_RAW = 200_000


@dataclass(frozen=True, slots=True)
class Reject:
    """Why in a word, each error with its place, and the call's JSON, of which the end may be cut off."""

    reason: str
    errors: list[str]
    raw: str


def reject_of(call: Rejection) -> Reject:
    """Return what is kept of a rejected call; its JSON is cut at 200,000 characters."""
    errors = [_line(error.get("path"), error.get("message")) for error in call.errors]
    if len(call.raw) > _MOST_RAW:
        errors.append(f"Only the first {_MOST_RAW} characters of the call are kept.")
    reason = str(call.errors[0].get("type", "")) if call.errors else ""
    return Reject(reason or "unknown", errors, call.raw[:_MOST_RAW])


def _line(path: object, message: object) -> str:
    return f"{path}: {message}" if path else str(message)
