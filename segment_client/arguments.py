"""The arguments that say whom and where, of a client, the collector and commands: checked at once."""

from __future__ import annotations

from ipaddress import IPv4Address
from os import PathLike, fspath
from uuid import UUID

from segment_client.errors import InvalidValueError

__all__ = ["check_ip", "check_partition", "check_text", "entity_of", "spool_path"]


def spool_path(path: object) -> str | None:
    """Return the path of a spool's file; raises InvalidValueError for what is none."""
    if path is None:
        return None
    text = fspath(path) if isinstance(path, str | PathLike) else ""
    if not isinstance(text, str) or not text.strip() or text == ":memory:":
        raise InvalidValueError("spool is no path: name a file on a local disk, such as 'events.db'")
    return text


def check_text(name: str, value: object, what: str) -> None:
    """Raise InvalidValueError for what is no text, empty, or no Unicode; `what` says what to pass."""
    if not isinstance(value, str) or not value.strip():
        raise InvalidValueError(f"{name} is empty: pass {what}")
    if value.encode(errors="ignore") != value.encode(errors="surrogatepass"):
        raise InvalidValueError(f"{name} is no Unicode text, was it cut or read as bytes? Pass {what}")


def check_partition(partition: str) -> None:
    """Raise InvalidValueError for an empty partition where it may be left out, as of an unset variable."""
    if not partition:
        raise InvalidValueError("The partition is empty: pass a name, or leave it out")


def check_ip(value: object) -> None:
    """Raise InvalidValueError for what is neither None nor the text of an IPv4 address."""
    try:
        if value is not None:
            IPv4Address(value if isinstance(value, str) else "")
    except ValueError:
        raise InvalidValueError(
            "ip is no IPv4 address: pass one such as '203.0.113.7', or None to leave it out"
        ) from None


def entity_of(value: object) -> UUID:
    """Return a UUID that was given as such or as its text; raises InvalidValueError for anything else."""
    if isinstance(value, UUID):
        return value
    if isinstance(value, str) and len(value) == 36:
        try:
            return UUID(value)
        except ValueError:
            pass
    raise InvalidValueError("entity_gid is no UUID: pass a UUID or its text, such as str(uuid.uuid4())")
