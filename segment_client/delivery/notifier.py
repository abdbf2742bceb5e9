"""Calls the user's callbacks in a thread of their own, so that one that raises or blocks holds up nothing."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from typing import Any

from segment_client.accounting import Delivered, Failure, Ledger

__all__ = ["Notifier"]

_MAX_WAITING = 10_000

_log = logging.getLogger("segment_client")

_Call = tuple[Callable[[Any], object], Delivered | Failure]


class Notifier:
    """Hands outcomes to `on_delivered` and `on_error`, in order.

    At most 10,000 calls wait; what comes beyond, because a callback blocks, is counted as a callback error.
    """

    def __init__(
        self,
        ledger: Ledger,
        on_delivered: Callable[[Delivered], object] | None,
        on_error: Callable[[Failure], object] | None,
    ) -> None:
        self._ledger = ledger
        self._on_delivered = on_delivered
        self._on_error = on_error
        self._calls: queue.Queue[_Call | None] = queue.Queue(_MAX_WAITING)
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    @property
    def wants_delivered(self) -> bool:
        """Whether there is a callback for delivered events."""
        return self._on_delivered is not None

    @property
    def wants_failures(self) -> bool:
        """Whether there is a callback for failures."""
        return self._on_error is not None

    def delivered(self, delivered: Delivered) -> None:
        """Tell of delivered events, soon."""
        if self._on_delivered is not None:
            self._put((self._on_delivered, delivered))

    def failed(self, failure: Failure) -> None:
        """Tell of a failure, soon."""
        if self._on_error is not None:
            self._put((self._on_error, failure))

    def close(self, timeout: float) -> None:
        """Wait for the calls that are due, for some seconds at most."""
        thread = self._thread
        if thread is None or thread is threading.current_thread():
            return
        try:
            self._calls.put(None, timeout=max(0.0, timeout))
        except queue.Full:
            return
        thread.join(max(0.0, timeout))

    def _put(self, call: _Call) -> None:
        try:
            self._calls.put_nowait(call)
        except queue.Full:
            self._ledger.count_callback_error()
            return
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(
                    target=self._run, name="segment-client-callbacks", daemon=True
                )
                self._thread.start()

    def _run(self) -> None:
        while (call := self._calls.get()) is not None:
            callback, argument = call
            try:
                callback(argument)
            except Exception as error:  # noqa: BLE001  # a user's callback may raise anything; it is counted and named
                self._ledger.count_callback_error()
                _log.error("a callback raised %s", type(error).__name__)
