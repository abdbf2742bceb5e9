"""What a Kafka delivery checks before it needs Kafka, and what it says where that is not installed."""

import subprocess
import sys
import unittest
from typing import Any
from uuid import uuid4

from segment_client import KafkaDelivery, SegmentClient
from segment_client.errors import InvalidTypeError, InvalidValueError

MISSING = """
import sys
sys.modules["confluent_kafka"] = None
import uuid
from segment_client import KafkaDelivery, SegmentClient
kafka = KafkaDelivery("broker:9092", topic="events")
SegmentClient(None, uuid.uuid4(), "main", delivery=kafka, enabled=False).close()
try:
    SegmentClient(None, uuid.uuid4(), "main", delivery=kafka)
except ModuleNotFoundError as error:
    print(error)
"""


GEVENT = """
from gevent import monkey
monkey.patch_all()
import uuid
from segment_client import KafkaDelivery, SegmentClient
try:
    SegmentClient(None, uuid.uuid4(), "main", delivery=KafkaDelivery("broker:9092", topic="events"))
except ValueError as error:
    print(error)
"""


class KafkaTest(unittest.TestCase):
    """Nothing of Kafka is needed until events go there."""

    def test_missing(self) -> None:
        """Without the extra all can be imported, and a client says what to install."""
        said = subprocess.run(
            [sys.executable, "-c", MISSING], capture_output=True, text=True, check=True, timeout=60
        )
        self.assertIn('pip install "python-segment-client[kafka]"', said.stdout)

    def test_gevent(self) -> None:
        """Under gevent, where librdkafka's waits would hold up all greenlets, a client says so at once."""
        said = subprocess.run(
            [sys.executable, "-c", GEVENT], capture_output=True, text=True, check=True, timeout=60
        )
        self.assertIn("does not work under gevent", said.stdout)

    def test_arguments(self) -> None:
        """Brokers, topics and properties that cannot be used are refused, without their values."""
        wrong: tuple[tuple[type[Exception], str, str, dict[str, Any]], ...] = (
            (InvalidValueError, "broker", "", {}),
            (InvalidValueError, "broker", "kafka://sentinel", {}),
            (InvalidValueError, "broker", "a b", {}),
            (InvalidValueError, "topic", "b:9092", {"topic": "sentinel topic"}),
            (InvalidValueError, "topic", "b:9092", {"topic": ""}),
            (InvalidValueError, "enable.idempotence", "b:9092", {"config": {"enable.idempotence": False}}),
            (InvalidValueError, "delivery_timeout", "b:9092", {"delivery_timeout": 0}),
        )
        for kind, what, brokers, options in wrong:
            with self.subTest(what=what, brokers=brokers), self.assertRaisesRegex(kind, what) as caught:
                KafkaDelivery(brokers, **{"topic": "events", **options})
            self.assertNotIn("sentinel", str(caught.exception))

    def test_repr(self) -> None:
        """Its repr names topic and brokers, and no property."""
        kafka = KafkaDelivery("a:1,b:2", topic="events", config={"sasl.password": "sentinel"})
        self.assertEqual(repr(kafka), "<KafkaDelivery to events at a:1,b:2>")

    def test_not_a_delivery(self) -> None:
        """What is no delivery, or has a spool beside it, is refused."""
        kafka = KafkaDelivery("b:9092", topic="events")
        with self.assertRaisesRegex(InvalidTypeError, "KafkaDelivery"):
            # the case, which checkers call by different names
            SegmentClient("k", uuid4(), "main", delivery=3)  # type: ignore[call-overload,arg-type,unused-ignore]
        with self.assertRaisesRegex(InvalidValueError, "spool"):
            SegmentClient("k", uuid4(), "main", delivery=kafka, spool="events.db")


if __name__ == "__main__":
    unittest.main()
