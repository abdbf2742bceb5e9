"""The write key of a request: where it may stand, and whether it is the one that opens this collector."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Mapping
from hmac import compare_digest

from segment_client.collector.problem import Problem

__all__ = ["WRITE_KEY_NAMES", "Authenticator", "sent_key"]

WRITE_KEY_NAMES = ("writeKey", "write_key")
"""The key's name in a body, in both spellings."""


def sent_key(headers: Mapping[str, str], query: Mapping[str, str]) -> str | None:
    """Return the key of a request's head or None: Basic's user name, `X-Write-Key`, then `?writeKey=`.

    `headers` has lower-case names. A body's key counts only where this is None: some clients mask theirs
    (`id:***`).
    """
    scheme, _, credentials = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        return _user_name(credentials.strip())
    return headers.get("x-write-key") or query.get("writeKey") or None


def _user_name(credentials: str) -> str:
    try:
        text = b64decode(credentials, validate=True).decode("utf-8")
    except ValueError as error:
        raise _unauthorized("The Authorization header is not Basic's base64 of '<write key>:'.") from error
    # the password is empty, and a key may itself hold a colon (Jitsu's `id:secret`)
    return text[:-1] if text.endswith(":") else text.partition(":")[0]


class Authenticator:
    """Knows whether a write key is right. Without a key of its own it takes any that is not empty."""

    def __init__(self, write_key: str | None = None) -> None:
        self._write_key = write_key

    @property
    def keyed(self) -> bool:
        """Whether one key alone is taken."""
        return self._write_key is not None

    def check(self, key: str | None) -> str:
        """Return the key if it is right; raises Problem 401, which never repeats it, if not."""
        if not key:
            raise _unauthorized("No write key: send it as the user name of HTTP Basic, or in X-Write-Key.")
        if self._write_key is not None and not compare_digest(_bytes(key), _bytes(self._write_key)):
            raise _unauthorized("The write key is not the one that this collector was started with.")
        return key


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _unauthorized(message: str) -> Problem:
    return Problem(401, "unauthorized", message)
