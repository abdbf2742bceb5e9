"""Events held against what a generated package says of them: the schema of each event by its name."""

from __future__ import annotations

from segment_client.collector.catalogue.catalogue import Catalogue
from segment_client.collector.catalogue.checker import Checker
from segment_client.collector.catalogue.entries import Entry, Property, describe, read_entries
from segment_client.collector.catalogue.load import OWN, load_catalogue

__all__ = [
    "OWN",
    "Catalogue",
    "Checker",
    "Entry",
    "Property",
    "describe",
    "load_catalogue",
    "read_entries",
]
