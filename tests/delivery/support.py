"""What the tests of deliveries share."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from segment_client import SegmentClient
from segment_client.clock import Clock
from segment_client.config import DeliveryConfig
from segment_client.endpoint import parse_endpoint
from segment_client.testing import FakeServer, Received
from tests.client.support import ENTITY, KEY, ROOT, USER

__all__ = ["SECONDS", "background", "config", "no_threads", "numbers", "numbers_of", "track"]

SECONDS = 20.0
NO_SUCH_STACK = 1 << 50


def background(url: str, **options: Any) -> SegmentClient:
    """Return a background client that does not wait long for a batch to fill."""
    return SegmentClient(
        KEY, ENTITY, "default", url, **{"delivery": "background", "flush_interval": 0.01, **options}
    )


def config(clock: Clock, **options: Any) -> DeliveryConfig:
    """Return what a queue of ten small events is made with."""
    return DeliveryConfig(
        **{
            "endpoint": parse_endpoint("http://127.0.0.1:9/v1", "segment"),
            "write_key": KEY,
            "mode": "background",
            "batch_size": 10,
            "flush_interval": 1,
            "max_queue": 10,
            "max_queue_bytes": 10_000,
            "on_full": "raise",
            "block_timeout": 0,
            "spool": None,
            "fsync": "process",
            "spool_max_bytes": 1_000_000,
            "spool_max_age": 1_000,
            "timeout": 1,
            "max_attempts": None,
            "retry_time": 1,
            "gzip": None,
            "proxies": None,
            "on_delivered": None,
            "on_error": None,
            "clock": clock,
            **options,
        }
    )


def track(client: SegmentClient, count: int, first: int = 0) -> None:
    """Track numbered events."""
    for number in range(first, first + count):
        client.track(ROOT, "E", user_id=USER, properties={"n": number})


def numbers_of(request: Received) -> list[int]:
    """Return the numbers of a request's events."""
    return [int(event["properties"]["n"]) for event in request.events]


def numbers(server: FakeServer) -> list[int]:
    """Return the numbers of all events that came, in order."""
    return [number for request in server.requests for number in numbers_of(request)]


@contextmanager
def no_threads() -> Iterator[None]:
    """Ask for stacks so large that no thread can be started."""
    before = threading.stack_size(NO_SUCH_STACK)
    try:
        yield
    finally:
        threading.stack_size(before)
