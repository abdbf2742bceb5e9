"""What to do after an answer to a batch: a pure function of its status and the batch's size."""

from __future__ import annotations

from enum import Enum

from segment_client.delivery.answers import is_success
from segment_client.retry import is_retryable

__all__ = ["Verdict", "judge"]


class Verdict(Enum):
    """The next step for a batch."""

    DELIVERED = "delivered"
    RETRY = "retry"
    SPLIT = "split"
    REJECT = "reject"
    UNAUTHORIZED = "unauthorized"


def judge(status: int, size: int) -> Verdict:
    """Return the step for a batch of `size` events that was answered with `status`.

    400 and 422 say that one of the events is bad, 413 that they are too many: a batch is split until the bad
    ones are alone. 401 and 403 speak of the key, not of the events, which are kept.
    """
    if is_success(status):
        return Verdict.DELIVERED
    if status in (401, 403):
        return Verdict.UNAUTHORIZED
    if is_retryable(status):
        return Verdict.RETRY
    if status in (400, 413, 422) and size > 1:
        return Verdict.SPLIT
    return Verdict.REJECT
