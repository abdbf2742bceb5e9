"""Where events are posted to, worked out once from what the user pasted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from urllib.parse import SplitResult, urlsplit

from semantic_events.wire import CALL_TYPES

from segment_client.errors import InvalidValueError
from segment_client.loopback import is_loopback
from segment_client.wire.encode import WireFormat

__all__ = ["Endpoint", "Envelope", "parse_endpoint"]

Envelope = Literal["single", "batch", "array"]
"""One event a request, Segment's batch object, or a JSON array of SemanticEvents."""

_BATCH_NAMES = frozenset({"batch", "b", "import"})
_FULL_NAMES = frozenset(CALL_TYPES) | _BATCH_NAMES | {"event"}


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A base URL to which paths are added, or a full URL (`is_full`) that is posted to as it is."""

    url: str
    is_full: bool
    wire: WireFormat

    @property
    def takes_batches(self) -> bool:
        """Say whether several events fit into one request."""
        return self.wire == "semantic" or not self.is_full or self._name in _BATCH_NAMES

    @property
    def single_envelope(self) -> Envelope:
        """Return the shape in which one event is posted."""
        return "batch" if self.wire == "segment" and self.is_full and self._name in _BATCH_NAMES else "single"

    def single_url(self, call_type: str) -> str:
        """Return the URL for one event of a call type."""
        if self.is_full:
            return self.url
        return f"{self.url}/{call_type if self.wire == 'segment' else 'event'}"

    def batch_url(self) -> str:
        """Return the URL for several events."""
        if self.is_full:
            return self.url
        return f"{self.url}/{'batch' if self.wire == 'segment' else 'event'}"

    @property
    def _name(self) -> str:
        return self.url.rsplit("/", 1)[-1]


def parse_endpoint(
    text: str, wire: WireFormat, *, allow_http: bool = False, allowed_by: str = "allow_http=True"
) -> Endpoint:
    """Return the endpoint of a URL with or without a scheme, a trailing slash or `/v1`.

    A URL is full if its last segment is `event`, `batch`, `b`, `import` or a call's name; else it is a base,
    and `/v1` is added where its path is empty. Raises InvalidValueError for what is no URL, for one with a
    user, a query or a fragment, and for plain http to another machine (unless `allow_http`, which whoever
    gave the URL says by `allowed_by`).
    """
    if not isinstance(text, str) or not text.strip():
        raise InvalidValueError("endpoint is empty: pass a URL such as https://api.segment.io/v1")
    given = text.strip()
    scheme = (
        "" if "://" in given else ("http://" if is_loopback(_split(f"//{given}").hostname) else "https://")
    )
    url = _split(scheme + given)
    if url.scheme not in ("http", "https") or not url.hostname:
        raise InvalidValueError(
            "endpoint is no http or https URL: pass one such as https://api.segment.io/v1"
        )
    if url.username or url.password or url.query or url.fragment:
        raise InvalidValueError(
            "endpoint holds a user, a query or a fragment: pass the plain URL; the key has its own place"
        )
    if url.scheme == "http" and not (allow_http or is_loopback(url.hostname)):
        raise InvalidValueError(
            f"endpoint sends plain http to {url.hostname}: pass https://, or {allowed_by}"
        )
    path = url.path.rstrip("/") or "/v1"
    return Endpoint(f"{url.scheme}://{url.netloc}{path}", path.rsplit("/", 1)[-1] in _FULL_NAMES, wire)


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:  # its text repeats parts of the URL, which may be a key in the wrong place
        raise InvalidValueError("endpoint is no URL: pass one such as https://api.segment.io/v1") from None
    return parts
