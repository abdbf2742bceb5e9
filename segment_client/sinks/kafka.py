"""The sink that produces to topics of Kafka: one for events, one for what was rejected."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from datetime import datetime

from segment_client.errors import InvalidValueError
from segment_client.kafka.library import library
from segment_client.kafka.settings import KafkaSettings, check_topic
from segment_client.sinks import Event, Rejection, Sink, Unfit
from segment_client.sinks.address import Address
from segment_client.sinks.confirmed import Reports, produce, unfit_or_error
from segment_client.sinks.parameters import read_properties, read_seconds
from segment_client.sinks.records import Topics
from segment_client.sinks.transactions import TransactionalSink

__all__ = ["KafkaSink", "open_kafka"]

_STEP = 0.1
_GRACE = 2.0


def open_kafka(address: Address) -> Sink:
    """Return the sink of `kafka://broker:9092,.../topic?rejected=TOPIC&timeout=8&config=FILE&property=value`.

    `rejected` is the topic of what was rejected (`<topic>.rejected`), `timeout` how long the brokers may take
    to confirm (8 seconds), `config` a file of `name=value` lines. Every other parameter is a property of
    librdkafka. With `transactional.id`, which no other running process may have, what is written at once is
    one transaction.
    """
    parameters = dict(address.parameters)
    rejected = parameters.pop("rejected", f"{address.path}.rejected")
    timeout = read_seconds(parameters, "timeout", 8.0)
    parameters.pop("timeout", None)
    file = parameters.pop("config", None)
    if "@" in address.parts.netloc:
        raise InvalidValueError(
            "the sink's address holds a user: set sasl.username and the like in a config file"
        )
    config = {**(read_properties(file) if file else {}), **parameters}
    settings = KafkaSettings(address.parts.netloc, address.path, config)
    if "transactional.id" in config:
        return TransactionalSink(settings, rejected, timeout)
    return KafkaSink(settings, rejected, timeout)


class KafkaSink:
    """Produces idempotently, and waits for the brokers to confirm each record, for `timeout` seconds at most.

    Where they confirm some and not others, those are there twice once all are written again.
    """

    def __init__(self, settings: KafkaSettings, rejected_topic: str, timeout: float) -> None:
        check_topic("the topic of rejected calls", rejected_topic)
        self._timeout = timeout
        self._refusals = library().KafkaException
        self._producer = settings.open(message_timeout_ms=max(1, round(timeout * 1000)))
        self._topics = Topics(settings.topic, rejected_topic, settings.most)
        self._closed = False
        self._thread = threading.Thread(target=self._hear, name="segment-client-sink", daemon=True)
        self._thread.start()

    def write(
        self, events: Sequence[Event], rejected: Sequence[Rejection], received_at: datetime
    ) -> Sequence[Unfit]:
        """Produce all, and return when the brokers have it."""
        until = time.monotonic() + self._timeout
        reports, unfit = Reports(), []
        for each in self._topics.records_of(events, rejected, received_at):
            try:
                produce(self._producer, each.topic, each.record, reports.expect(), until)
            except self._refusals as refusal:
                reports.forget()
                unfit.append(unfit_or_error(refusal.args[0], each.position))
        # the producer itself gives up in time, and says so a moment later
        reports.wait(until - time.monotonic() + _GRACE)
        return unfit

    def close(self) -> None:
        """End the producer."""
        self._closed = True
        self._thread.join()
        self._producer.flush(_STEP)

    def _hear(self) -> None:
        while not self._closed:
            self._producer.poll(_STEP)
