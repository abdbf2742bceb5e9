"""A server's final answer as an error of ours."""

from __future__ import annotations

import json

from segment_client.errors import (
    DeliveryError,
    RateLimitedError,
    RejectedError,
    TooLargeError,
    UnauthorizedError,
    UnreachableError,
)
from segment_client.retry import is_retryable
from segment_client.transport import Response

__all__ = ["error_of", "is_success"]

_MAX_WORDS = 500


def is_success(status: int) -> bool:
    """Say whether a server took what it was sent; a redirect is no success."""
    return 200 <= status <= 299


def error_of(answer: Response, *, attempts: int, message_id: str) -> DeliveryError:
    """Return the error that an answer other than 2xx means once there is no attempt left."""
    kind, advice = _meaning(answer.status)
    return kind(
        f"event {message_id}: status {answer.status} at attempt {attempts}: {advice}",
        status_code=answer.status,
        attempts=attempts,
        message_id=message_id,
        server_message=_words(answer),
    )


def _meaning(status: int) -> tuple[type[DeliveryError], str]:
    if status in (401, 403):
        return UnauthorizedError, "the server refused the write key; check the key and the endpoint"
    if status == 413:
        return TooLargeError, "it is larger than the server takes; send less in it"
    if status == 429:
        return RateLimitedError, "the server asks for fewer events; wait, then send it again"
    if is_retryable(status):
        return UnreachableError, "the server could not take it; send it again later"
    if 300 <= status <= 399:
        return RejectedError, "the server redirects, which is not followed; check the endpoint"
    return RejectedError, "the server refused it; server_message holds its words"


def _words(answer: Response) -> str | None:
    """Return what a server says of an error, at most 500 characters, or None; a body may be anything."""
    try:
        parsed = json.loads(answer.body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(parsed, dict):
        return None
    words = [str(parsed[key]) for key in ("code", "message") if parsed.get(key)]
    return ": ".join(words)[:_MAX_WORDS] or None
