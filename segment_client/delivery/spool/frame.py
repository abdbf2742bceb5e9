"""An event as one run of bytes that can be found and proved whole, even in a damaged file."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple
from uuid import UUID
from zlib import crc32

from segment_client.delivery.outgoing import Outgoing
from segment_client.ids import bytes_of

__all__ = ["MAGIC", "NOBODY", "PREFIX_BYTES", "Framed", "frame_length", "heads", "pack", "unpack"]

MAGIC = b"\x93SEvent\n"
"""How every frame begins: no text and no JSON holds the first byte."""

NOBODY = 0
"""The owner of an event that its client has counted already, as rejected."""

_PREFIX = struct.Struct(">8sII")
_FIELDS = struct.Struct(">qqd?16sBH")
_HEAD = struct.Struct(_PREFIX.format + _FIELDS.format[1:])
PREFIX_BYTES = _PREFIX.size
_MAX_BYTES = 100_000_000


class Framed(NamedTuple):
    """An event, the destination that it is for, its owner, and when it was accepted (seconds since 1970).

    The owner is the client that counts it, as the id of its holder.
    """

    event: Outgoing
    destination: int
    owner: int
    accepted: float


def pack(framed: Framed) -> bytes:
    """Return an event's frame: magic, length and CRC-32, then fixed fields, call type, id and body."""
    event = framed.event
    call_type, message_id = event.call_type.encode(), event.message_id.encode()
    fields = _FIELDS.pack(
        framed.destination,
        framed.owner,
        framed.accepted,
        event.has_sent_at,
        bytes_of(event.gid, event.message_id),
        len(call_type),
        len(message_id),
    )
    content = b"".join((fields, call_type, message_id, event.body))
    return _PREFIX.pack(MAGIC, len(content), crc32(content)) + content


def frame_length(prefix: bytes) -> int | None:
    """Return the length of the frame that begins with these bytes, or None where none does."""
    if len(prefix) < PREFIX_BYTES:
        return None
    magic, length, _ = _PREFIX.unpack_from(prefix)
    return PREFIX_BYTES + length if magic == MAGIC and _FIELDS.size <= length <= _MAX_BYTES else None


def heads(content: bytes, start: int = 0) -> Iterator[tuple[int, int]]:
    """Yield each place from `start` on where a frame seems to begin, and how long it would be."""
    while (start := content.find(MAGIC, start)) >= 0:
        length = frame_length(content[start : start + PREFIX_BYTES])
        if length is not None:
            yield start, length
        start += 1


def unpack(frame: bytes) -> Framed | None:
    """Return what a frame holds, or None if a byte of it is missing or changed."""
    if not isinstance(frame, bytes) or len(frame) < _HEAD.size:
        return None
    (magic, length, crc, destination, owner, accepted, has_sent_at, gid, type_length, id_length) = (
        _HEAD.unpack_from(frame)
    )
    if magic != MAGIC or PREFIX_BYTES + length != len(frame) or crc32(frame[PREFIX_BYTES:]) != crc:
        return None
    names = _HEAD.size + type_length
    try:
        call_type = frame[_HEAD.size : names].decode()
        message_id = frame[names : names + id_length].decode()
    except UnicodeDecodeError:  # the change kept the CRC, which one in four thousand million does
        return None
    event = Outgoing(frame[names + id_length :], call_type, message_id, UUID(bytes=gid), has_sent_at)
    return Framed(event, destination, owner, accepted)
