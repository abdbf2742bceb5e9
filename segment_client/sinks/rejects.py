"""What a sink keeps of a call that is no valid event."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from segment_client.sinks import Rejection

__all__ = ["Reject", "reject_of"]

_MOST_RAW = 200_000
_MOST_ERRORS = 20_000
_MOST_TEXT = 1_000


@dataclass(frozen=True, slots=True)
class Reject:
    """What is wrong with a call, each with its place (`path`, `message`, `type`), and the call's JSON."""

    errors: list[Mapping[str, object]]
    raw: str


def reject_of(call: Rejection, share: int = 1) -> Reject:
    """Return what is kept of a rejected call.

    That is 200,000 characters of its JSON and 20,000 of its errors at most, with an error more that says so,
    and 1,000 of each text of an error, as a path holds names that the sender gave; where that is too much, a
    `share` of them, half for 2.
    """
    errors = list(_kept(call.errors, _MOST_ERRORS // share, _MOST_TEXT // share))
    if left := len(call.errors) - len(errors):
        errors.append({"path": "", "message": f"{left} errors more.", "type": "truncated"})
    raw = call.raw[: _MOST_RAW // share]
    if len(raw) < len(call.raw):
        message = f"Only the first {len(raw)} characters of the call are kept."
        errors.append({"path": "", "message": message, "type": "truncated"})
    return Reject(errors, raw)


def _kept(errors: Sequence[Mapping[str, object]], room: int, most: int) -> Iterator[Mapping[str, object]]:
    """Yield the first error, and those for which there is room."""
    for number, error in enumerate(errors):
        short = {name: str(text)[:most] for name, text in error.items()}
        room -= sum(map(len, short.values()))
        if room < 0 and number:
            return
        yield short
