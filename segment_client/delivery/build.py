"""Builds the delivery that a configuration asks for; each kind is imported only where it is used."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from segment_client.accounting import Ledger
from segment_client.config import DeliveryConfig, check_like
from segment_client.delivery.poster import Poster
from segment_client.errors import InvalidTypeError, InvalidValueError
from segment_client.retry import RetryPolicy
from segment_client.transport import Transport

if TYPE_CHECKING:
    from segment_client.delivery import Delivery
    from segment_client.delivery.background import BackgroundDelivery
    from segment_client.delivery.direct import DirectDelivery

__all__ = ["DeliveryKind", "build_delivery", "check_kind"]

_DIRECT_ATTEMPTS = 4
_BACKGROUND_ATTEMPTS = 10
_BACKGROUND_MAX_DELAY = 30.0


@runtime_checkable
class DeliveryKind(Protocol):
    """A way of delivery other than HTTP; its events are in the semantic format."""

    def build(self, config: DeliveryConfig) -> Delivery:
        """Return the delivery of one client."""
        ...


def build_delivery(
    config: DeliveryConfig,
    transport: Transport | None,
    kind: DeliveryKind | None = None,
    *,
    enabled: bool = True,
) -> Delivery:
    """Return the delivery of a configuration: none, of another kind, over `transport`, or over HTTP.

    Raises InvalidTypeError for a `transport` that is none.
    """
    if transport is not None:
        check_like("transport", transport, Transport, "an object with the methods send and close")
    if not enabled:
        from segment_client.delivery.disabled import DisabledDelivery

        return DisabledDelivery()
    if kind is not None:
        return kind.build(config)
    if transport is None:
        from segment_client.http import RequestsTransport

        transport = RequestsTransport(config.proxies)
    poster = Poster(config.endpoint, config.write_key, transport, timeout=config.timeout, gzip=config.gzip)
    if config.mode == "direct":
        return _direct(config, poster)
    return _background(config, poster)


def check_kind(delivery: object, spool: object) -> DeliveryKind:
    """Return the kind that was passed as `delivery`; raises a SegmentError for what cannot be used."""
    if not isinstance(delivery, DeliveryKind):
        raise InvalidTypeError(
            f"delivery is a {type(delivery).__name__}: pass 'direct', 'background' or a KafkaDelivery"
        )
    if spool is not None:
        raise InvalidValueError("spool is for delivery over HTTP: leave it out, or the other delivery")
    return delivery


def _direct(config: DeliveryConfig, poster: Poster) -> DirectDelivery:
    from segment_client.delivery.direct import DirectDelivery

    policy = RetryPolicy(max_attempts=config.max_attempts or _DIRECT_ATTEMPTS, total_time=config.retry_time)
    return DirectDelivery(
        poster,
        policy,
        config.clock,
        _ledger(config),
        on_delivered=config.on_delivered,
        on_error=config.on_error,
    )


def _background(config: DeliveryConfig, poster: Poster) -> BackgroundDelivery:
    from segment_client.delivery.background import BackgroundDelivery
    from segment_client.delivery.engine import Engine

    attempts = sys.maxsize if config.spool is not None else _BACKGROUND_ATTEMPTS
    policy = RetryPolicy(max_attempts=config.max_attempts or attempts, max_delay=_BACKGROUND_MAX_DELAY)
    return BackgroundDelivery(lambda: Engine(config, poster, policy, _ledger(config)))


def _ledger(config: DeliveryConfig) -> Ledger:
    from segment_client.delivery.telemetry import listener

    return Ledger(durable=config.spool is not None, listener=listener)
