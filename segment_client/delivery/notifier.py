"""Calls the user's callbacks in a thread of their own, so that one that raises or blocks holds up nothing."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable, Sequence
from typing import Any

from segment_client.accounting import Delivered, Failure, Ledger
from segment_client.delivery.outgoing import Outgoing
from segment_client.delivery.starting import start
from segment_client.errors import DeliveryError

__all__ = ["Notifier"]

_MAX_WAITING = 10_000

_log = logging.getLogger("segment_client")

_Call = tuple[Callable[[], object], int]


class Notifier:
    """Hands outcomes to `on_delivered` and `on_error`, in order.

    At most 10,000 calls with `max_bytes` bytes of events wait; what comes beyond, because a callback blocks,
    is counted as a callback error.
    """

    def __init__(
        self,
        ledger: Ledger,
        on_delivered: Callable[[Delivered], object] | None,
        on_error: Callable[[Failure], object] | None,
        *,
        max_bytes: int,
    ) -> None:
        self._ledger = ledger
        self._on_delivered = on_delivered
        self._on_error = on_error
        self._max_bytes = max_bytes
        self._bytes = 0
        self._calls: queue.Queue[_Call | None] = queue.Queue(_MAX_WAITING)
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def delivered(self, events: Sequence[Outgoing], status: int | None, attempts: int) -> None:
        """Tell of delivered events, soon."""
        callback = self._on_delivered
        if callback is not None and events:
            self._put(events, lambda: callback(Delivered(_decoded(events), status, attempts)))

    def failed(
        self, events: Sequence[Outgoing], reason: str, error: DeliveryError | None, *, retryable: bool
    ) -> None:
        """Tell of events that were not delivered, soon."""
        callback = self._on_error
        if callback is None or not events:
            return
        status, attempts = (error.status_code, error.attempts) if error is not None else (None, 0)
        words = error.server_message if error is not None else None
        self._put(
            events,
            lambda: callback(Failure(_decoded(events), reason, status, attempts, retryable, words)),
        )

    def close(self, timeout: float) -> None:
        """Wait for the calls that are due, for some seconds at most."""
        thread = self._thread
        if thread is None:
            return
        own = thread is threading.current_thread()  # a callback closes the client: what is due comes after it
        timeout = 0.0 if own else max(0.0, timeout)
        try:
            self._calls.put(None, timeout=timeout)
        except queue.Full:
            return
        if not own:
            thread.join(timeout)

    def _put(self, events: Sequence[Outgoing], call: Callable[[], object]) -> None:
        size = sum(len(event.body) for event in events)
        with self._lock:
            if self._calls.full() or (self._bytes and self._bytes + size > self._max_bytes):
                self._ledger.count_callback_error()
                return
            self._bytes += size
            self._calls.put_nowait((call, size))
            if self._thread is None or not self._thread.is_alive():
                self._start()

    def _start(self) -> None:
        thread = threading.Thread(target=self._run, name="segment-client-callbacks", daemon=True)
        problem = start(thread)
        if problem is None:
            self._thread = thread
        else:  # what waits is told with the next outcome
            _log.error("callbacks wait, as the thread that calls them cannot start: %s", problem)

    def _run(self) -> None:
        while (waiting := self._calls.get()) is not None:
            call, size = waiting
            try:
                call()
            except Exception as error:  # noqa: BLE001  # a user's callback may raise anything; it is counted and named
                self._ledger.count_callback_error()
                _log.error("a callback raised %s", type(error).__name__)
            finally:
                with self._lock:
                    self._bytes -= size


def _decoded(events: Sequence[Outgoing]) -> tuple[dict[str, Any], ...]:
    return tuple(event.decoded() for event in events)
