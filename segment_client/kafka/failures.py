"""A Kafka error as an error of ours."""

from __future__ import annotations

from segment_client.errors import (
    DeliveryError,
    RejectedError,
    TooLargeError,
    UnauthorizedError,
    UnreachableError,
)
from segment_client.kafka.library import ProducerError

__all__ = ["PURGED", "error_of"]

PURGED = frozenset({"_PURGE_QUEUE", "_PURGE_INFLIGHT"})
"""The names of errors of records that this side gave up."""

_TOO_LARGE = frozenset({"MSG_SIZE_TOO_LARGE", "RECORD_LIST_TOO_LARGE"})
_REJECTED = frozenset({"INVALID_MSG", "INVALID_RECORD", "INVALID_TIMESTAMP", "POLICY_VIOLATION"})
_UNAUTHORIZED = frozenset(
    {
        "CLUSTER_AUTHORIZATION_FAILED",
        "SASL_AUTHENTICATION_FAILED",
        "TOPIC_AUTHORIZATION_FAILED",
        "TRANSACTIONAL_ID_AUTHORIZATION_FAILED",
        "_AUTHENTICATION",
    }
)


def error_of(error: ProducerError, message_id: str) -> DeliveryError:
    """Return what an error means for an event; the text names the event and Kafka's error."""
    name = error.name()
    kind, advice = _meaning(name)
    return kind(
        f"event {message_id}: Kafka says {name}: {advice}",
        attempts=1,
        message_id=message_id,
        server_message=error.str(),
    )


def _meaning(name: str) -> tuple[type[DeliveryError], str]:
    if name in _TOO_LARGE:
        return (
            TooLargeError,
            "it, or its batch, is too large; see message.max.bytes and the topic's max.message.bytes",
        )
    if name in _UNAUTHORIZED:
        return UnauthorizedError, "the brokers refuse this user; check the credentials and the topic's rights"
    if name in _REJECTED:
        return RejectedError, "the brokers refused it; server_message holds their words"
    return UnreachableError, "the brokers did not take it; check that they run and that the topic exists"
