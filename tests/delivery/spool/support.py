"""What the tests of the spool share: spools, and events that can be told apart."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from uuid import UUID

from segment_client.clock import Clock
from segment_client.delivery.outgoing import Outgoing
from segment_client.delivery.spool import Claimed, Fsync, Spool
from segment_client.testing import ManualClock

__all__ = ["LEASE", "claim_all", "event", "numbers_in", "open_spool"]

LEASE = 60.0


def open_spool(
    path: Path,
    clock: Clock | None = None,
    *,
    destination: int = 1,
    max_age: float = 86_400.0,
    max_bytes: int = 1_000_000_000,
    fsync: Fsync = "process",
    on_written: Callable[[int], None] = lambda _: None,
    lands: bool = False,
) -> Spool:
    """Return a spool, with a clock that stands still unless one is given."""
    return Spool(
        path,
        destination,
        clock or ManualClock(),
        lease=LEASE,
        max_age=max_age,
        max_bytes=max_bytes,
        fsync=fsync,
        on_written=on_written,
        lands=lands,
    )


def event(number: int, size: int = 200) -> Outgoing:
    """Return an event whose message id is its number, and whose body of so many bytes is its own."""
    body = f'{{"n": {number}, "text": "'.encode()
    filling = (f"{number:08d}" * (size // 8 + 1)).encode()
    return Outgoing(
        body + filling[: max(0, size - len(body) - 2)] + b'"}', "track", str(number), UUID(int=number), False
    )


def claim_all(spool: Spool) -> list[Claimed]:
    """Claim all that is to be had, in batches."""
    claimed = list[Claimed]()
    while batch := spool.claim(100, 500_000):
        claimed += batch
    return claimed


def numbers_in(claimed: Iterable[Claimed]) -> list[int]:
    """Return the numbers of events, in their order."""
    return [int(one.event.message_id) for one in claimed]
