"""What a catalogue method hands to the client: the validated properties of one event, by their wire names."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["CatalogueProperties"]


class CatalogueProperties(dict[str, object]):
    """Properties or traits by wire name, sent by exactly these names; None is the null of a nullable one.

    `provenance` says where the event is described. The client sends it as `context.protocols`, under what
    the caller's own context has there.
    """

    def __init__(self, values: Mapping[str, object], provenance: Mapping[str, str] | None = None) -> None:
        super().__init__(values)
        self.provenance = dict(provenance or {})
