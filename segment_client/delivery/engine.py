"""One process's part of a client: its queue, its worker, its counts."""

from __future__ import annotations

import threading
import time
from typing import Any

from segment_client.accounting import Ledger, Receipt, Stats
from segment_client.config import DeliveryConfig
from segment_client.delivery import lifecycle
from segment_client.delivery.gate import Gate
from segment_client.delivery.memory import MemoryQueue
from segment_client.delivery.notifier import Notifier
from segment_client.delivery.outcomes import Outcomes
from segment_client.delivery.outgoing import Outgoing
from segment_client.delivery.poster import BatchLimits, Poster
from segment_client.delivery.source import Queue
from segment_client.delivery.starting import Starter
from segment_client.delivery.worker import Worker
from segment_client.retry import RetryPolicy

__all__ = ["Engine"]


class Engine:
    """Takes events on and delivers them by one daemon thread, which the first event starts.

    Where the thread has ended, or could not be started, the next call, flush or close starts another one.
    An engine belongs to the process that made it: a forked child makes its own and starts clean.
    """

    def __init__(self, config: DeliveryConfig, poster: Poster, policy: RetryPolicy, ledger: Ledger) -> None:
        self._clock = config.clock
        self._poster = poster
        self._gate = Gate(config.clock)
        self._ledger = ledger
        self._notifier = Notifier(
            self._ledger, config.on_delivered, config.on_error, max_bytes=config.max_queue_bytes
        )
        self._outcomes = Outcomes(self._ledger, self._notifier, config.clock)
        self._queue = _queue(self._gate, self._outcomes, poster.limits(config.batch_size), config)
        self._worker = Worker(self._queue, poster, policy, self._gate, config.clock, self._outcomes.keep)
        self._thread: threading.Thread | None = None
        self._has_worker = False
        self._starter = Starter("events wait, as the thread that delivers them cannot start")
        self._open = True
        self._starting = threading.Lock()
        if self._queue.has_leftovers():
            self._start()

    def submit(self, event: Outgoing) -> Receipt:
        """Queue an event; raises SegmentError after close."""
        receipt = self._queue.put(event)
        if not self._has_worker:  # is_alive() would let gevent run other greenlets in every call
            self._start()
        return receipt

    def flush(self, timeout: float) -> bool:
        """Hurry, wait at most `timeout` seconds; return True if nothing is left and nothing was dropped."""
        with self._gate.lock:
            self._gate.urgent += 1
            self._gate.changed.notify_all()
        try:
            self._start()
            settled = self._queue.wait_settled(timeout)
        finally:
            with self._gate.lock:
                self._gate.urgent -= 1
        return settled and self._ledger.stats().dropped == 0

    def close(self, timeout: float) -> bool:
        """Deliver what is left within `timeout` seconds, report the rest, and give up all resources."""
        until = time.monotonic() + timeout
        self.begin_close(timeout)
        thread = self._thread
        if thread is not None and thread.ident is not None:
            thread.join(max(0.0, timeout))
        with self._gate.lock:
            first, self._open = self._open, False
        if first:
            self._queue.abandon()
            self._notifier.close(until - time.monotonic())
            if thread is None or not thread.is_alive():  # else a request hangs, and still needs them
                self._poster.close()
            lifecycle.forget(self)
        stats = self._ledger.stats()
        return stats.pending == stats.spooled == stats.dropped == 0

    def begin_close(self, timeout: float) -> None:
        """Accept nothing more, and let the worker deliver what is left, without waiting for it."""
        left = self.stats()
        if left.pending or left.spooled:
            self._start()
        with self._gate.lock:
            self._gate.deadline = self._clock.monotonic() + timeout
            self._gate.changed.notify_all()

    def stats(self) -> Stats:
        """Return the counts of this moment."""
        return self._queue.stats()

    def count_callback_error(self) -> None:
        """Count an exception that `before_send` raised."""
        self._ledger.count_callback_error()

    def _start(self) -> None:
        """Start the worker where there is none; what is queued waits for the next try if it cannot be."""
        with self._starting:
            if self._gate.closing or (self._thread is not None and self._thread.is_alive()):
                return
            thread = threading.Thread(target=self._work, name="segment-client", daemon=True)
            self._thread = thread  # before its start, which what a signal handler raises may end
            if not self._starter.start(thread):
                self._thread = None
        lifecycle.remember(self)

    def _work(self) -> None:
        if self._thread is not threading.current_thread():
            return  # its start was interrupted, and another one took its place
        self._has_worker = True
        try:
            self._worker.run()
        finally:
            self._has_worker = False


def _queue(gate: Gate, outcomes: Outcomes, limits: BatchLimits, config: DeliveryConfig) -> Queue[Any]:
    if config.spool is None:
        return MemoryQueue(gate, outcomes, limits, config)
    from segment_client.delivery.spooled import SpoolQueue

    return SpoolQueue(gate, outcomes, limits, config)
