"""Identifiers: made at random where they must be new, derived where a repeat must give the same one."""

from __future__ import annotations

import re
from functools import lru_cache
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

__all__ = ["default_entity_gid", "derive_event_gid", "new_gid", "new_message_id", "usable_message_id"]

_MESSAGE_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_MESSAGE_NAMESPACE = uuid5(NAMESPACE_URL, "urn:python-segment-client:message-id")
_KEY_NAMESPACE = uuid5(NAMESPACE_URL, "urn:python-segment-client:write-key")


def new_message_id() -> str:
    """Return a new message id: the text of a UUID v4 (RFC 9562)."""
    return str(uuid4())


def new_gid() -> UUID:
    """Return a new random identifier, a UUID v4."""
    return uuid4()


@lru_cache(maxsize=256)  # an event is decoded, and encoded to see what of it would be lost: twice in a row
def derive_event_gid(entity_gid: UUID, message_id: str) -> UUID:
    """Return the UUID v5 of a message id in the namespace of its entity: a resend is the same event."""
    return uuid5(entity_gid, message_id)


def default_entity_gid(write_key: str) -> UUID:
    """Return the entity that stands for a write key where none was configured: a UUID v5 of the key."""
    return uuid5(_KEY_NAMESPACE, write_key)


def usable_message_id(given: str) -> str:
    """Return a foreign message id if the schema takes it, else its UUID v5: a repeat stays a repeat."""
    return given if _MESSAGE_ID.fullmatch(given) else str(uuid5(_MESSAGE_NAMESPACE, given))
