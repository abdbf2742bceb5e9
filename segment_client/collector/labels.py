"""What a call that is no valid event can still be found by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

__all__ = ["Labels", "labels", "test_id"]

_LONGEST = 300


class Labels(NamedTuple):
    """What a call says of itself, as far as it is text: None (for a test id "") where it does not."""

    message_id: str | None = None
    type: str | None = None
    event: str | None = None
    user_id: str | None = None
    anonymous_id: str | None = None
    test_id: str = ""


def labels(call: object) -> Labels:
    """Return the labels of a call in either shape, each cut to 300 characters."""
    if not isinstance(call, Mapping):
        return Labels()
    return Labels(
        _text(call, "messageId", "message_id"),
        _text(call, "type"),
        _text(call, "event", "name"),
        _text(call, "userId", "user_id"),
        _text(call, "anonymousId", "anonymous_id"),
        test_id(call),
    )


def test_id(call: Mapping[Any, object]) -> str:
    """Return the test that a call belongs to, by its context: "" for none."""
    context = call.get("context")
    if not isinstance(context, dict):
        return ""
    extras = context.get("extras")
    own = _text(context, "testId", "test_id")
    return own or (_text(extras, "testId", "test_id") if isinstance(extras, dict) else None) or ""


def _text(call: Mapping[Any, object], *names: str) -> str | None:
    for name in names:
        value = call.get(name)
        if isinstance(value, str) and value:
            return value.encode("utf-8", "replace").decode()[:_LONGEST]
    return None
