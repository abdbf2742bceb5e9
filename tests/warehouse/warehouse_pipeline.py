"""The whole way: a client, a collector, the topic, the generated view, the table."""

import json
import unittest
from uuid import UUID, uuid4

import requests
from semantic_events import SemanticEvent, from_row

from segment_client import KafkaDelivery, SegmentClient
from segment_client.collector import Collector
from tests.warehouse.cluster import Cluster
from tests.warehouse.engine import Engine, generated
from tests.warehouse.events import normal

ENTITY = UUID("7b0c7a52-5a55-4a6e-9d2c-3d6c3c0f1a11")


class PipelineTest(unittest.TestCase):
    """What was tracked is in the warehouse, whichever way it went."""

    def test_way(self) -> None:
        """Events sent in either format or straight to Kafka are in the table, rejected calls in theirs."""
        with Cluster() as cluster:
            address = f"kafka://{cluster.brokers}/semantic_events?timeout=60"
            kafka = KafkaDelivery(cluster.brokers, topic="semantic_events")
            with (
                Collector(sink=address) as collector,
                SegmentClient("k", ENTITY, "main", collector.url, timeout=60) as segment,
                SegmentClient("k", ENTITY, "main", collector.url, wire="semantic", timeout=60) as semantic,
                SegmentClient(None, ENTITY, "main", delivery=kafka) as straight,
            ):
                for client in (segment, semantic, straight):
                    client.track(
                        uuid4(), "Order Completed", user_id="ü 象", properties={"total": "5"},
                        context={"page": {"url": "https://example.com/é"}, "locale": "de-DE"},
                    )  # fmt: skip
                    client.identify(uuid4(), anonymous_id="a1", traits={"name": "Ada", "age": 36})
                body = {"batch": [{"type": "track", "userId": "u"}], "writeKey": "k"}
                self.assertEqual(
                    requests.post(f"{collector.url}/v1/batch", json=body, timeout=90).status_code, 400
                )
                self.assertTrue(straight.flush(60))
            messages = [record.value.decode() for record in cluster.read("semantic_events", 6)]
            rejected = [record.value.decode() for record in cluster.read("semantic_events.rejected", 1)]
        with Engine() as engine:
            engine.run_all(generated("clickhouse.sql"))
            engine.read_topics()
            engine.insert("semantic_events_topic", [{"_message": message} for message in messages])
            engine.insert("semantic_events_rejected_topic", [{"_message": message} for message in rejected])
            events = {str(event.event_gid): event for event in map(from_row, engine.events())}
            (kept,) = engine.select("SELECT * FROM semantic_events_rejected")
        sent = [normal(json.loads(message)) for message in messages]
        self.assertEqual(events, {str(event.event_gid): event for event in sent})
        self.assertEqual(sorted(event.type for event in sent), ["identify"] * 3 + ["track"] * 3)
        self.assertEqual({event.user_id for event in sent if event.type == "track"}, {"ü 象"})
        self.assertTrue(kept["errors.message"][0])
        self.assertEqual(json.loads(kept["raw"]), {"type": "track", "userId": "u"})
        self.assertIsInstance(sent[0], SemanticEvent)


if __name__ == "__main__":
    unittest.main()
