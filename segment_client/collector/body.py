"""A request's body, read with limits: gzip is told by its first bytes, and bombs are stopped early."""

from __future__ import annotations

import zlib

from segment_client.collector.problem import Problem

__all__ = ["MAX_BODY", "BodyReader"]

MAX_BODY = 5 * 1024 * 1024
"""The largest body in bytes, on the wire and inflated."""

_GZIP_MAGIC = b"\x1f\x8b"
_GZIP_WINDOW = 16 + zlib.MAX_WBITS


class BodyReader:
    """Takes a body chunk by chunk and never holds more than `limit` bytes and one chunk of it.

    No header is asked: real clients send gzip under any content type, some without a Content-Encoding.
    """

    def __init__(self, limit: int = MAX_BODY) -> None:
        self._limit = limit
        self._received = 0
        self._held = bytearray()
        self._inflater: zlib._Decompress | None = None
        self._sniffed = False

    def feed(self, chunk: bytes) -> None:
        """Take the next chunk; raises Problem 413 for a body over the limit, 400 for broken gzip."""
        self._received += len(chunk)
        if self._received > self._limit:
            raise self._too_large()
        self._held += chunk if self._inflater is None else self._inflate(self._inflater, chunk)
        if not self._sniffed and len(self._held) >= len(_GZIP_MAGIC):
            self._sniff()
        if len(self._held) > self._limit:
            raise self._too_large()

    def finish(self) -> bytes:
        """Return the whole body, inflated; raises Problem 400 for gzip that is cut short or goes on."""
        if self._inflater is not None and (not self._inflater.eof or self._inflater.unused_data):
            raise _bad_gzip("it is cut short" if not self._inflater.eof else "data follows its end")
        return bytes(self._held)

    def _sniff(self) -> None:
        self._sniffed = True
        if self._held.startswith(_GZIP_MAGIC):
            self._inflater = zlib.decompressobj(_GZIP_WINDOW)
            compressed, self._held = bytes(self._held), bytearray()
            self._held += self._inflate(self._inflater, compressed)

    def _inflate(self, inflater: zlib._Decompress, data: bytes) -> bytes:
        room = self._limit - len(self._held) + 1  # one byte over the limit is enough to know
        try:
            return inflater.decompress(data, room)
        except zlib.error as error:
            raise _bad_gzip(str(error)) from error

    def _too_large(self) -> Problem:
        return Problem(413, "too_large", f"The body is over {self._limit} bytes: send smaller batches.")


def _bad_gzip(reason: str) -> Problem:
    return Problem(400, "invalid_gzip", f"The body begins like gzip, but cannot be inflated: {reason}.")
