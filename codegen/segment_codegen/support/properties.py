"""What a catalogue method hands to the client: the validated properties of one event, by their wire names."""

from __future__ import annotations

__all__ = ["CatalogueProperties"]


class CatalogueProperties(dict[str, object]):
    """Validated properties by wire name, as they were given; None is the null of a nullable property."""
