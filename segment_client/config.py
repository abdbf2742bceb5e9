"""How a client delivers, checked once at construction."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Literal

from segment_client.accounting import Delivered, Failure
from segment_client.clock import Clock
from segment_client.endpoint import Endpoint
from segment_client.errors import InvalidTypeError, InvalidValueError

__all__ = [
    "DeliveryConfig",
    "OnFull",
    "check_callback",
    "check_count",
    "check_like",
    "check_number",
    "destination_of",
    "waitable",
]

OnFull = Literal["drop", "block", "raise"]

_THIRTY_YEARS = 1e9
"""In seconds, and more than any wait: from some 290 years on, a thread cannot wait."""

_LEAST_COUNTS = {"batch_size": 1, "max_queue": 1, "max_queue_bytes": 1, "spool_max_bytes": 65_536}
_LEAST_WAITS = {
    "flush_interval": 0,
    "block_timeout": 0,
    "timeout": 0.001,
    "retry_time": 0,
}
"""The least value of each number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryConfig:
    """The arguments of SegmentClient that concern delivery; see there for each."""

    endpoint: Endpoint
    write_key: str = field(repr=False)
    mode: Literal["direct", "background"]
    batch_size: int
    flush_interval: float
    max_queue: int
    max_queue_bytes: int
    on_full: OnFull
    block_timeout: float
    spool: str | None
    fsync: Literal["process", "power"]
    spool_max_bytes: int
    spool_max_age: float
    timeout: float
    max_attempts: int | None
    retry_time: float
    gzip: bool | None
    proxies: Mapping[str, str] | None = field(repr=False)
    on_delivered: Callable[[Delivered], object] | None
    on_error: Callable[[Failure], object] | None
    clock: Clock

    def __post_init__(self) -> None:
        """Raise InvalidValueError or InvalidTypeError for an argument that cannot be used."""
        _one_of("delivery", self.mode, "direct", "background")
        _one_of("on_full", self.on_full, "drop", "block", "raise")
        _one_of("fsync", self.fsync, "process", "power")
        for name, fewest in _LEAST_COUNTS.items():
            check_count(name, getattr(self, name), fewest)
        for name, least in _LEAST_WAITS.items():
            check_number(name, getattr(self, name), least, _THIRTY_YEARS)
        check_number("spool_max_age", self.spool_max_age, 1)
        if self.max_attempts is not None:
            check_count("max_attempts", self.max_attempts, 1)
        check_callback("on_delivered", self.on_delivered)
        check_callback("on_error", self.on_error)
        check_like("clock", self.clock, Clock, "an object with the methods of segment_client.clock.Clock")
        if not _is_proxies(self.proxies):
            raise InvalidTypeError(
                "proxies is no dict of text: pass one such as {'https': 'http://proxy:8080'}"
            )

    @property
    def destination(self) -> int:
        """Where a spool's events of this client go; see `destination_of`."""
        return destination_of(self.endpoint, self.write_key)


def destination_of(endpoint: Endpoint, write_key: str) -> int:
    """Return endpoint, format and write key as a number of 64 bits from which none of them can be read."""
    named = "\n".join((endpoint.url, endpoint.wire, write_key))
    return int.from_bytes(sha256(named.encode()).digest()[:8], signed=True)


def _one_of(name: str, value: object, *known: str) -> None:
    if value not in known:
        raise InvalidValueError(f"{name} is {value!r}: pass {' or '.join(map(repr, known))}")


def _is_proxies(value: object) -> bool:
    """Tell whether these are URLs by scheme, as `requests` takes them: None is no proxy for a scheme."""
    if not isinstance(value, Mapping):
        return value is None
    return all(isinstance(name, str) and isinstance(url, str | None) for name, url in value.items())


def check_callback(name: str, value: object) -> None:
    """Raise InvalidTypeError for what cannot be called, and is not None."""
    if value is not None and not callable(value):
        raise InvalidTypeError(f"{name} is a {type(value).__name__}: pass a function, or leave it out")


def check_like(name: str, value: object, protocol: type, what: str) -> None:
    """Raise InvalidTypeError for what lacks methods of a protocol, or is a class instead of its object."""
    if isinstance(value, type):
        raise InvalidTypeError(f"{name} is the class {value.__name__}: pass an object of it")
    if not isinstance(value, protocol):
        raise InvalidTypeError(f"{name} is a {type(value).__name__}: pass {what}, or leave it out")


def check_count(name: str, value: object, least: int) -> None:
    """Raise InvalidTypeError or InvalidValueError for what is no whole number from `least` on."""
    if isinstance(value, float):
        raise InvalidTypeError(f"{name} is a float: pass a whole number of at least {least}")
    check_number(name, value, least)


def waitable(timeout: object) -> float:
    """Return seconds for which a thread can wait, an endless time as 30 years; raises for what is no time."""
    if isinstance(timeout, bool) or not isinstance(timeout, int | float):
        raise InvalidTypeError(f"timeout is a {type(timeout).__name__}: pass a number of seconds")
    if timeout != timeout:
        raise InvalidValueError("timeout is nan: pass a number of seconds")
    return float(min(timeout, _THIRTY_YEARS))


def check_number(name: str, value: object, least: float, most: float = math.inf) -> None:
    """Raise InvalidTypeError or InvalidValueError for what is no finite number from `least` to `most`."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InvalidTypeError(f"{name} is a {type(value).__name__}: pass a number of at least {least}")
    if not least <= value < math.inf:
        raise InvalidValueError(f"{name} is {value}: pass a number of at least {least}")
    if value > most:
        raise InvalidValueError(f"{name} is {value}: pass a number of at most {most:.0f}")
