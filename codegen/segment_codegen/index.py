"""Writes and reads `catalogue.json`: the index of a package's events, and the memory of the names it gave."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import cast

from .errors import Diagnostic, SchemaError
from .given import Kind, Remembered
from .ir import Event, ObjectType

__all__ = ["INDEX", "catalogue_index", "read_names"]

INDEX = "catalogue.json"
"""The index's file in a package."""

_PARTS: tuple[tuple[Kind, str], ...] = (
    ("keyword", "properties"),
    ("class", "classes"),
    ("field", "fields"),
)
_HINT = "take the file from version control, or delete it, which makes all names anew"


def catalogue_index(events: Iterable[Event]) -> str:
    """Answer `catalogue.json`: what each event is and the keyword of each property, for tools.

    `classes` are those of the event's objects, by their JSON pointers from the event's schema. `fields` are
    those that are spelled otherwise than on the wire, in a nested object after its pointer and #.
    """
    index = [
        {
            "type": event.type,
            "event": event.name,
            "version": event.version,
            "method": event.method,
            "properties": {one.wire: event.keywords[one.wire] for one in event.properties.properties},
            "identity": event.identity,
            "classes": {each.at: each.name for each in event.objects},
            "fields": dict(field for each in event.objects for field in _fields(each)),
        }
        for event in events
    ]
    text = json.dumps(index, indent=2, ensure_ascii=False)
    return "".join(each if each.isprintable() or each == "\n" else _escaped(each) for each in text) + "\n"


def read_names(folder: Path) -> Remembered:
    """Answer the names that the package in a folder has, by kind and identity; none where there is no index.

    Raises SchemaError where the index cannot be read, as all names would be made anew.
    """
    file = folder / INDEX
    if not file.exists():
        return {}
    try:
        index = json.loads(file.read_bytes())
        return {(kind, identity): name for entry in index for kind, identity, name in _names(entry)}
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        message = f"the names of the events cannot be read: {type(error).__name__}"
        raise SchemaError([Diagnostic(file.as_posix(), "", message, _HINT, "broken-index")]) from None


def _escaped(char: str) -> str:
    """Answer what stands in JSON for a character that is not to be seen, or is no character."""
    return json.dumps(char)[1:-1]


def _fields(each: ObjectType) -> Iterator[tuple[str, str]]:
    for one in each.properties:
        if one.name != one.wire:
            yield f"{each.at}#{one.wire}" if each.at else one.wire, one.name


def _names(entry: Mapping[str, object]) -> Iterator[tuple[Kind, str, str]]:
    """Yield the names of one event; an index of an older release has fewer of them."""
    identity = str(entry.get("identity", f"{entry['type']}/{entry['event']}"))
    yield "method", identity, str(entry["method"])
    parts: tuple[tuple[Kind, str], ...] = (
        ("keyword", "properties"),
        ("class", "classes"),
        ("field", "fields"),
    )
    for kind, part in parts:
        for inner, name in cast(Mapping[str, str], entry.get(part, {})).items():
            yield kind, f"{identity}#{inner}", str(name)
