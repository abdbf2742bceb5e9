"""Bodies within their limits."""

import gzip
import unittest
import zlib
from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from segment_client.collector.body import BodyReader
from segment_client.collector.problem import Problem
from tests.laws import law


def _read(chunks: Iterable[bytes], limit: int = 1000) -> bytes:
    reader = BodyReader(limit)
    for chunk in chunks:
        reader.feed(chunk)
    return reader.finish()


def _cut(data: bytes, size: int) -> list[bytes]:
    return [data[start : start + size] for start in range(0, len(data), size)]


class Reading(unittest.TestCase):
    """`BodyReader`."""

    @law(50)
    @given(st.binary(max_size=300).filter(lambda data: not data.startswith(b"\x1f\x8b")), st.integers(1, 50))
    def test_chunks(self, data: bytes, size: int) -> None:
        """A body is the same however it is cut into chunks, plain and gzipped."""
        self.assertEqual(_read(_cut(data, size)), data)
        self.assertEqual(_read(_cut(gzip.compress(data), size)), data)

    def test_limit(self) -> None:
        """A body of the limit's size is read, one byte more is a 413, plain and inflated."""
        for size, pack in ((1000, bytes), (1000, gzip.compress)):
            self.assertEqual(len(_read([pack(b"a" * size)])), size)
            with self.assertRaises(Problem) as raised:
                _read([pack(b"a" * (size + 1))])
            self.assertEqual((raised.exception.status, raised.exception.code), (413, "too_large"))

    def test_bomb(self) -> None:
        """A gzip bomb is refused after no more than the limit and one byte were inflated."""
        bomb = gzip.compress(b"\0" * 10_000_000)
        reader = BodyReader(20_000)
        with self.assertRaises(Problem) as raised:
            reader.feed(bomb)
        self.assertEqual(raised.exception.status, 413)
        self.assertEqual(len(reader._held), 20_001)  # noqa: SLF001 - what it holds is what is tested

    def test_wire_limit(self) -> None:
        """What is over the limit on the wire is refused, though it would inflate to less."""
        stored = zlib.compressobj(0, zlib.DEFLATED, 31)
        body = stored.compress(b"a" * 1000) + stored.flush()
        with self.assertRaises(Problem) as raised:
            _read([body])
        self.assertEqual(raised.exception.status, 413)

    def test_broken_gzip(self) -> None:
        """Gzip that is cut short, corrupt or followed by more is a 400."""
        whole = gzip.compress(b"text of some length, and more of it")
        for body in (
            whole[:-1],
            whole[:12],
            whole[:2],
            whole[:12] + b"\xff" * 20,
            whole + b"x",
            whole + whole,
        ):
            with self.subTest(body=body), self.assertRaises(Problem) as raised:
                _read([body])
            self.assertEqual((raised.exception.status, raised.exception.code), (400, "invalid_gzip"))
