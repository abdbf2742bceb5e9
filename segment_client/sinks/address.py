"""Addresses of sinks, as commands take them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import SplitResult, parse_qsl, urlsplit

from segment_client.errors import InvalidValueError

__all__ = ["Address", "parse_address"]

_FORMS = "sqlite:FILE, kafka://BROKER:9092/TOPIC or clickhouse://HOST:8123/DATABASE"


@dataclass(frozen=True, slots=True)
class Address:
    """An address taken apart; `parameters` are those of its query, each once. No secret shows."""

    scheme: str
    parts: SplitResult = field(repr=False)
    slashes: bool
    parameters: Mapping[str, str] = field(repr=False)

    @property
    def path(self) -> str:
        """The path; after `//`, without its first slash, so that `sqlite:///file.db` is a relative one."""
        return self.parts.path.removeprefix("/") if self.slashes else self.parts.path

    def __str__(self) -> str:
        """Say the address without user, password and parameters."""
        place = self.parts.netloc.rpartition("@")[2]
        return f"{self.scheme}://{place}{self.parts.path}" if place else f"{self.scheme}:{self.parts.path}"


def parse_address(text: str) -> Address:
    """Take an address apart; raises InvalidValueError, which repeats no secret."""
    scheme, colon, _ = text.partition(":")
    try:
        parts = urlsplit(text)
        pairs = parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))
    except ValueError:
        raise InvalidValueError(f"the sink is no address: pass {_FORMS}") from None
    if text == "sqlite":
        scheme, colon, parts = "sqlite", ":", urlsplit("sqlite:")
    if not colon or scheme not in ("sqlite", "kafka", "clickhouse", "clickhouses"):
        raise InvalidValueError(f"the sink {scheme!r} is not known: pass {_FORMS}")
    parameters = dict(pairs)
    if len(parameters) < len(pairs):
        raise InvalidValueError("the sink's address names a parameter twice: leave one out")
    return Address(scheme, parts, text.startswith(f"{scheme}://"), parameters)
