"""What becomes of a request to a faulty server, and which events such a server never takes."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from enum import Enum

__all__ = ["LOSING", "UNREAD", "Fate", "Fates", "Refusal", "refusal"]


class Fate(Enum):
    """What a faulty server does with one request."""

    TAKE = "takes the events and says so"
    TAKE_AND_CLOSE = "takes the events, says so and closes the connection without having announced it"
    TAKE_SLOWLY = "takes the events and says so half a client's timeout later"
    FAIL = "takes nothing and answers 5xx, 408, 425 or 460, some with a time to wait"
    LIMIT = "takes nothing and answers 429 with a time to wait"
    SPLIT = "takes no more than one event a request: 413"
    RESET_UNREAD = "resets the connection before it has read the events"
    CLOSE_UNREAD = "closes the connection before it has read the events"
    RESET_TAKEN = "takes the events and resets the connection"
    CLOSE_TAKEN = "takes the events and closes the connection"
    CUT = "takes the events and closes the connection within its answer"
    HANG = "takes the events and never answers"


UNREAD = frozenset({Fate.RESET_UNREAD, Fate.CLOSE_UNREAD})
"""The server does not read the request."""

LOSING = frozenset({Fate.RESET_TAKEN, Fate.CLOSE_TAKEN, Fate.CUT, Fate.HANG})
"""The server takes the events, and its answer does not arrive: the events have to come once more."""

_WEIGHTS = {
    Fate.TAKE: 60,
    Fate.TAKE_AND_CLOSE: 6,
    Fate.TAKE_SLOWLY: 0.2,
    Fate.FAIL: 10,
    Fate.LIMIT: 6,
    Fate.SPLIT: 1,
    Fate.RESET_UNREAD: 3,
    Fate.CLOSE_UNREAD: 3,
    Fate.RESET_TAKEN: 3,
    Fate.CLOSE_TAKEN: 3,
    Fate.CUT: 3,
    Fate.HANG: 0.2,
}
_FAILURES = (408, 425, 460, 500, 502, 503, 504, 507, 599)


@dataclass(frozen=True)
class Refusal:
    """A server's answer that takes nothing. It asks to wait until `wait_until`, where that is given."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    wait_until: datetime | None = None


def refusal(number: int) -> int | None:
    """Return the status by which a server always refuses the event of this number; None for a good one."""
    if number % 997 == 5:
        return (400, 422)[number % 2]
    return 413 if number % 4999 == 77 else None


class Fates:
    """A sequence of fates, the same for the same seed; it begins with one of each kind."""

    def __init__(self, seed: str) -> None:
        self._random = random.Random(seed)  # noqa: S311 - faults, no secrets
        self._first = list(Fate)
        self._random.shuffle(self._first)

    def draw(self) -> Fate:
        """Return the next request's fate."""
        if self._first:
            return self._first.pop()
        return self._random.choices(list(_WEIGHTS), list(_WEIGHTS.values()))[0]

    def refuse(self, fate: Fate, numbers: Sequence[int], now: datetime) -> Refusal | None:
        """Return the answer of a server that does not take the events of these numbers; None if it does."""
        if fate is Fate.FAIL:
            headers, until = self._wait(now) if self._random.random() < 0.3 else ({}, None)
            return Refusal(self._random.choice(_FAILURES), headers, until)
        if fate is Fate.LIMIT:
            return Refusal(429, *self._wait(now))
        if fate is Fate.SPLIT and len(numbers) > 1:
            return Refusal(413)
        return next((Refusal(status) for status in map(refusal, numbers) if status is not None), None)

    def _wait(self, now: datetime) -> tuple[dict[str, str], datetime]:
        """Ask for a wait in one of the forms that servers use, and return its end."""
        seconds = self._random.randrange(4)
        until = now + timedelta(seconds=seconds)
        whole = until.replace(microsecond=0)
        return self._random.choice(
            [
                ({"Retry-After": str(seconds)}, until),
                ({"Retry-After": format_datetime(whole, usegmt=True)}, whole),
                ({"X-RateLimit-Reset": str(seconds)}, until),
                ({"X-RateLimit-Reset": str(int(whole.timestamp()))}, whole),
            ]
        )
