"""Frames: what they hold comes out as it went in, or not at all."""

import struct
import unittest
from zlib import crc32

from hypothesis import given
from hypothesis import strategies as st

from segment_client.delivery.outgoing import Outgoing
from segment_client.delivery.spool.frame import MAGIC, PREFIX_BYTES, Framed, frame_length, pack, unpack
from tests.laws import law

whole = st.integers(-(2**63), 2**63 - 1)
framed = st.builds(
    Framed,
    st.builds(
        Outgoing,
        st.binary(max_size=300),
        st.sampled_from(["track", "identify", "page"]),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=100),
        st.uuids(),
        st.booleans(),
    ),
    whole,
    whole,
    st.floats(allow_nan=False),
)


class FrameTest(unittest.TestCase):
    """`pack` and `unpack`."""

    @law()
    @given(framed)
    def test_round_trip(self, one: Framed) -> None:
        """What was packed is unpacked equal, and its length is known from its first bytes."""
        frame = pack(one)
        self.assertEqual(unpack(frame), one)
        self.assertEqual(frame_length(frame[:PREFIX_BYTES]), len(frame))

    @law()
    @given(framed, st.data())
    def test_changed(self, one: Framed, data: st.DataObject) -> None:
        """With any byte changed there is no event."""
        frame = bytearray(pack(one))
        place = data.draw(st.integers(0, len(frame) - 1))
        frame[place] ^= data.draw(st.integers(1, 255))
        self.assertIsNone(unpack(bytes(frame)))

    @law()
    @given(framed, st.data())
    def test_cut(self, one: Framed, data: st.DataObject) -> None:
        """Cut off anywhere, or with more behind it, it is no event."""
        frame = pack(one)
        self.assertIsNone(unpack(frame[: data.draw(st.integers(0, len(frame) - 1))]))
        self.assertIsNone(unpack(frame + data.draw(st.binary(min_size=1, max_size=20))))

    @law()
    @given(st.binary(min_size=40, max_size=120))
    def test_anything(self, content: bytes) -> None:
        """Bytes that keep the checksum by chance are an event or none, but never an exception."""
        unpack(content)
        unpack(struct.pack(">8sII", MAGIC, len(content), crc32(content)) + content)

    def test_other_types(self) -> None:
        """What a damaged row may hold instead of a frame is no event."""
        for other in (None, "text", 5, 0.5):
            self.assertIsNone(unpack(other))  # type: ignore[arg-type]  # SQLite returns what is there


if __name__ == "__main__":
    unittest.main()
