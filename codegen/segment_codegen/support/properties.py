"""What a catalogue method hands to `track`: the validated properties of one event, by their wire names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pydantic import BaseModel
from pydantic_core import MISSING

__all__ = ["CatalogueProperties", "validated"]


class CatalogueProperties(dict[str, object]):
    """Validated properties by wire name, as they were given; None is the null of a nullable property."""


def validated(model: type[BaseModel], given: Mapping[str, object]) -> CatalogueProperties:
    """Check what was given (all but `MISSING`) against the event's model and answer it for `track`.

    Raises `pydantic.ValidationError` when the event's schema refuses it.
    """
    properties = CatalogueProperties(
        {key: _plain(value) for key, value in given.items() if value is not MISSING}
    )
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
