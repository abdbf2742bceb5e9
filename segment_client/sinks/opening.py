"""A sink from its address."""

from __future__ import annotations

from segment_client.errors import InvalidValueError
from segment_client.sinks import Sink
from segment_client.sinks.address import Address

__all__ = ["open_sink"]


def open_sink(address: Address) -> Sink:
    """Return the sink at an address of Kafka or ClickHouse; nothing is asked of it before it is written to.

    Raises InvalidValueError for what cannot be used, ModuleNotFoundError for an extra that is not installed.
    """
    if address.scheme == "kafka":
        from segment_client.sinks.kafka import open_kafka

        return open_kafka(address)
    if address.scheme in ("clickhouse", "clickhouses"):
        from segment_client.sinks.clickhouse import open_clickhouse

        return open_clickhouse(address)
    raise InvalidValueError(f"{address} is no address of a sink beside the collector's own file")
