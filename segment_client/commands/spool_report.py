"""What `segment-client spool` says of a spool, as text for people and as JSON for machines."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

from segment_client.delivery.spool.inspector import DeadLetter, Waiting

__all__ = ["counted", "printable", "status_json", "status_lines"]

_SHOWN_LETTERS = 50
_SHOWN_DIGITS = 8
_AGES = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))
_SIZES = ((1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "KB"))


def status_lines(
    waiting: Sequence[Waiting], dead: Sequence[DeadLetter], names: Mapping[int, str], now: datetime
) -> Iterator[str]:
    """Yield the lines for people; `names` are those of the destinations that the caller knows.

    No line holds a property's value, unless the server repeated one, nor a control character.
    """
    events = sum(one.events for one in waiting)
    yield f"{counted(events, 'event')} waiting, {counted(len(dead), 'dead letter')}"
    for one in waiting:
        yield f"  {_waiting(one, names, now)}"
    if dead:
        yield "dead letters, the latest last:"
    if len(dead) > _SHOWN_LETTERS:
        yield f"  ({len(dead) - _SHOWN_LETTERS} more: see --json)"
    for letter in dead[-_SHOWN_LETTERS:]:
        yield f"  {_letter(letter, now)}"


def status_json(waiting: Sequence[Waiting], dead: Sequence[DeadLetter], names: Mapping[int, str]) -> str:
    """Return the same as one JSON object; times are in UTC by RFC 3339, sizes in bytes."""
    destinations = [
        {
            "destination": _hash(one.destination),
            "name": names.get(one.destination),
            "events": one.events,
            "held": one.held,
            "bytes": one.bytes,
            "oldest": None if one.oldest is None else _moment(one.oldest),
        }
        for one in waiting
    ]
    letters = [
        {
            "destination": _hash(one.destination),
            "message_id": one.message_id,
            "type": one.call_type,
            "event": one.event,
            "reason": one.reason,
            "status": one.status,
            "words": one.words,
            "refused_at": _moment(one.buried),
        }
        for one in dead
    ]
    return json.dumps({"waiting": destinations, "dead_letters": letters}, indent=2)


def counted(number: int, one: str, more: str | None = None) -> str:
    """Return a number and its noun, in the plural, with an s if it is not given, unless the number is 1."""
    return f"{number} {one if number == 1 else more or f'{one}s'}"


def printable(text: str) -> str:
    """Escape what a terminal would act on."""
    return "".join(
        mark if mark.isprintable() else mark.encode("unicode_escape").decode("ascii") for mark in text
    )


def _waiting(waiting: Waiting, names: Mapping[int, str], now: datetime) -> str:
    name = names.get(waiting.destination) or f"destination {_hash(waiting.destination)[:_SHOWN_DIGITS]}"
    held = f" ({waiting.held} being sent)" if waiting.held else ""
    oldest = "damaged" if waiting.oldest is None else f"{_age(waiting.oldest, now)} old"
    return f"{name}: {counted(waiting.events, 'event')}{held}, {_size(waiting.bytes)}, the first {oldest}"


def _letter(letter: DeadLetter, now: datetime) -> str:
    refused = letter.reason if letter.status is None else f"{letter.reason}, status {letter.status}"
    said = f": {printable(letter.words)}" if letter.words else ""
    if letter.message_id is None:
        what = "an unreadable event"
    else:
        name = f' "{printable(letter.event)}"' if letter.event else ""
        what = f"{printable(letter.message_id)} {letter.call_type}{name}"
    return f"{what}, {_age(letter.buried, now)} ago ({refused}){said}"


def _age(moment: float, now: datetime) -> str:
    seconds = max(0.0, now.timestamp() - moment)
    length, unit = next((step for step in _AGES if seconds >= step[0]), _AGES[-1])
    return f"{int(seconds // length)} {unit}"


def _size(size: int) -> str:
    for length, unit in _SIZES:
        if size >= length:
            return f"{size / length:.1f} {unit}"
    return f"{size} bytes"


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")


def _hash(destination: int) -> str:
    return destination.to_bytes(8, signed=True).hex()
