"""Checks what a catalogue method was given, before it is sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pydantic import BaseModel
from pydantic_core import MISSING

__all__ = ["validated"]


def validated(
    model: type[BaseModel], given: Mapping[str, object], extra: Mapping[str, object] | MISSING = MISSING
) -> dict[str, object]:
    """Check what was given (all but `MISSING`) against the event's model and answer it by wire name.

    `extra` holds properties that the schema does not list, where it allows such. Raises
    `pydantic.ValidationError` when the event's schema refuses it, ValueError when `extra` names a listed one.
    """
    properties = {} if extra is MISSING else {key: _plain(value) for key, value in extra.items()}
    if listed := sorted(given.keys() & properties.keys()):
        raise ValueError(f"extra_properties holds {listed[0]!r}: pass it by the keyword that it has")
    properties.update((key, _plain(value)) for key, value in given.items() if value is not MISSING)
    model.model_validate(properties)
    return properties


def _plain(value: object) -> object:
    """Copy containers to dicts and lists, and models to their JSON; a generator is read once, here."""
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", by_alias=True)
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, Iterable) and not isinstance(value, str | bytes | bytearray):
        return [_plain(item) for item in value]
    return value
