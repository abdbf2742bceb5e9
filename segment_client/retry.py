"""When to try again, and how long to wait before: pure functions, by the table of HTTP facts.

Segment's server libraries retry network errors, 408, 410, 425, 429, 460 and 5xx but 501 and 505.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

__all__ = ["MAX_SERVER_DELAY", "RetryPolicy", "is_retryable", "server_delay"]

MAX_SERVER_DELAY = 300.0
"""The longest wait in seconds that a server may ask for."""

_RETRYABLE = frozenset({408, 410, 425, 429, 460})
_FINAL_5XX = frozenset({501, 505})
_EPOCH_FROM = 1e9


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often and how long an event is tried.

    `max_attempts` counts requests, the first one too. `total_time` is the budget in seconds for all attempts
    and waits. The wait before attempt n is random between 0 and `base_delay * 2 ** (n - 1)` seconds ("full
    jitter"), at most `max_delay`; a wait that the server asks for, unless it is 0, replaces it.
    """

    max_attempts: int = 4
    total_time: float = 30.0
    base_delay: float = 0.25
    max_delay: float = 10.0

    def delay(self, attempts: int, asked: float | None, random: Callable[[], float]) -> float:
        """Return the seconds to wait after `attempts` failed ones; `random` gives numbers in [0, 1)."""
        if asked:
            return asked
        return random() * min(self.max_delay, self.base_delay * 2.0 ** min(attempts - 1, 62))


def is_retryable(status: int) -> bool:
    """Say whether the same request may succeed later."""
    return status in _RETRYABLE or (500 <= status <= 599 and status not in _FINAL_5XX)


def server_delay(headers: Mapping[str, str], now: datetime) -> float | None:
    """Return the seconds that a server asks to wait, 0 to 300, or None where it asks for nothing readable.

    Read are `Retry-After`, in seconds or as an HTTP date (RFC 9110, 10.2.3), then `X-RateLimit-Reset`, in
    seconds from now or since 1970. `headers` has lower-case names.
    """
    for name in ("retry-after", "x-ratelimit-reset"):
        seconds = _seconds(headers.get(name, ""), now)
        if seconds is not None:
            return min(max(seconds, 0.0), MAX_SERVER_DELAY)
    return None


def _seconds(text: str, now: datetime) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return _until(text, now)
    if number != number:
        return None
    return number - now.timestamp() if number >= _EPOCH_FROM else number


def _until(text: str, now: datetime) -> float | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):  # an offset of a billion days is no date either
        return None
    return ((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now).total_seconds()
