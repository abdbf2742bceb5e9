"""`delivery=KafkaDelivery(...)`: events go straight to a Kafka topic, for programs inside the cluster."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

from segment_client.accounting import Ledger
from segment_client.config import DeliveryConfig, check_number
from segment_client.delivery import Delivery
from segment_client.delivery.background import BackgroundDelivery
from segment_client.delivery.kafka_engine import KafkaEngine
from segment_client.delivery.telemetry import listener
from segment_client.errors import InvalidValueError
from segment_client.kafka.settings import KafkaSettings

__all__ = ["KafkaDelivery"]


class KafkaDelivery:
    """Events as records of `topic`: each is the SemanticEvent's JSON, whatever `wire` says.

    `brokers` are `host:port`, several with commas. A call hands its event to the producer and returns; the
    brokers confirm it later, with one thread of the client's own and those of librdkafka. `stats`, `flush`,
    `close`, the program's end and forks are as in background delivery, and `max_queue`, `max_queue_bytes`,
    `on_full`, `on_delivered` and `on_error` mean the same; what belongs to HTTP has no meaning here: the
    endpoint, the write key (it may be None), `batch_size`, `timeout`, `max_attempts`, `gzip`, `proxies`.

    The producer is idempotent: one user's events are in order, and none twice by its own retries. An event
    that the brokers did not confirm within `delivery_timeout` seconds is dropped, and told to `on_error`.
    `config` holds further properties of librdkafka by name, such as `{"security.protocol": "SSL"}`.

    It needs the extra `kafka`, and real threads, not gevent's. Raises InvalidValueError for what cannot be
    used.
    """

    def __init__(
        self,
        brokers: str,
        *,
        topic: str,
        delivery_timeout: float = 120.0,
        config: Mapping[str, object] | None = None,
    ) -> None:
        check_number("delivery_timeout", delivery_timeout, 0.001)
        self._timeout = delivery_timeout
        self._settings = KafkaSettings(brokers, topic, dict(config or {}))

    def build(self, config: DeliveryConfig) -> Delivery:
        """Return the delivery of one client."""
        gevent: Any = sys.modules.get("gevent.monkey")
        if gevent is not None and gevent.is_module_patched("threading"):
            raise InvalidValueError(
                "KafkaDelivery does not work under gevent, all of whose greenlets would wait for librdkafka:"
                " send to a collector, which writes to Kafka"
            )
        return BackgroundDelivery(
            lambda: KafkaEngine(self._settings, self._timeout, config, Ledger(listener=listener))
        )

    def __repr__(self) -> str:
        return f"<KafkaDelivery to {self._settings.topic} at {self._settings.brokers}>"
