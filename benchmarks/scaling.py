"""`python -m benchmarks.scaling`: what an event costs at each stage of the way to the warehouse, in CPU time.

CPU time of the stage's own process, not the clock's: so that a busy machine, and the brokers beside it, count
little. It needs the packages of `make test-warehouse`, whose brokers and engine it uses.
"""

import json
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPConnection
from importlib import import_module
from itertools import chain
from multiprocessing import get_context
from uuid import UUID, uuid4

from semantic_events import SemanticEvent

from segment_client import KafkaDelivery, SegmentClient
from segment_client.collector import Collector
from segment_client.collector.sinking import find_sink
from segment_client.wire import Identity, decode
from tests.warehouse.clickhouse import ClickHouse
from tests.warehouse.cluster import Cluster
from tests.warehouse.engine import Engine, generated

__all__ = ["main"]

ENTITY = UUID("7b0c7a52-5a55-4a6e-9d2c-3d6c3c0f1a11")
EVENTS = 20_000
PROPERTIES = {
    "sku": "A-100-XL",
    "price": "129.90",
    "currency": "EUR",
    "list": "summer",
    "position": "3",
    "cart": "c-81",
}
CONTEXT = {
    "ip": "203.0.113.7", "locale": "de-DE", "timezone": "Europe/Berlin",
    "page": {
        "url": "https://shop.example.com/summer/dress?ref=mail", "path": "/summer/dress",
        "title": "Summer dress", "referrer": "https://mail.example.com/",
    },
    "campaign": {"name": "summer", "source": "newsletter", "medium": "email"},
    "userAgent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0",
}  # fmt: skip

Row = tuple[str, int, float]
"""A stage, how many events it took, and its CPU seconds."""


@dataclass(frozen=True)
class Received:
    """An event as a collector gives it to a sink."""

    model: SemanticEvent
    body: str = "{}"


def main() -> int:
    """Measure each stage, and print Markdown."""
    sys.stdout.write(
        "| Stage | Events | CPU an event, \u00b5s | Events a second and core |\n|---|---|---|---|\n"
    )
    for name, count, seconds in chain([producing()], collecting(), warehousing()):
        each = seconds / count * 1e6
        sys.stdout.write(f"| {name} | {count:,} | {each:.0f} | {1e6 / each:,.0f} |\n")
        sys.stdout.flush()
    return 0


@contextmanager
def spent() -> Iterator[Callable[[], float]]:
    """Give a function that tells the CPU seconds of this process since the block began."""
    began = time.process_time()
    yield lambda: time.process_time() - began


def producing() -> Row:
    """A program that produces straight to Kafka: from the call to the brokers' confirmation."""
    with Cluster() as cluster:
        kafka = KafkaDelivery(cluster.brokers, topic="events")
        with SegmentClient(None, ENTITY, "main", delivery=kafka, max_queue=100_000) as client:
            track(client, 500)
            with spent() as seconds:
                track(client, EVENTS)
                return "`track()` into KafkaDelivery", EVENTS, seconds()


def track(client: SegmentClient, count: int) -> None:
    """Track events and wait until they are delivered."""
    for number in range(count):
        client.track(
            ENTITY, "Product Viewed", user_id=f"user-{number % 997}", properties=PROPERTIES, context=CONTEXT
        )
    if not client.flush(120):
        raise SystemExit("events were lost")


def collecting() -> Iterator[Row]:
    """A collector with Kafka as its sink: HTTP, validation, producing, the answer."""
    for name, together, requests in (("batches of 100", 100, EVENTS // 100), ("single calls", 1, 2_000)):
        with Cluster() as cluster, Collector(sink=f"kafka://{cluster.brokers}/events") as collector:
            port = int(collector.url.rpartition(":")[2])
            post(port, together, 5)
            sender = get_context("spawn").Process(target=post, args=(port, together, requests))
            with spent() as seconds:
                sender.start()
                sender.join()
                if sender.exitcode:
                    raise SystemExit("a request was refused")
                yield f"collector to Kafka, {name}", together * requests, seconds()


def post(port: int, together: int, requests: int, threads: int = 4) -> None:
    """Post batches from some threads."""

    def send(share: range) -> None:
        connection = HTTPConnection("127.0.0.1", port, timeout=60)
        for _ in share:
            body = json.dumps({"batch": [call(number) for number in range(together)], "writeKey": "k"})
            connection.request("POST", "/v1/batch", body)
            answer = connection.getresponse()
            answer.read()
            refused.extend([answer.status] if answer.status != 200 else [])
        connection.close()

    refused: list[int] = []
    workers = [
        threading.Thread(target=send, args=(range(first, requests, threads),)) for first in range(threads)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    if refused:
        raise SystemExit(f"refused with {refused[0]}")


def call(number: int) -> dict[str, object]:
    """Return a track call of Segment's format."""
    return {
        "type": "track", "event": "Product Viewed", "userId": f"user-{number}", "messageId": str(uuid4()),
        "timestamp": datetime.now(UTC).isoformat(), "properties": PROPERTIES, "context": CONTEXT,
    }  # fmt: skip


def warehousing() -> Iterator[Row]:
    """ClickHouse's view of a topic, and a collector that inserts by itself; says how large events are."""
    now = datetime.now(UTC)
    found = [decode(call(number % 997), Identity(ENTITY, "main"), now) for number in range(EVENTS)]
    bodies = [event.model_dump_json(exclude_none=True) for event in found]
    packed = import_module("lz4.frame").compress("".join(bodies[:100]).encode())
    with Engine() as engine:
        engine.run_all(generated("clickhouse.sql"))
        engine.read_topics()
        with spent() as seconds:
            engine.insert("semantic_events_topic", ({"_message": body} for body in bodies))
            yield "ClickHouse's view of a topic", EVENTS, seconds()
        query = (
            "SELECT sum(bytes_on_disk) AS bytes FROM system.parts WHERE active AND table = 'semantic_events'"
        )
        stored = int(engine.select(query)[0]["bytes"])
    with ClickHouse() as server:
        sink, _ = find_sink(f"{server.address}?linger=0.001&timeout=60", None)
        assert sink is not None
        with spent() as seconds:
            for first in range(0, EVENTS, 5000):
                sink.write([Received(event) for event in found[first : first + 5000]], [], now)
            yield "ClickHouse sink, the collector's side", EVENTS, seconds()
        sink.close()
    json_size, packed_size = sum(map(len, bodies)) // EVENTS, len(packed) // 100
    sys.stdout.write(
        f"\nAn event is {json_size} bytes of JSON, {packed_size} in a topic (lz4),"
        f" {stored // EVENTS} in the table.\n"
    )


if __name__ == "__main__":
    sys.exit(main())
