"""Gives the properties of an event their names: the keywords of its method, and the fields of its models."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

from .errors import Diagnostic
from .given import Given
from .ir import SECTIONS, Event, ObjectType
from .names import fields, parameters
from .naming import FieldName, ParameterName, field_name, parameter_name

__all__ = ["field_names", "keyword_names", "member_identities", "member_problems"]

_OWN = frozenset({"self", "call", "event_name", "extra_properties", *SECTIONS.values()})
"""What a method calls its own keywords, and those of the call that it fills."""
_CALLS = {"page": "name", "screen": "name", "group": "group_id"}
"""What a call takes that no other does."""


def keyword_names(event: Event, given: Given, call_fields: Collection[str]) -> dict[str, ParameterName]:
    """Answer the keyword for each of the event's properties, by wire name.

    One that has none yet in a version that is not current keeps what it had as the current one.
    """
    taken = _taken(event, call_fields)
    names: dict[str, str] = {}
    for identity in dict.fromkeys((event.current, event.identity)):
        keys = {f"{identity}#{one.wire}": one.wire for one in event.properties.properties}
        found = given.of("keyword", keys, _keyword_rule(taken))
        names = {keys[key]: name for key, name in found.items()} | names
    return parameters((one.wire for one in event.properties.properties), taken, names)


def field_names(
    event: Event, owner: ObjectType, classes: Collection[str], given: Given
) -> dict[str, FieldName]:
    """Answer the field for each property of one of the event's objects, by wire name.

    The models refer to the `classes`, which a field of their name would hide. A pin of the event's own
    property is of its keyword, and of its field where a field may be called so.
    """
    keys = {_field(event, owner, one.wire): one.wire for one in owner.properties}
    found = given.of("field", keys, lambda name: _is_field(name) and name not in classes)
    names = {keys[key]: name for key, name in found.items()}
    return fields(keys.values(), classes, names)


def member_problems(event: Event, given: Given, call_fields: Collection[str]) -> Iterator[Diagnostic]:
    """Yield what is wrong with the pins of the event's properties and of those inside."""
    rule = _keyword_rule(_taken(event, call_fields))
    yield from given.problems([f"{event.identity}#{one.wire}" for one in event.properties.properties], rule)
    for owner in event.objects[:-1]:
        yield from given.problems([_field(event, owner, one.wire) for one in owner.properties], _is_field)


def member_identities(event: Event) -> Iterator[str]:
    """Yield the identities of the event's properties, and of those inside."""
    return (_field(event, owner, one.wire) for owner in event.objects for one in owner.properties)


def _field(event: Event, owner: ObjectType, wire: str) -> str:
    return f"{event.identity}#{owner.at}#{wire}" if owner.at else f"{event.identity}#{wire}"


def _taken(event: Event, call_fields: Collection[str]) -> frozenset[str]:
    return _OWN.union(call_fields, {_CALLS[event.type]} if event.type in _CALLS else ())


def _keyword_rule(taken: Collection[str]) -> Callable[[str], bool]:
    return lambda name: _is_public(name) and parameter_name(name, taken) == name


def _is_field(name: str) -> bool:
    return _is_public(name) and field_name(name) == name


def _is_public(name: str) -> bool:
    return name.isidentifier() and not name.startswith("_")
