"""Records that must be confirmed before anybody is answered."""

from __future__ import annotations

import threading
import time

from segment_client.errors import SinkError
from segment_client.kafka.failures import error_of
from segment_client.kafka.library import Producer, ProducerError, Report
from segment_client.kafka.record import Record
from segment_client.sinks import Unfit

__all__ = ["Reports", "produce", "sink_error", "unfit_or_error"]

_STEP = 0.05


class Reports:
    """Counts what the brokers say of records, and waits for the last of them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._changed = threading.Condition(self._lock)
        self._left = 0
        self._error: ProducerError | None = None

    def expect(self) -> Report:
        """Return what is to be told of one record more."""
        with self._lock:
            self._left += 1
        return self._report

    def forget(self) -> None:
        """Take back `expect`."""
        with self._lock:
            self._left -= 1

    def wait(self, seconds: float) -> None:
        """Wait until all is reported; raises SinkError for an error, or when the time is over."""
        with self._lock:
            told = self._changed.wait_for(lambda: not self._left, max(0.0, seconds))
        if self._error is not None:
            raise sink_error(self._error)
        if not told:
            raise SinkError("Kafka did not confirm in time: check that the brokers run")

    def _report(self, error: ProducerError | None, _record: object) -> None:
        with self._lock:
            self._left -= 1
            self._error = self._error or error
            if not self._left:
                self._changed.notify_all()


def produce(producer: Producer, topic: str, record: Record, report: Report, until: float) -> None:
    """Queue a record, once there is room; raises SinkError at the time `until` (monotonic)."""
    while True:
        try:
            producer.produce(topic, record.value, record.key, headers=record.headers, on_delivery=report)
        except BufferError:
            if time.monotonic() >= until:
                raise SinkError(
                    "Kafka takes records more slowly than they come: add brokers or partitions"
                ) from None
            producer.poll(_STEP)
        else:
            return


def unfit_or_error(error: ProducerError, position: int | None) -> Unfit:
    """Return what to say of an event that is too large; raises SinkError for another error or record."""
    if error.name() != "MSG_SIZE_TOO_LARGE" or position is None:
        raise sink_error(error)
    return Unfit(position, "The event is larger than a record of the topic may be (message.max.bytes).")


def sink_error(error: ProducerError) -> SinkError:
    """Return an error of Kafka's as one of a sink."""
    advice = " start this program again;" if error.fatal() else ""
    meaning = str(error_of(error, "")).partition(": ")[2]
    return SinkError(f"{meaning};{advice} nothing was confirmed", server_message=error.str())
