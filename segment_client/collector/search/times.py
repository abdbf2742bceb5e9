"""Points in time, as searches write them and as the store keeps them: microseconds since 1970, UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from segment_client.collector.problem import Problem

__all__ = ["iso_time", "microseconds", "parse_time"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def microseconds(time: datetime) -> int:
    """Return an aware time as microseconds since 1970."""
    return (time - _EPOCH) // _MICROSECOND


def iso_time(value: int) -> str:
    """Return microseconds since 1970 as an ISO 8601 time in UTC."""
    return (_EPOCH + timedelta(microseconds=value)).isoformat()


def parse_time(text: str, name: str) -> int:
    """Read an ISO 8601 date or time, UTC unless it says otherwise; `name` is what an error calls it."""
    try:
        time = datetime.fromisoformat(text)
        return microseconds(time if time.tzinfo else time.replace(tzinfo=UTC))
    except (ValueError, OverflowError) as error:
        raise Problem(
            400, "bad_query", f"{name} {text[:40]!r} is no time: write 2026-01-31 or 2026-01-31T09:30:00Z."
        ) from error
