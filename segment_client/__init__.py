"""A typed, validated Python client for Segment-compatible event tracking.

>>> from segment_client import SegmentClient

Importing this package is cheap: models, `requests` and the rest load when they are first needed.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from segment_client.accounting import Delivered, Failure, Receipt, Stats
    from segment_client.client import SegmentClient
    from segment_client.delivery.kafka import KafkaDelivery
    from segment_client.delivery.signals import install_signal_handlers
    from segment_client.errors import (
        DecodeError,
        DeliveryError,
        InvalidTypeError,
        InvalidValueError,
        QueueFullError,
        RateLimitedError,
        RejectedError,
        SegmentError,
        SpoolError,
        TooLargeError,
        UnauthorizedError,
        UnreachableError,
    )
    from segment_client.scope import Scope
    from segment_client.serverless import flush_on_return

__all__ = [
    "DecodeError",
    "Delivered",
    "DeliveryError",
    "Failure",
    "InvalidTypeError",
    "InvalidValueError",
    "KafkaDelivery",
    "QueueFullError",
    "RateLimitedError",
    "Receipt",
    "RejectedError",
    "Scope",
    "SegmentClient",
    "SegmentError",
    "SpoolError",
    "Stats",
    "TooLargeError",
    "UnauthorizedError",
    "UnreachableError",
    "flush_on_return",
    "install_signal_handlers",
]

_HOMES = {
    "accounting": ("Delivered", "Failure", "Receipt", "Stats"),
    "client": ("SegmentClient",),
    "delivery.kafka": ("KafkaDelivery",),
    "delivery.signals": ("install_signal_handlers",),
    "scope": ("Scope",),
    "serverless": ("flush_on_return",),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOME_OF.get(name, 'errors')}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
