"""One process's part of a client that produces to Kafka: its producer, its thread, its counts."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Sequence
from functools import partial
from typing import Any

from pydantic_core import from_json

from segment_client.accounting import Ledger, Receipt, Stats
from segment_client.config import DeliveryConfig
from segment_client.delivery import lifecycle
from segment_client.delivery.notifier import Notifier
from segment_client.delivery.outcomes import Outcomes
from segment_client.delivery.outgoing import Outgoing
from segment_client.delivery.starting import Starter
from segment_client.errors import DeliveryError, QueueFullError, closed_error
from segment_client.kafka.failures import PURGED, error_of
from segment_client.kafka.library import Producer, ProducerError, library
from segment_client.kafka.record import Record, event_record
from segment_client.kafka.settings import KafkaSettings

__all__ = ["KafkaEngine"]

_STEP = 0.1
"""Seconds for which the library is waited on at a time: it hears of no signal and no close meanwhile."""


class KafkaEngine:
    """Hands events to a producer; a daemon thread, which the first event starts, hears what became of them.

    Like the engine of background delivery it belongs to the process that made it: librdkafka's threads are
    not in a forked child.
    """

    def __init__(
        self, settings: KafkaSettings, delivery_timeout: float, config: DeliveryConfig, ledger: Ledger
    ) -> None:
        self._topic = settings.topic
        self._config = config
        self._ledger = ledger
        self._notifier = Notifier(
            ledger, config.on_delivered, config.on_error, max_bytes=config.max_queue_bytes
        )
        self._outcomes = Outcomes(ledger, self._notifier, config.clock)
        self._producer: Producer | None = settings.open(
            queue_buffering_max_messages=config.max_queue,
            queue_buffering_max_kbytes=max(1, config.max_queue_bytes // 1024),
            message_timeout_ms=max(1, round(delivery_timeout * 1000)),
        )
        self._refusals = library().KafkaException
        self._reports: deque[tuple[Outgoing, ProducerError | None]] = deque()
        self._lock = threading.Lock()
        self._taken = self._reported = 0
        self._closing = False
        self._thread: threading.Thread | None = None
        self._starter = Starter("events are sent, but the thread that hears of them cannot start")

    def submit(self, event: Outgoing) -> Receipt:
        """Hand an event to the producer; raises SegmentError after close."""
        record = _record(event)
        until = time.monotonic() + self._config.block_timeout
        while not self._produce(event, record):
            if self._config.on_full != "block" or self._closing or time.monotonic() >= until:
                return self._refuse(event)
            if (producer := self._producer) is not None:
                self._hear(producer, min(_STEP, self._config.block_timeout))
        if self._thread is None:
            self._start()
        return Receipt("queued", event.message_id, event.gid)

    def flush(self, timeout: float) -> bool:
        """Hurry, wait at most `timeout` seconds; return True if nothing is left and nothing was dropped."""
        accepted = self._ledger.accepted()
        until = time.monotonic() + timeout
        producer = self._producer
        while producer is not None and (left := until - time.monotonic()) > 0:
            producer.flush(min(_STEP, left))
            self._settle()
            if self._ledger.wait_settled(accepted, 0):
                break
        settled = self._ledger.wait_settled(accepted, 0)
        return settled and self._ledger.stats().dropped == 0

    def begin_close(self, timeout: float) -> None:  # noqa: ARG002  # the time is that of `close`
        """Accept nothing more."""
        with self._lock:
            self._closing = True

    def close(self, timeout: float) -> bool:
        """Deliver what is left within `timeout` seconds, report the rest, and give up all resources."""
        until = time.monotonic() + timeout
        self.begin_close(timeout)
        self.flush(timeout)
        with self._lock:
            producer, self._producer = self._producer, None
        if producer is not None:
            producer.purge()
            producer.flush(_STEP)
            thread = self._thread
            if thread is not None and thread.ident is not None and thread is not threading.current_thread():
                thread.join()
            self._settle()
            self._notifier.close(until - time.monotonic())
            lifecycle.forget(self)
        stats = self._ledger.stats()
        return stats.pending == stats.dropped == 0

    def stats(self) -> Stats:
        """Return the counts of this moment."""
        return self._ledger.stats()

    def count_callback_error(self) -> None:
        """Count an exception that `before_send` raised."""
        self._ledger.count_callback_error()

    def _produce(self, event: Outgoing, record: Record) -> bool:
        """Queue a record; return False where there is no room."""
        with self._lock:
            if self._closing or self._producer is None:
                raise closed_error()
            try:
                self._producer.produce(
                    self._topic,
                    record.value,
                    record.key,
                    headers=record.headers,
                    on_delivery=partial(self._report, event),
                )
            except BufferError:
                return False
            except self._refusals as refusal:
                raise error_of(refusal.args[0], event.message_id) from None
            self._taken += 1
            self._ledger.accept_to(self._taken)
        return True

    def _refuse(self, event: Outgoing) -> Receipt:
        if self._config.on_full != "drop":
            raise QueueFullError(
                f"event {event.message_id}: the queue is full; send it again later, or raise max_queue",
                message_id=event.message_id,
            )
        return self._outcomes.refuse(event)

    def _start(self) -> None:
        with self._lock:
            if self._thread is not None or self._closing:
                return
            thread = self._thread = threading.Thread(
                target=self._run, name="segment-client-kafka", daemon=True
            )
        try:
            self._starter.start(thread)
        finally:
            if thread.ident is None:
                self._thread = None  # the library sends all the same; the next event tries again
        lifecycle.remember(self)

    def _run(self) -> None:
        producer = self._producer  # in a forked child this keeps it for ever: to end it there would hang
        while producer is not None and self._producer is producer:
            self._hear(producer, _STEP)

    def _hear(self, producer: Producer, seconds: float) -> None:
        producer.poll(seconds)
        self._settle()

    def _report(self, event: Outgoing, error: ProducerError | None, _record: object) -> None:
        """Note what became of an event; the library calls this from whichever thread asks it."""
        self._reports.append((event, error))

    def _settle(self) -> None:
        """Count the events that were reported, and tell the callbacks."""
        delivered: list[Outgoing] = []
        failed: dict[str, tuple[DeliveryError, list[Outgoing]]] = {}
        with self._lock:
            for _ in range(len(self._reports)):
                event, error = self._reports.popleft()
                self._reported += 1
                if error is None:
                    delivered.append(event)
                else:
                    _, events = failed.setdefault(error.name(), (error_of(error, event.message_id), []))
                    events.append(event)
            # a call that a signal's exception ended is made up for
            self._taken = max(self._taken, self._reported)
            self._ledger.accept_to(self._taken)
        if delivered:
            self._outcomes.deliver(delivered, None, 1, own=len(delivered))
        for name, (reason, events) in failed.items():
            self._fail(events, reason, "closed" if name in PURGED else reason.reason)

    def _fail(self, events: Sequence[Outgoing], error: DeliveryError, reason: str) -> None:
        if reason == "closed":
            self._outcomes.drop(events, reason, own=len(events))
        elif error.retryable:
            self._outcomes.drop(events, reason, error, own=len(events))
        else:
            self._outcomes.reject(events, error, own=len(events))


def _record(event: Outgoing) -> Record:
    fields: dict[str, Any] = from_json(event.body)
    return event_record(
        event.body,
        call_type=event.call_type,
        event_gid=str(event.event_gid),
        entity_gid=fields["entity_gid"],
        who=fields.get("user_id") or fields.get("anonymous_id"),
    )
