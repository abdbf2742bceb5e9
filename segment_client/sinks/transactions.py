"""The sink whose writes are transactions: readers of committed records see all of a write, or nothing."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime

from segment_client.errors import SinkError
from segment_client.kafka.library import Producer, ProducerError, library
from segment_client.kafka.settings import KafkaSettings, check_topic
from segment_client.sinks import Event, Rejection, Unfit
from segment_client.sinks.confirmed import produce, sink_error, unfit_or_error
from segment_client.sinks.records import Addressed, Topics
from segment_client.sinks.together import Together

__all__ = ["TransactionalSink"]

_Item = tuple[Addressed, list[Unfit]]


class TransactionalSink:
    """Writes of several threads share a transaction, as one producer has one at a time.

    A write that fails is aborted, so that it may be written again without a copy. Where the end of a
    transaction is not known, a new producer takes the id over, by which the brokers end it.
    """

    def __init__(self, settings: KafkaSettings, rejected_topic: str, timeout: float) -> None:
        check_topic("the topic of rejected calls", rejected_topic)
        self._settings = settings
        self._timeout = timeout
        self._refusals = library().KafkaException
        self._next: Producer | None = self._open()  # which refuses bad properties at once
        self._topics = Topics(settings.topic, rejected_topic, settings.most)
        self._ready: Producer | None = None
        self._together = Together(self._commit)

    def write(
        self, events: Sequence[Event], rejected: Sequence[Rejection], received_at: datetime
    ) -> Sequence[Unfit]:
        """Produce all in a transaction, and return when it is committed."""
        unfit: list[Unfit] = []
        records = self._topics.records_of(events, rejected, received_at)
        self._together.add([(each, unfit) for each in records])
        return unfit

    def close(self) -> None:
        """End the producer."""
        self._ready = self._next = None

    def _commit(self, items: Sequence[_Item]) -> None:
        if not items:
            return
        try:
            producer = self._begin()
            self._produce(producer, items)
            producer.commit_transaction(self._timeout)
        except self._refusals as refusal:
            error: ProducerError = refusal.args[0]
            self._end(error)
            raise sink_error(error) from None
        except SinkError:
            self._ready = None
            raise

    def _begin(self) -> Producer:
        if self._ready is None:
            producer, self._next = self._next or self._open(), None
            producer.init_transactions(self._timeout)
            self._ready = producer
        self._ready.begin_transaction()
        return self._ready

    def _produce(self, producer: Producer, items: Sequence[_Item]) -> None:
        until = time.monotonic() + self._timeout
        for each, unfit in items:
            try:
                produce(producer, each.topic, each.record, _ignore, until)
            except self._refusals as refusal:
                unfit.append(unfit_or_error(refusal.args[0], each.position))

    def _end(self, error: ProducerError) -> None:
        """Abort the transaction; let go of the producer where that is not possible."""
        producer, self._ready = self._ready, None
        if producer is None or not error.txn_requires_abort():
            return
        try:
            producer.abort_transaction(self._timeout)
        except self._refusals:
            return  # the next producer takes over the id, and with that ends the transaction
        self._ready = producer

    def _open(self) -> Producer:
        return self._settings.open(message_timeout_ms=max(1, round(self._timeout * 1000)))


def _ignore(_error: ProducerError | None, _record: object) -> None:
    """Leave it to the commit to say what failed."""
