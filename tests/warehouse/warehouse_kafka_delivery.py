"""A client that produces to Kafka, against real producers, consumers and mock brokers."""

import json
import os
import signal
import subprocess
import sys
import threading
import unittest
from collections import defaultdict
from typing import Any
from uuid import UUID, uuid4

from semantic_events.wire import SCHEMA_VERSION

from segment_client import (
    Failure,
    KafkaDelivery,
    QueueFullError,
    SegmentClient,
    SegmentError,
    TooLargeError,
)
from tests.delivery.support import no_threads
from tests.warehouse.cluster import Cluster, Read

ENTITY = UUID("7b0c7a52-5a55-4a6e-9d2c-3d6c3c0f1a11")
ROOT = uuid4()

ENDING = """
import sys, uuid
from segment_client import KafkaDelivery, SegmentClient
kafka = KafkaDelivery(sys.argv[1], topic="events", config={"linger.ms": 1000})
client = SegmentClient(None, uuid.uuid4(), "main", delivery=kafka)
for number in range(20):
    client.track(uuid.uuid4(), "E", user_id="u", properties={"number": str(number)})
raise RuntimeError("ends by an exception")
"""


def client(cluster: Cluster, *, timeout: float = 30.0, config: Any = None, **options: Any) -> SegmentClient:
    """Make a client whose events go to the topic `events`."""
    kafka = KafkaDelivery(cluster.brokers, topic="events", delivery_timeout=timeout, config=config)
    return SegmentClient(None, ENTITY, "main", delivery=kafka, **options)


def track(events: SegmentClient, number: int, user: str = "u", **more: Any) -> Any:
    """Send one event that says its number."""
    return events.track(ROOT, "E", user_id=user, properties={"number": str(number), **more})


def number(record: Read) -> int:
    """Return the number that a record's event says."""
    return int(json.loads(record.value)["properties"]["number"])


