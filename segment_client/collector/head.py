"""The head of a request as it may be kept and shown: without a secret."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, quote, urlencode

__all__ = ["MASK", "Head", "read_head"]

MASK = "[redacted]"
"""What stands in the place of a secret."""

_SECRET_NAME = re.compile(r"auth|cookie|key|token|secret|session|password|credential", re.IGNORECASE)
_SCHEME = re.compile(r"([A-Za-z]{1,20}) +\S")
_MOST_HEADERS = 100
_LONGEST = 2000
_TELLING = 8
"""The shortest key that is looked for inside of other text; shorter ones are in common words."""


@dataclass(frozen=True, slots=True)
class Head:
    """A request's method, path with query, and headers in order; secrets are masked.

    `test_id` is that of the header `X-Test-Id`, "" without one.
    """

    method: str
    path: str
    headers: tuple[tuple[str, str], ...]
    test_id: str = ""

    def hiding(self, key: str) -> Head:
        """Return a head in which a write key of some length is masked wherever else it stands."""
        if len(key) < _TELLING or (
            key not in self.path and not any(key in value for _, value in self.headers)
        ):
            return self
        headers = tuple((name, value.replace(key, MASK)) for name, value in self.headers)
        return replace(self, path=self.path.replace(key, MASK), headers=headers)


def read_head(method: str, path: str, query: str, headers: Iterable[tuple[str, str]]) -> Head:
    """Return what may be kept of a request. `headers` has lower-case names, `query` is without its `?`."""
    given = list(headers)[:_MOST_HEADERS]
    shown = _shown_query(query) if query else ""
    return Head(
        method,
        path[:_LONGEST] + (f"?{shown}"[:_LONGEST] if shown else ""),
        tuple((name, _shown(name, value)[:_LONGEST]) for name, value in given),
        dict(given).get("x-test-id", "")[:_LONGEST],
    )


def _shown_query(query: str) -> str:
    parameters = [(name, _shown(name, value)) for name, value in parse_qsl(query, keep_blank_values=True)]
    return urlencode(parameters, safe="[]", quote_via=quote)


def _shown(name: str, value: str) -> str:
    if not _SECRET_NAME.search(name):
        return value
    scheme = _SCHEME.match(value) if name.endswith("authorization") else None
    return f"{scheme[1]} {MASK}" if scheme else MASK
