"""The request that comes on a connection: which part of it is under way, and whether it is too much."""

from __future__ import annotations

from typing import Literal

__all__ = ["MAX_HEAD", "Coming", "Part"]

MAX_HEAD = 64 * 1024
"""The largest head of a request in bytes, its path and headers together."""

_MOST_FRAMING = 512 * 1024
_MOST_FRAMING_BYTE = 8
"""Bytes that say how a body is cut into chunks: so many, and so many more for each byte of the body."""

Part = Literal["head", "body"]


class Coming:
    """Counts the bytes of a request while a parser says what they are.

    Requests may follow one another in one piece. Where that is so, what came with the end of one is not
    counted for the next: no request is taken for larger than it is. `head` is what was parsed of a head.
    """

    def __init__(self) -> None:
        self.part: Part | None = None
        self._piece = 0
        self._came = 0
        self._body = 0
        self._is_alone = False
        self.head = 0

    @property
    def is_begun(self) -> bool:
        """Whether anything has come since the end of the last request, be it blank lines."""
        return self.part is not None or self._is_alone

    def take(self, length: int) -> None:
        """Note that a piece of so many bytes is going to be parsed."""
        self._piece = length
        self._came += length
        self._is_alone = self.part is None

    def begin(self) -> None:
        """Note that a request begins."""
        self.part = "head"
        self._came = self._piece if self._is_alone else 0
        self.head = self._body = 0
        self._is_alone = False

    def end_head(self) -> None:
        """Note that the head has come."""
        self.part = "body"

    def add_to_body(self, length: int) -> None:
        """Note that so many bytes are of the body."""
        self._body += length

    def end(self) -> None:
        """Note that the request has come."""
        self.part = None

    def is_head_too_large(self) -> bool:
        """Tell, once a piece is parsed or is none, whether a head has come that is too large."""
        return self.part == "head" and self._came > MAX_HEAD

    def is_cut_too_small(self) -> bool:
        """Tell of a body, once a piece is parsed, whether too much has come that is none of it."""
        framing = self._came - self._body
        return self.part == "body" and framing > _MOST_FRAMING + _MOST_FRAMING_BYTE * self._body