class KafkaDeliveryTest(unittest.TestCase):
    """`delivery=KafkaDelivery(...)` keeps what background delivery promises."""

    def adds_up(self, events: SegmentClient) -> None:
        """Hold the law of the counts."""
        stats = events.stats()
        self.assertEqual(
            stats.accepted,
            stats.delivered + stats.rejected + stats.dropped + stats.spooled + stats.pending,
        )
        self.assertGreaterEqual(stats.pending, 0)

    def test_equal(self) -> None:
        """A consumer reads what was sent: the event's JSON, a key for each user, headers to route by."""
        sent: dict[str, int] = {}
        with Cluster() as cluster, client(cluster) as events:
            for index in range(500):
                receipt = track(events, index, f"u{index % 7}", text="grün \u2013 象 🐘")
                self.assertEqual(receipt.status, "queued")
                sent[str(receipt.event_gid)] = index
            events.identify(ROOT, anonymous_id="nobody", traits={"name": "N"})
            self.assertTrue(events.flush(60))
            self.assertEqual(events.stats().delivered, 501)
            self.adds_up(events)
            records = cluster.read("events", 501)
        tracked = [record for record in records if record.headers["type"] == "track"]
        self.assertEqual({record.headers["event_gid"]: number(record) for record in tracked}, sent)
        self.assertEqual(len(tracked), 500)
        self.assertEqual({record.headers["schema_version"] for record in records}, {SCHEMA_VERSION})
        event = json.loads(tracked[0].value)
        self.assertEqual(event["properties"]["text"], "grün \u2013 象 🐘")
        self.assertEqual(tracked[0].key, f"{ENTITY}:{event['user_id']}")
        self.assertEqual(
            {record.key for record in records} - {record.key for record in tracked}, {f"{ENTITY}:nobody"}
        )

    def test_no_thread(self) -> None:
        """Events are delivered where no thread can be started, and heard of by that of a later call."""
        heard = threading.Event()
        with Cluster() as cluster, client(cluster, on_delivered=lambda _: heard.set()) as events:
            with self.assertLogs("segment_client", "ERROR"), no_threads():
                self.assertEqual(track(events, 0).status, "queued")
            track(events, 1)
            self.assertTrue(heard.wait(60))
            self.assertTrue(events.flush(60))
            self.assertEqual(events.stats().delivered, 2)
            self.adds_up(events)

    def test_order(self) -> None:
        """A user's events are in one partition, in order, while one organisation fills several."""
        with Cluster() as cluster, client(cluster) as events:
            threads = [
                threading.Thread(target=lambda user=f"u{u}": [track(events, n, user) for n in range(200)])
                for u in range(8)
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            self.assertTrue(events.flush(60))
            records = cluster.read("events", 1600)
        numbers, partitions = defaultdict(list), defaultdict(set)
        for record in records:
            numbers[record.key].append(number(record))
            partitions[record.key].add(record.partition)
        self.assertEqual(list(numbers.values()), [list(range(200))] * 8)
        self.assertEqual([len(found) for found in partitions.values()], [1] * 8)
        self.assertGreater(len(set().union(*partitions.values())), 1)

    def test_brokers_hang(self) -> None:
        """Brokers that hang for a while cost no event and no order; what was unanswered may come twice."""
        quick = {"socket.timeout.ms": 1000, "retry.backoff.ms": 50}
        with Cluster() as cluster, client(cluster, config=quick) as events:
            for index in range(200):
                track(events, index)
            self.assertTrue(events.flush(60))
            cluster.hang()
            for index in range(200, 400):
                track(events, index)
            self.assertFalse(events.flush(1.5))
            self.assertEqual(events.stats().pending, 200)
            cluster.go_on()
            self.assertTrue(events.flush(60))
            self.adds_up(events)
            found = [number(record) for record in cluster.read("events", 400, extra=0.5)]
        first_seen = list(dict.fromkeys(found))
        self.assertEqual(first_seen, list(range(400)))
        self.assertEqual([n for n in found if found.count(n) > 1 and n < 200], [])

    def test_brokers_gone(self) -> None:
        """Events that no broker takes in time are dropped and told to `on_error`; the counts add up."""
        failures: list[Failure] = []
        with Cluster() as cluster, client(cluster, timeout=3.0, on_error=failures.append) as events:
            track(events, 0)
            self.assertTrue(events.flush(60))
            cluster.end()
            for index in range(1, 11):
                track(events, index)
            self.assertFalse(events.flush(30))
            self.assertEqual(events.stats().dropped_reasons, {"unreachable": 10})
            self.adds_up(events)
        told = [event["properties"]["number"] for failure in failures for event in failure.events]
        self.assertEqual(told, [str(index) for index in range(1, 11)])
        self.assertEqual(
            {(f.reason, f.retryable, f.status_code) for f in failures}, {("unreachable", True, None)}
        )

    def test_close(self) -> None:
        """Close gives up what the brokers did not take in its time, tells of it, and accepts nothing more."""
        failures: list[Failure] = []
        before = threading.active_count()
        with Cluster() as cluster:
            events = client(cluster, on_error=failures.append)
            track(events, 0)
            self.assertTrue(events.flush(60))
            cluster.hang()
            for index in range(1, 4):
                track(events, index)
            self.assertFalse(events.close(0.3))
            self.assertEqual(events.stats().dropped_reasons, {"closed": 3})
            self.adds_up(events)
            self.assertEqual([len(failure.events) for failure in failures], [3])
            with self.assertRaisesRegex(SegmentError, "closed"):
                track(events, 4)
        self.assertEqual(threading.active_count(), before)

    def test_full(self) -> None:
        """A full queue drops, raises or blocks, as `on_full` says."""
        with Cluster() as cluster:
            cluster.hang()
            dropping = client(cluster, max_queue=5)
            self.assertEqual([track(dropping, n).status for n in range(7)], ["queued"] * 5 + ["dropped"] * 2)
            self.assertEqual(dropping.stats().dropped_reasons, {"queue_full": 2})
            self.adds_up(dropping)
            for on_full in ("raise", "block"):
                full = client(cluster, max_queue=1, on_full=on_full, block_timeout=0.2)
                track(full, 0)
                with self.assertRaises(QueueFullError):
                    track(full, 1)
                self.assertEqual(full.stats().accepted, 1)
                full.close(0)
            blocking = client(cluster, max_queue=1, on_full="block", block_timeout=60)
            track(blocking, 0)
            cluster.go_on()
            self.assertEqual(track(blocking, 1).status, "queued")
            self.assertTrue(blocking.close(60))
            dropping.close()

    def test_too_large(self) -> None:
        """An event that is larger than a record may be is refused at the call."""
        with Cluster() as cluster, client(cluster, config={"message.max.bytes": 2000}) as events:
            with self.assertRaises(TooLargeError) as caught:
                track(events, 0, text="sentinel" * 500)
            self.assertNotIn("sentinel", str(caught.exception))
            self.assertEqual(events.stats().accepted, 0)

    def test_exit(self) -> None:
        """A program that ends by an exception, its client not closed, delivers what it has tracked."""
        with Cluster() as cluster:
            ended = subprocess.run(
                [sys.executable, "-c", ENDING, cluster.brokers], capture_output=True, text=True, timeout=90
            )
            self.assertIn("ends by an exception", ended.stderr)
            self.assertEqual(sorted(map(number, cluster.read("events", 20))), list(range(20)))

    @unittest.skipUnless(hasattr(os, "fork"), "there is no fork")
    def test_fork(self) -> None:
        """A forked child has a producer of its own, ends in time, and disturbs nothing of its parent's."""
        with Cluster() as cluster, client(cluster) as events:
            track(events, 0)
            child = os.fork()
            if child == 0:
                signal.alarm(90)
                track(events, 1)
                flushed = events.flush(60) and events.stats().delivered == 1
                os._exit(0 if flushed and events.close() else 1)
            track(events, 2)
            self.assertEqual(os.waitpid(child, 0)[1], 0)
            self.assertTrue(events.flush(60))
            self.assertEqual(events.stats().delivered, 2)
            self.assertEqual(sorted(map(number, cluster.read("events", 3))), [0, 1, 2])

    def test_disabled(self) -> None:
        """A client that is disabled needs no broker."""
        kafka = KafkaDelivery("127.0.0.1:1", topic="events")
        with SegmentClient(None, ENTITY, "main", delivery=kafka, enabled=False) as events:
            self.assertEqual(track(events, 0).status, "skipped")

    def test_bad_property(self) -> None:
        """A property that librdkafka refuses is said at construction, without its value."""
        for config in ({"no.such": "sentinel"}, {"linger.ms": "sentinel"}, {"compression.type": "sentinel"}):
            with self.subTest(config=config), self.assertRaises(ValueError) as caught:
                SegmentClient(
                    None, ENTITY, "main", delivery=KafkaDelivery("b:9092", topic="t", config=config)
                )
            self.assertIsInstance(caught.exception, SegmentError)
            self.assertNotIn("sentinel", str(caught.exception))


if __name__ == "__main__":
    unittest.main()
