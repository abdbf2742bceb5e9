"""A stored call as it came, with what it must have to be the same event when it is sent again."""

from __future__ import annotations

import json

__all__ = ["whole_call"]


def whole_call(message_id: str, raw: str, body: str) -> dict[str, object]:
    """Return the call of `raw`; one without a message id or timestamp has those of the event in `body`."""
    call: dict[str, object] = json.loads(raw)
    if "message_id" not in call:
        call["messageId"] = call.get("messageId") or message_id
        call["timestamp"] = call.get("timestamp") or json.loads(body)["timestamp"]
    return call
