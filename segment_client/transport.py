"""What carries a request to a server: two methods, so that anything can take the place of HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

__all__ = ["Request", "Response", "Transport"]


@dataclass(frozen=True, slots=True)
class Request:
    """A POST to make. `timeout` is in seconds, for the connection and for each wait on the answer."""

    url: str
    body: bytes = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    timeout: float


@dataclass(frozen=True, slots=True)
class Response:
    """An answer. Header names are lower-case; `body` holds the first 64 KB."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = field(default=b"", repr=False)


@runtime_checkable
class Transport(Protocol):
    """What carries a request to a server; pass one of your own as `SegmentClient(transport=...)`."""

    def send(self, request: Request) -> Response:
        """Return the server's answer, whatever its status; raise UnreachableError where none came."""
        ...

    def close(self) -> None:
        """Give up all connections. A later `send` may open new ones."""
        ...
