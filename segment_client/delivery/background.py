"""Background delivery: a call queues its event and returns; a worker of this process delivers it."""

from __future__ import annotations

import weakref
from collections.abc import Callable

from segment_client.accounting import Receipt, Stats
from segment_client.delivery import ProcessDelivery, lifecycle
from segment_client.delivery.outgoing import Outgoing

__all__ = ["BackgroundDelivery"]


class BackgroundDelivery:
    """One engine for each process that uses the client; `make_engine` builds it.

    The process is looked up at each call: some servers (uWSGI) fork without running Python's hooks. An
    ancestor's engine is kept and left alone: a thread that this process lacks may hold its locks. A client
    that is let go without `close` loses nothing: its engine is closed when the next one starts.
    """

    def __init__(self, make_engine: Callable[[], ProcessDelivery]) -> None:
        self._make_engine = make_engine
        self._engines: dict[tuple[int, int], ProcessDelivery] = {}
        self._closed = False
        self._engine()

    def submit(self, event: Outgoing) -> Receipt:
        """Queue an event."""
        return self._engine().submit(event)

    def flush(self, timeout: float) -> bool:
        """Wait for what this process accepted."""
        return self._engine().flush(timeout)

    def close(self, timeout: float) -> bool:
        """Close this process's engine, and those of its later children."""
        self._closed = True
        return self._engine().close(timeout)

    def stats(self) -> Stats:
        """Return this process's counts."""
        return self._engine().stats()

    def count_callback_error(self) -> None:
        """Count it for this process."""
        self._engine().count_callback_error()

    def _engine(self) -> ProcessDelivery:
        key = lifecycle.process_key()
        engine = self._engines.get(key)
        if engine is not None:
            return engine
        # no lock: a fork could leave it held for ever; of two threads that come first, one's engine is kept
        made = self._make_engine()
        engine = self._engines.setdefault(key, made)
        if engine is made:
            weakref.finalize(self, lifecycle.retire, engine).atexit = False
            if self._closed:
                engine.close(0)
        else:
            lifecycle.retire(made)
        return engine
