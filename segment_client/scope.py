"""A scope: the client's calls with some fields bound."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from types import MappingProxyType
from typing import TYPE_CHECKING, cast
from uuid import UUID

from semantic_events.calls import BoundFields, ScopeCalls
from typing_extensions import Unpack

from segment_client.accounting import Receipt
from segment_client.errors import InvalidTypeError, InvalidValueError
from segment_client.layers import Stack, put_given

if TYPE_CHECKING:
    from semantic_events.calls import CallType

__all__ = ["Scope", "Send", "bound_layer"]

Send = Callable[[str, Mapping[str, object], Stack], Receipt]


class Scope(ScopeCalls[Receipt]):
    """The client's calls where what is bound need not be passed again; made by `bind`.

    What a call passes goes over what is bound, objects field by field. A scope holds no resources and never
    changes.
    """

    def __init__(self, send: Send, below: Stack) -> None:
        self._send = send
        self._below = below

    def bind(self, **fields: Unpack[BoundFields]) -> Scope:
        """Return a scope with more bound; raises TypeError for a name that is no field of a call."""
        return Scope(self._send, self._below.with_layer(bound_layer(fields)))

    def _call(self, call_type: CallType, fields: dict[str, object]) -> Receipt:
        _check_root(fields.get("root_event_gid"))
        return self._send(call_type, fields, self._below)


def bound_layer(fields: BoundFields) -> Mapping[str, object]:
    """Return the layer of bound fields, copied: what the caller changes later is not what was bound."""
    given = {name: value for name, value in fields.items() if value is not None}
    unknown = sorted(fields.keys() - BoundFields.__annotations__.keys())
    if unknown:
        raise InvalidTypeError(f"bind() got {', '.join(unknown)}: bind the fields that every call takes")
    _check_root(given.get("root_event_gid"))
    layer = _copied(given)
    put_given({}, layer, "track")  # what cannot be read is told here, not at each call
    return layer


def _copied(fields: Mapping[str, object]) -> dict[str, object]:
    try:
        return {name: _copy(value) for name, value in fields.items()}
    except (TypeError, RecursionError):
        raise InvalidTypeError(
            "bind() got what cannot be copied: pass models, dicts, lists and plain values"
        ) from None


def _copy(value: object) -> object:
    if type(value) in (dict, MappingProxyType):  # `deepcopy` takes no dict that is only to be read
        return {key: _copy(item) for key, item in cast(Mapping[str, object], value).items()}
    return [_copy(item) for item in value] if type(value) is list else deepcopy(value)


def _check_root(root_event_gid: object) -> None:
    """In a scope the first argument may be left out, so an event's name is easily passed in its place."""
    if not isinstance(root_event_gid, str):
        return
    try:
        UUID(root_event_gid)
    except ValueError:
        raise InvalidValueError(
            "root_event_gid is no UUID: pass one, or if this is the event's name pass it as event_name="
        ) from None
