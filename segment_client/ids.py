"""Identifiers: made at random where they must be new, derived where a repeat must give the same one."""

from __future__ import annotations

import os
import re
from hashlib import sha1
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

__all__ = [
    "Gid",
    "bytes_of",
    "default_entity_gid",
    "derive_event_gid",
    "is_derived",
    "new_gid",
    "new_message_id",
    "resolve",
    "usable_message_id",
]

Gid = UUID | bytes
"""An event's identifier; or the 16 bytes of its entity's, where it is derived of that and the message id."""

_MESSAGE_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_MESSAGE_NAMESPACE = uuid5(NAMESPACE_URL, "urn:python-segment-client:message-id").bytes
_KEY_NAMESPACE = uuid5(NAMESPACE_URL, "urn:python-segment-client:write-key").bytes


def new_message_id() -> str:
    """Return a new message id: the text of a UUID v4 (RFC 9562)."""
    pid = os.getpid()  # some servers fork without running the hooks of Python
    try:
        return _pools[pid].pop()
    except (KeyError, IndexError):
        first, *others = _draw(_DRAWN_AT_ONCE)
        _pools.setdefault(pid, []).extend(others)
        return first


def new_gid() -> UUID:
    """Return a new random identifier, a UUID v4."""
    return uuid4()


def derive_event_gid(entity_gid: UUID, message_id: str) -> UUID:
    """Return the UUID v5 of a message id in the namespace of its entity: a resend is the same event."""
    return resolve(entity_gid.bytes, message_id)


def resolve(gid: Gid, message_id: str) -> UUID:
    """Return an event's identifier; it is derived here and not in the call, as hardly anybody asks for it."""
    return gid if isinstance(gid, UUID) else UUID(int=_derived(gid, message_id))


def bytes_of(gid: Gid, message_id: str) -> bytes:
    """Return the 16 bytes of an event's identifier."""
    return gid.bytes if isinstance(gid, UUID) else _derived(gid, message_id).to_bytes(16)


def is_derived(event_gid: UUID, entity_gid: UUID, message_id: str) -> bool:
    """Say whether `derive_event_gid` gives just this identifier."""
    return event_gid.int == _derived(entity_gid.bytes, message_id)


def default_entity_gid(write_key: str) -> UUID:
    """Return the entity that stands for a write key where none was configured: a UUID v5 of the key."""
    return UUID(int=_derived(_KEY_NAMESPACE, write_key))


def usable_message_id(given: str) -> str:
    """Return a foreign message id if the schema takes it, else its UUID v5: a repeat stays a repeat."""
    return given if _MESSAGE_ID.fullmatch(given) else str(UUID(int=_derived(_MESSAGE_NAMESPACE, given)))


_DRAWN_AT_ONCE = 1024
"""Asking the system for randomness costs more than making an id of it. It also lets go of the interpreter,
for so short a time that a thread which waits for it is only put off: asked every few ms, it waits for ever.
"""

_BLANK = b"xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx "
_DIGITS = [place for place, letter in enumerate(_BLANK) if letter == ord("x")]

_VERSION_5 = 5 << 76 | 0b10 << 62
_RANDOM_5 = ~(0xF << 76 | 0b11 << 62)
_VERSION_4 = bytes(0x40 | byte & 0x0F for byte in range(256))
_VARIANT = bytes(0x80 | byte & 0x3F for byte in range(256))

_pools: dict[int, list[str]] = {}
"""The ids that this process has drawn and not given out yet, by its own number: none is a forked parent's."""


def _draw(count: int) -> list[str]:
    """Return the texts of so many UUIDs v4."""
    drawn = bytearray(os.urandom(16 * count))
    drawn[6::16] = drawn[6::16].translate(_VERSION_4)
    drawn[8::16] = drawn[8::16].translate(_VARIANT)
    digits, texts = drawn.hex().encode(), bytearray(_BLANK * count)
    for number, place in enumerate(_DIGITS):  # that digit of all of them
        texts[place :: len(_BLANK)] = digits[number :: len(_DIGITS)]
    return texts.decode().split()


def _derived(namespace: bytes, name: str) -> int:
    """Do what `uuid.uuid5` does, without making an object of it."""
    named = namespace + name.encode(errors="surrogatepass")  # what refuses such a name says it better
    digest = sha1(named, usedforsecurity=False).digest()  # the algorithm of the RFC
    return int.from_bytes(digest[:16]) & _RANDOM_5 | _VERSION_5


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_pools.clear)
