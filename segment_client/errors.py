"""Every error that this library raises, in one place.

    SegmentError
    ├── InvalidValueError (ValueError)       what was passed has an unusable value
    │   └── DecodeError                      a received call cannot be read as an event
    ├── InvalidTypeError (TypeError)         what was passed has the wrong type, or is missing
    └── DeliveryError                        an event was valid, but was not delivered
        ├── RejectedError                    the server refused it (400, 422 and other final answers)
        ├── UnauthorizedError                the server refused the write key (401, 403)
        ├── TooLargeError                    it is over a size limit, ours or the server's (413)
        ├── RateLimitedError                 still 429 after the last attempt
        ├── UnreachableError                 no usable answer after the last attempt (network, 5xx)
        ├── QueueFullError                   no room in the queue, with `on_full="raise"` or after "block"
        ├── SpoolError                       the spool's file cannot be used; the event was not accepted
        └── SinkError                        what keeps received events did not confirm them

A value that does not fit the schema raises `pydantic.ValidationError`, which is a `ValueError` too.
No message holds the write key or a property's value.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypedDict

__all__ = [
    "DecodeError",
    "DeliveryError",
    "ErrorDetail",
    "InvalidTypeError",
    "InvalidValueError",
    "QueueFullError",
    "RateLimitedError",
    "RejectedError",
    "SegmentError",
    "SinkError",
    "SpoolError",
    "TooLargeError",
    "UnauthorizedError",
    "UnreachableError",
    "closed_error",
]


class SegmentError(Exception):
    """The base of all errors of this library."""


class InvalidValueError(SegmentError, ValueError):
    """An argument's value cannot be used; the message says which, why, and what to pass."""


class InvalidTypeError(SegmentError, TypeError):
    """An argument has the wrong type or is missing; the message says which and what to pass."""


class ErrorDetail(TypedDict):
    """One problem of a received call: where (`loc`), what (`msg`), and its kind (`type`)."""

    loc: tuple[str | int, ...]
    msg: str
    type: str


class DecodeError(InvalidValueError):
    """A received call is no event; `errors` lists every problem with its place."""

    def __init__(self, errors: Sequence[ErrorDetail]) -> None:
        self.errors = list(errors)
        super().__init__("; ".join(f"{'.'.join(map(str, e['loc'])) or 'event'}: {e['msg']}" for e in errors))

    def __reduce__(self) -> tuple[Any, ...]:
        """Copy and pickle it by its problems: an exception by itself goes by its text."""
        return type(self), (self.errors,), self.__dict__


class DeliveryError(SegmentError):
    """A valid event was not delivered.

    `status_code` is the last HTTP status, or None where no answer came. `attempts` counts the requests made.
    `message_id` names the event. `server_message` is what the server said, if it said anything;
    it is no part of the text, as servers repeat what they were sent. `retryable` says whether the same event
    may be sent again with a hope of success, `reason` is the name under which `Stats` counts it.
    """

    reason = "undelivered"
    retryable = False

    def __init__(
        self,
        message: str,
        *,
        status_code: int | None = None,
        attempts: int = 0,
        message_id: str | None = None,
        server_message: str | None = None,
    ) -> None:
        super().__init__(message)
        self.status_code = status_code
        self.attempts = attempts
        self.message_id = message_id
        self.server_message = server_message


class RejectedError(DeliveryError):
    """The server gave a final refusal; sending the same event again would be refused again."""

    reason = "rejected"


class UnauthorizedError(DeliveryError):
    """The server does not know the write key (401, 403)."""

    reason = "unauthorized"


class TooLargeError(DeliveryError):
    """The event is over a size limit: ours, before anything was sent, or the server's (413)."""

    reason = "too_large"


class RateLimitedError(DeliveryError):
    """The server still answered 429 at the last attempt; wait and send the event again."""

    reason = "rate_limited"
    retryable = True


class UnreachableError(DeliveryError):
    """No usable answer at the last attempt: a network error, a timeout or a 5xx."""

    reason = "unreachable"
    retryable = True


class QueueFullError(DeliveryError):
    """The queue has no room, and `on_full` says to raise; the event was not accepted."""

    reason = "queue_full"
    retryable = True


class SpoolError(DeliveryError):
    """The spool's file cannot be used (disk full, permissions, a lock); the event was not accepted."""

    reason = "spool"
    retryable = True


class SinkError(DeliveryError):
    """A sink did not confirm what it was to keep: it may be written again, and perhaps is there already."""

    reason = "sink"
    retryable = True


def closed_error() -> SegmentError:
    """Return what a call raises that comes after `close`, whatever the delivery."""
    return SegmentError("the client is closed: make a new one to send more events")
