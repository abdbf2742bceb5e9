"""A flush of a spool: waits until what is in the file has left it, whoever sends it."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from segment_client.accounting import Ledger
from segment_client.delivery.spool import Spool
from segment_client.errors import SpoolError

__all__ = ["LEAVE_SECONDS", "URGENT_POLL_SECONDS", "wait_until_gone"]

URGENT_POLL_SECONDS = 0.05
"""How often a flush looks into the file."""

LEAVE_SECONDS = 2.0
"""How long the end of a flush, and a close, wait whatever their timeout."""

_log = logging.getLogger("segment_client")


def wait_until_gone(spool: Spool, ledger: Ledger, timeout: float, *, before_end: Callable[[], None]) -> bool:
    """Wait until all that is in a spool now has left it and is counted; return False after `timeout` seconds.

    `before_end` is run when all has left.
    """
    until = time.monotonic() + timeout
    accepted = ledger.accepted()
    try:
        spool.move()
        spool.adopt()
        newest = spool.newest() if spool.exists() else 0
        while newest and spool.has_any(newest):
            left = until - time.monotonic()
            if left <= 0:
                return False
            _wait_for_progress(ledger, accepted, min(left, URGENT_POLL_SECONDS))
        before_end()
    except SpoolError as error:
        _log.error("%s", error)
        return False
    # what has just left the file is counted a moment later
    return ledger.wait_settled(accepted, min(max(0.0, until - time.monotonic()), LEAVE_SECONDS))


def _wait_for_progress(ledger: Ledger, accepted: int, seconds: float) -> None:
    """Wait until the file is worth another look: this client's events are settled, or time is over."""
    if ledger.wait_settled(accepted, 0):
        ledger.wait_for_change(seconds)  # only others' events are left
    else:
        ledger.wait_settled(accepted, seconds)
