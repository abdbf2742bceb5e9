"""A collector that writes to Kafka, plainly and in transactions, against mock brokers."""

import json
import time
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

import requests
from semantic_events import SemanticEvent

from segment_client import SegmentClient
from segment_client.collector import Collector
from segment_client.errors import InvalidValueError
from tests.collector.support import track
from tests.commands import start_command
from tests.warehouse.cluster import Cluster

ENTITY = UUID("7b0c7a52-5a55-4a6e-9d2c-3d6c3c0f1a11")


def collecting(cluster: Cluster, parameters: str = "", **options: Any) -> Collector:
    """Start a collector that writes to the topic `events`."""
    address = f"kafka://{cluster.brokers}/events{parameters or '?timeout=60'}"
    return Collector(sink=address, entity_gid=ENTITY, **options)


def post(collector: Collector, *calls: object, timeout: float = 90) -> requests.Response:
    """Post calls as a batch."""
    return requests.post(f"{collector.url}/v1/batch", json={"batch": calls, "writeKey": "k"}, timeout=timeout)


def until_kept(collector: Collector, *calls: object) -> None:
    """Send calls again until they are kept, as clients do."""
    while post(collector, *calls).status_code != 200:
        pass


def ids(cluster: Cluster, count: int, **options: Any) -> list[str]:
    """Return the message ids that a consumer reads."""
    return [json.loads(record.value)["message_id"] for record in cluster.read("events", count, **options)]


