"""The seam to `confluent_kafka`: the part of it that is used here, and the one place that imports it."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any, Protocol

__all__ = ["Library", "Producer", "ProducerError", "Report", "library"]

Report = Callable[["ProducerError | None", Any], None]
"""What is called once for each record: with None once the brokers have it, else with the error."""


class ProducerError(Protocol):
    """A `confluent_kafka.KafkaError`."""

    def name(self) -> str:
        """Return the error's name, such as "_MSG_TIMED_OUT"; ours to judge by."""
        ...

    def str(self) -> str:
        """Return what it means in words."""
        ...

    def fatal(self) -> bool:
        """Tell whether the producer is of no use any more."""
        ...

    def txn_requires_abort(self) -> bool:
        """Tell whether the transaction must be aborted before another one begins."""
        ...


class Producer(Protocol):
    """A `confluent_kafka.Producer`; safe to use from any thread of the process that made it."""

    def __len__(self) -> int: ...

    def produce(
        self,
        topic: str,
        value: bytes,
        key: bytes | None,
        *,
        headers: list[tuple[str, bytes]],
        on_delivery: Report,
    ) -> None:
        """Queue a record; raises BufferError where the queue is full, the library's exception else."""

    def poll(self, timeout: float) -> int:
        """Call what is due, after a wait of some seconds at most where nothing is."""
        ...

    def flush(self, timeout: float) -> int:
        """Send without waiting for more; return how many records are left after some seconds."""
        ...

    def purge(self) -> None:
        """Give up all records; each is reported as an error."""

    def init_transactions(self, timeout: float) -> None:
        """Get hold of the transactional id, from any producer that had it before."""

    def begin_transaction(self) -> None:
        """Begin a transaction."""

    def commit_transaction(self, timeout: float) -> None:
        """Send what is left, and end the transaction so that its records count."""

    def abort_transaction(self, timeout: float) -> None:
        """End the transaction so that readers of committed records never see its records."""


class Library(Protocol):
    """The module `confluent_kafka`."""

    KafkaException: type[Exception]

    @property
    def Producer(self) -> Callable[..., Producer]:  # noqa: N802  # the library's name
        """The class of producers: a configuration, and a logger by keyword."""
        ...


def library() -> Library:
    """Return `confluent_kafka`; raises ModuleNotFoundError that says what to install."""
    try:
        found: Library = import_module("confluent_kafka")
    except ModuleNotFoundError as missing:
        raise ModuleNotFoundError(
            f'Kafka needs {missing.name}: pip install "python-segment-client[kafka]"', name=missing.name
        ) from missing
    return found
