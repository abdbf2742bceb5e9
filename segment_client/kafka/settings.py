"""Where to produce to, checked once, and the producer for it."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from segment_client.errors import InvalidTypeError, InvalidValueError
from segment_client.kafka.library import Producer, library

__all__ = ["KafkaSettings", "check_topic"]

_TOPIC = re.compile(r"[A-Za-z0-9._-]{1,249}")
_BROKERS = re.compile(r"[^\s,:/@]+(:\d+)?(,[^\s,:/@]+(:\d+)?)*|\[[0-9A-Fa-f:.]+\](:\d+)?")
_OURS = frozenset({"bootstrap.servers", "metadata.broker.list", "enable.idempotence", "logger", "error_cb"})
_DEFAULTS: Mapping[str, object] = {
    "enable.idempotence": True,  # with acks=all: in order, and none twice by the producer's own retries
    "partitioner": "murmur2_random",  # as Java's producers do it: one key, one partition, whoever writes
    "compression.type": "lz4",
    "linger.ms": 5,
    "client.id": "python-segment-client",
}

_MOST, _DEFAULT_MOST = "message.max.bytes", 1_000_000

_log = logging.getLogger("segment_client.kafka")


@dataclass(frozen=True, slots=True)
class KafkaSettings:
    """`brokers` are `host:port`, several with commas; `config` holds librdkafka's properties by name.

    Raises InvalidValueError or InvalidTypeError for what cannot be used. No value of `config` is in a text.
    """

    brokers: str
    topic: str
    config: Mapping[str, object] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        if not isinstance(self.brokers, str) or not _BROKERS.fullmatch(self.brokers):
            raise InvalidValueError("the brokers are no list of host:port: pass, for example, 'broker:9092'")
        check_topic("topic", self.topic)
        if not isinstance(self.config, Mapping):
            raise InvalidTypeError("config is no mapping: pass librdkafka's properties by name")
        for name in sorted(_OURS & self.config.keys()):
            raise InvalidValueError(f"config sets {name}, which is set already: leave it out")

    @property
    def most(self) -> int:
        """The most bytes of a record, of a config with which a producer was opened."""
        return int(str(self.config.get(_MOST, _DEFAULT_MOST)))

    def open(self, **limits: object) -> Producer:
        """Return a producer, which connects in threads of its own; `limits` stand under `config`."""
        kafka = library()
        named = {name.replace("_", "."): value for name, value in limits.items()}
        config = {**_DEFAULTS, **named, **self.config, "bootstrap.servers": self.brokers}
        try:
            return kafka.Producer(config, logger=_log)
        except (kafka.KafkaException, TypeError, ValueError) as error:
            raise InvalidValueError(f"Kafka cannot be used so: {_words(error, self.config)}") from None


def check_topic(name: str, value: object) -> None:
    """Raise InvalidValueError for what is no name of a topic."""
    if not isinstance(value, str) or not _TOPIC.fullmatch(value):
        raise InvalidValueError(
            f"{name} is no topic's name: pass 1 to 249 letters, digits, dots, underscores or hyphens"
        )


def _words(error: Exception, config: Mapping[str, object]) -> str:
    """Return an error's words, which name the property, without a value that they repeat."""
    first = error.args[0] if error.args else error
    words = first.str() if hasattr(first, "str") else f"config holds what is no property ({first})"
    for value in config.values():
        words = words.replace(f'"{value}"', "(its value)")
    return str(words).strip()
