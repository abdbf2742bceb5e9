"""Which path means which call: the forms that the clients of Segment, RudderStack and Jitsu post to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["BATCHES", "CALLS", "PREFIXES", "Shape", "Target", "find_target", "is_reading"]

Shape = Literal["call", "batch", "events"]
"""What a body holds: one call, a batch envelope, or events (an object, an array or JSON lines)."""


@dataclass(frozen=True, slots=True)
class Target:
    """What is posted to a path. `call_type` is the type of a single call that does not name its own."""

    shape: Shape
    call_type: str | None = None


PREFIXES = ("", "/v1", "/beacon/v1", "/api/s", "/api/s/s2s")
"""What a path that takes events begins with."""

CALLS = {"identify": "i", "track": "t", "page": "p", "group": "g", "screen": "s", "alias": "a"}
"""Each call's type, and its short name in a path."""

BATCHES = ("batch", "b", "import")
"""What the paths of batches end with."""

_NAMES = {
    **{name: Target("call", call_type) for call_type, short in CALLS.items() for name in (call_type, short)},
    **dict.fromkeys(BATCHES, Target("batch")),
    "event": Target("events"),
}
_TARGETS = {f"{prefix}/{name}": target for prefix in PREFIXES for name, target in _NAMES.items()}


def find_target(path: str) -> Target | None:
    """Return what is posted to a path (a `/` at its end does not matter), or None for a path of no client."""
    return _TARGETS.get(path.removesuffix("/"))


def is_reading(path: str) -> bool:
    """Tell whether a path shows what was collected; all others take events, or say how to send them."""
    return path in ("/", "/catalogue", "/metrics") or (
        path.startswith(("/assets/", "/api/")) and not path.startswith("/api/s/")
    )