class KafkaSinkTest(unittest.TestCase):
    """`--sink kafka://...`."""

    def test_contract(self) -> None:
        """A foreign call is a SemanticEvent in the topic: valid, with `received_at`, key and headers."""
        with Cluster() as cluster, collecting(cluster) as collector:
            self.assertEqual(post(collector, track("m1", userId="ü")).status_code, 200)
            (record,) = cluster.read("events", 1)
        event = SemanticEvent.model_validate_json(record.value)
        self.assertEqual((event.message_id, event.entity_gid, event.user_id), ("m1", ENTITY, "ü"))
        self.assertIsNotNone(event.received_at)
        self.assertEqual(record.key, f"{ENTITY}:ü")
        self.assertEqual(
            (record.headers["type"], record.headers["event_gid"]), ("track", str(event.event_gid))
        )

    def test_rejected(self) -> None:
        """What is no valid event goes to a topic of its own, with its errors and the call."""
        with Cluster() as cluster, collecting(cluster) as collector:
            post(collector, track("m1"), {"type": "track", "userId": "u", "properties": {"text": "é"}})
            (record,) = cluster.read("events.rejected", 1)
            self.assertEqual(ids(cluster, 1, extra=0.3), ["m1"])
        rejected = json.loads(record.value)
        self.assertEqual(json.loads(rejected["raw"])["properties"], {"text": "é"})
        self.assertEqual(set(rejected), {"received_at", "errors", "raw"})
        self.assertLessEqual({"path", "message", "type"}, set(rejected["errors"][0]))

    def test_client_to_consumer(self) -> None:
        """What eight threads of clients send is in the topic once each, a user's events in order."""
        with Cluster() as cluster, collecting(cluster) as collector:

            def send(user: int) -> None:
                with SegmentClient(
                    "k", ENTITY, "main", collector.url, delivery="background", flush_interval=0.01
                ) as client:
                    for number in range(100):
                        client.track(ENTITY, "E", user_id=f"u{user}", properties={"n": str(number)})
                    self.assertTrue(client.flush(90))

            with ThreadPoolExecutor(8) as pool:
                list(pool.map(send, range(8)))
            records = cluster.read("events", 800, extra=0.3)
        numbers: dict[str, list[int]] = {}
        for record in records:
            numbers.setdefault(record.key, []).append(int(json.loads(record.value)["properties"]["n"]))
        self.assertEqual(list(numbers.values()), [list(range(100))] * 8)

    def test_confirmed_before_the_answer(self) -> None:
        """The sender is answered after the brokers: not before their answer can have come."""
        with Cluster(rtt=300) as cluster, collecting(cluster) as collector:
            post(collector, track("m0"))  # the first waits for connections too
            before = time.monotonic()
            self.assertEqual(post(collector, track("m1")).status_code, 200)
            self.assertGreaterEqual(time.monotonic() - before, 0.3)

    def test_brokers_hang(self) -> None:
        """While the brokers hang the sender is told to send again, and what it sent is there in the end."""
        with Cluster() as cluster, collecting(cluster, "?timeout=1&socket.timeout.ms=1000") as collector:
            until_kept(collector, track("m1"))
            cluster.hang()
            with self.assertLogs("segment_client", "ERROR"):
                answer = post(collector, track("m2"))
            self.assertEqual((answer.status_code, answer.json()["code"]), (503, "not_kept"))
            cluster.go_on()
            until_kept(collector, track("m2"))
            found = ids(cluster, 2, extra=0.5)
        self.assertEqual(list(dict.fromkeys(found)), ["m1", "m2"])

    def test_brokers_gone(self) -> None:
        """A durable client loses nothing while no broker is there: it keeps what the collector cannot."""
        with (
            TemporaryDirectory() as folder,
            Cluster() as cluster,
            collecting(cluster, "?timeout=0.5") as collector,
            SegmentClient(
                "k", ENTITY, "main", collector.url, spool=Path(folder, "s.db"), max_attempts=1
            ) as client,
        ):
            cluster.end()
            client.track(ENTITY, "E", user_id="u")
            self.assertFalse(client.flush(4))
            stats = client.stats()
        self.assertEqual((stats.spooled, stats.delivered, stats.dropped), (1, 0, 0))

    def test_too_large(self) -> None:
        """An event that is larger than a record may be is rejected, and the others of its batch are kept."""
        with Cluster() as cluster, collecting(cluster, "?message.max.bytes=5000&timeout=60") as collector:
            large = track("m2", properties={"text": "x" * 6000})
            self.assertEqual(post(collector, track("m1"), large, track("m3")).status_code, 200)
            self.assertEqual(sorted(ids(cluster, 2, extra=0.3)), ["m1", "m3"])
            (record,) = cluster.read("events.rejected", 1, extra=0.3)
        rejected = json.loads(record.value)
        self.assertEqual([error["type"] for error in rejected["errors"]], ["unfit", "truncated"])
        self.assertIn('"messageId":"m2"', rejected["raw"].replace(" ", ""))

    def test_rejected_and_too_large(self) -> None:
        """A rejected call is cut to what a record may be, and so are its errors, which hold its names."""
        names = {"k" * 400_000 + str(number): "text" for number in range(4)}
        bad = {"type": "track", "message_id": "m2", "metrics": names}
        for parameters in ("?timeout=60", "?transactional.id=c1&timeout=60"):
            with self.subTest(parameters), Cluster() as cluster, collecting(cluster, parameters) as collector:
                self.assertEqual(post(collector, track("m1"), bad).status_code, 200)
                self.assertEqual(ids(cluster, 1), ["m1"])
                (record,) = cluster.read("events.rejected", 1)
                self.assertIn("truncated", {error["type"] for error in json.loads(record.value)["errors"]})

    def test_transactions(self) -> None:
        """With a transactional id a request is one transaction, and requests at a time share one."""
        with Cluster() as cluster, collecting(cluster, "?transactional.id=c1&timeout=60") as collector:
            with ThreadPoolExecutor(8) as pool:
                answers = pool.map(lambda n: post(collector, track(f"a{n}"), track(f"b{n}")), range(40))
                self.assertEqual({answer.status_code for answer in answers}, {200})
            found = ids(cluster, 80, extra=0.3)
        self.assertEqual(sorted(found), sorted([f"a{n}" for n in range(40)] + [f"b{n}" for n in range(40)]))

    def test_transaction_fails(self) -> None:
        """A request that was not confirmed leaves nothing for readers of what is committed."""
        parameters = "?transactional.id=c1&timeout=1&socket.timeout.ms=1000"
        with Cluster() as cluster, collecting(cluster, parameters) as collector:
            until_kept(collector, track("m1"))
            cluster.hang()
            with self.assertLogs("segment_client", "ERROR"):
                self.assertEqual(post(collector, track("m2"), track("m3")).status_code, 503)
            cluster.go_on()
            until_kept(collector, track("m2"), track("m3"))
            found = ids(cluster, 3, extra=0.5)
        self.assertEqual(sorted(set(found)), ["m1", "m2", "m3"])
        self.assertEqual(found.count("m2"), found.count("m3"))

    def test_command(self) -> None:
        """`segment-client collect --sink` with a file of properties writes to Kafka, and stops in order."""
        with Cluster() as cluster, TemporaryDirectory() as folder:
            Path(folder, "client.properties").write_text("# ours\nlinger.ms=1\n\ncompression.type = zstd\n")
            address = f"kafka://{cluster.brokers}/events?config=client.properties"
            words = ["segment-client", "collect", "--port", "0", "--sink", address]
            with start_command(words, Path(folder)) as process:
                assert process.stdout is not None
                url = process.stdout.readline().split()[-1]
                answer = requests.post(f"{url}/v1/track", json=track("m1", writeKey="k"), timeout=90)
                self.assertEqual(answer.status_code, 200)
                process.terminate()
                self.assertEqual(process.wait(30), 0)
            self.assertEqual(ids(cluster, 1), ["m1"])

    def test_refused_addresses(self) -> None:
        """Addresses that cannot be used are refused at the start, without secrets."""
        with TemporaryDirectory() as folder:
            properties = Path(folder, "p")
            properties.write_text("sasl.password sentinel\n")
            for parameters in (
                "/t?timeout=soon", "/t?timeout=-1", "/t?no.such=sentinel", "/", "/a%20b", "/t?rejected=a%20b",
                f"/t?config={properties}", f"/t?config={folder}/none", "/t?enable.idempotence=false",
            ):  # fmt: skip
                with self.subTest(parameters=parameters), self.assertRaises(InvalidValueError) as caught:
                    Collector(sink=f"kafka://b:9092{parameters}")
                self.assertNotIn("sentinel", str(caught.exception))
            with self.assertRaises(InvalidValueError) as caught:
                Collector(sink="kafka://u:sentinel@b:9092/t")
            self.assertNotIn("sentinel", str(caught.exception))


if __name__ == "__main__":
    unittest.main()
