"""Counts for OpenTelemetry, where its API is installed: the counter `segment_client.events`.

Its attribute `outcome` is a name that the count has in `Stats` (accepted, delivered, rejected, dropped,
recovered_delivered, ...), `reason` what `Stats` splits rejected and dropped by. It counts for all clients of
the process, closed ones too. A program that has no meter provider pays for one addition an event.

The counter is observed: nothing of OpenTelemetry's runs, and none of its locks is taken, where events are
accepted and delivered. So no fork can leave such a lock held there.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from segment_client.delivery import lifecycle
from segment_client.version import VERSION

try:
    from opentelemetry import metrics
except ImportError:  # it is optional
    metrics = None  # type: ignore[assignment]  # a module or nothing

if TYPE_CHECKING:
    from opentelemetry.metrics import CallbackOptions, Observation

    from segment_client.accounting import Listener

__all__ = ["listener"]


class _Tally:
    """The counts of one process."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.counts: dict[tuple[str, str | None], int] = {}


_tallies: dict[tuple[int, int], _Tally] = {}
"""This process's tally beside its ancestors': a forked child counts from zero."""


def _tally() -> _Tally:
    key = lifecycle.process_key()
    tally = _tallies.get(key)
    return tally if tally is not None else _tallies.setdefault(key, _Tally())


def _count(name: str, reason: str | None, count: int) -> None:
    tally = _tally()
    key = name, reason
    with tally.lock:
        tally.counts[key] = tally.counts.get(key, 0) + count


def _observe(_: CallbackOptions) -> list[Observation]:
    tally = _tally()
    with tally.lock:
        counts = dict(tally.counts)
    return [metrics.Observation(count, _attributes(*key)) for key, count in counts.items()]


def _attributes(name: str, reason: str | None) -> dict[str, str]:
    return {"outcome": name} if reason is None else {"outcome": name, "reason": reason}


listener: Listener | None = None
"""What a ledger tells its counts; None where OpenTelemetry's API is not installed."""

if metrics is not None:
    metrics.get_meter("segment_client", VERSION).create_observable_counter(
        "segment_client.events",
        callbacks=[_observe],
        unit="{event}",
        description="Events by what became of them.",
    )
    listener = _count
