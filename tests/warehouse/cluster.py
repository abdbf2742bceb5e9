"""A Kafka cluster for a test: librdkafka's own mock brokers, in a process that can be stopped and ended."""

import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from types import TracebackType
from typing import Any, Self

from tests.warehouse.hanging import Hanging

__all__ = ["Cluster", "Read"]

_OWNER = """
import sys
from confluent_kafka import Producer
owner = Producer({
    "bootstrap.servers": "none:1", "test.mock.num.brokers": 3, "test.mock.broker.rtt": int(sys.argv[1]),
    "log_level": 0,
})
brokers = owner.list_topics(timeout=10).brokers.values()
print(",".join(f"{broker.host}:{broker.port}" for broker in brokers), flush=True)
sys.stdin.read()
"""


@dataclass(frozen=True)
class Read:
    """A record as a consumer reads it."""

    partition: int
    key: str
    value: bytes
    headers: dict[str, str]


class Cluster(Hanging):
    """Three brokers on loopback; topics make themselves, with four partitions. An answer takes `rtt` ms."""

    def __init__(self, rtt: int = 0) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", _OWNER, str(rtt)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        assert self._process.stdout is not None
        self.brokers = self._process.stdout.readline().strip()
        assert self.brokers, "the mock cluster did not start"

    def end(self) -> None:
        """Let the brokers be gone, for ever."""
        self._process.kill()
        self._process.wait()

    def read(self, topic: str, count: int, *, extra: float = 0.0, **config: Any) -> list[Read]:
        """Return a topic from its start: `count` records, and what comes in `extra` seconds more."""
        kafka = import_module("confluent_kafka")
        consumer = kafka.Consumer(
            {
                "bootstrap.servers": self.brokers,
                "group.id": "test",
                "auto.offset.reset": "earliest",
                "enable.auto.commit": False,
                "isolation.level": "read_committed",
                "log_level": 0,
                **config,
            }
        )
        consumer.assign([kafka.TopicPartition(topic, partition, 0) for partition in range(4)])
        found: list[Read] = []
        until = time.monotonic() + 60
        try:
            while len(found) < count and time.monotonic() < until:
                found += _records(consumer.consume(1000, 0.2))
            until = time.monotonic() + extra
            while time.monotonic() < until:
                found += _records(consumer.consume(1000, 0.1))
        finally:
            consumer.close()
        return found

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()


def _records(messages: Sequence[Any]) -> list[Read]:
    return [
        Read(
            message.partition(),
            (message.key() or b"").decode(),
            message.value(),
            {name: value.decode() for name, value in message.headers() or ()},
        )
        for message in messages
        if message.error() is None
    ]
