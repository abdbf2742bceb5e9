"""The shapes of a client's track calls: one that comes again and again is learned, and then goes a short way.

Whatever the short way cannot say of a call goes the whole way, which has all the rules and all the errors.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from semantic_events.properties import CatalogueProperties

from segment_client.delivery.outgoing import Outgoing
from segment_client.delivery.starting import start
from segment_client.ids import new_message_id
from segment_client.message import Sender, aware
from segment_client.wire import projected
from segment_client.wire.shape import CALL_TYPE, Shape, learn

__all__ = ["Shapes"]

_OFTEN = 16
"""How often a shape is met before it is learned, which takes as long as ten calls."""

_MOST = 128
"""How many shapes are kept in mind, of some 50 KB each: of names that are made up there is no end."""

_Key = tuple[tuple[str, ...], object, type, bool]


class Shapes:
    """What a client knows of the shapes of its calls. Thread-safe: two threads that learn learn the same.

    `defaults` are the names of what every call of the client says beside what is given. With `typed`,
    properties keep their JSON types.
    """

    def __init__(self, sender: Sender, defaults: Collection[str], *, typed: bool) -> None:
        self._entity = sender.entity_gid.bytes
        self._typed = typed
        self._merged = frozenset(defaults) - {"context"}
        self._known: dict[_Key, _Known] = {}

    def outgoing(self, given: Mapping[str, Any], now: datetime) -> Outgoing | None:
        """Return a call's event, valid and encoded; None where only the whole way can tell what it is."""
        known = self._known.get(_key(given))
        if known is None or known.shape is None or known.met < _OFTEN:
            return None
        try:
            message_id = given.get("message_id")
            if message_id is None:
                message_id = new_message_id()
            timestamp = aware(given["timestamp"]) if "timestamp" in given else now
            if given["event"].strip() and (given.get("user_id") or given.get("anonymous_id")):
                body = known.shape.encode(given, message_id, timestamp)
                return Outgoing(body, CALL_TYPE, message_id, self._entity)
        except (TypeError, ValueError, AttributeError):  # told, or found right, on the whole way
            pass
        known.met = 0  # the next ones may be like it
        return None

    def meet(self, given: Mapping[str, Any], fields: Mapping[str, Any], body: bytes) -> None:
        """Take note of a call that went the whole way: the fields of its valid event, and its bytes."""
        key = _key(given)
        known = self._known.get(key) or self._make_known(key)
        known.met += 1
        if known.met == _OFTEN and known.shape is None:
            self._learn_aside(known, given, fields, body, described=key[-1])

    def _make_known(self, key: _Key) -> _Known:
        if len(self._known) >= _MOST:  # forget what was not worth it; `copy` as other threads add
            self._known = {key: known for key, known in self._known.copy().items() if known.shape is not None}
        known = _Known()
        return self._known.setdefault(key, known) if len(self._known) < _MOST else known

    def _learn_aside(
        self,
        known: _Known,
        given: Mapping[str, Any],
        fields: Mapping[str, Any],
        body: bytes,
        *,
        described: bool,
    ) -> None:
        """Learn in a thread, where no signal handler runs: pydantic loses what one raises meanwhile."""

        def work() -> None:
            known.shape = self._learned(given, fields, body, described=described)

        thread = threading.Thread(target=work, name="segment-client-shape", daemon=True)
        if start(thread) is None:
            thread.join()

    def _learned(
        self, given: Mapping[str, Any], fields: Mapping[str, Any], body: bytes, *, described: bool
    ) -> Shape | None:
        """Return the shape of a call if it makes of this one what the whole way made of it."""
        context = given.get("context", {})
        if type(context) is not dict or not self._merged.isdisjoint([*given, *context]):
            return None  # a default goes field by field with what is given of its object
        call = projected(fields, derived=True)
        shape = learn(given, context, call, described=described, typed=self._typed)
        try:
            encoded = shape and shape.encode(given, fields["message_id"], fields["timestamp"])
        except (TypeError, ValueError):
            return None
        return shape if encoded and _content(encoded) == _content(body) else None


@dataclass(slots=True)
class _Known:
    """Calls of one shape: how many went the whole way one after another, and the shape once it is learned."""

    met: int = 0
    shape: Shape | None = None


def _key(given: Mapping[str, Any]) -> _Key:
    """Return what calls of one shape have in common; last, whether the properties tell their provenance."""
    context, properties = given.get("context"), given.get("properties")
    in_context = tuple(context) if type(context) is dict else type(context)
    described = type(properties) is CatalogueProperties and bool(properties.provenance)
    return tuple(given), in_context, type(properties), described


def _content(body: bytes) -> str:
    """Return the JSON of an event in one order of keys; compared as Python's values, 1 would be True."""
    return json.dumps(json.loads(body), sort_keys=True)
