"""Two schemas in memory, and what a diff says of them."""

from pathlib import Path
from typing import Any

from segment_codegen.diff.compare import Comparison, compare
from segment_codegen.diff.sources import Entry, Side
from segment_codegen.load import Document
from segment_codegen.places import Place

__all__ = ["Node", "compared", "rules", "side"]

Node = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def side(name: str, schema: Node, version: str = "") -> Side:
    """Answer a schema as one of the two sides, in a file of this name."""
    document = Document(f"{name}.json", {"$schema": DIALECT, **schema})
    return Side(
        Path(f"{name}.json"), (Entry("track/A", version, Place(document, document.root)),), (document,), True
    )


def compared(old: Node, new: Node) -> Comparison | None:
    """Answer what changed from one schema to another; None where nothing did."""
    return next(iter(compare(side("old", old), side("new", new))), None)


def rules(old: Node, new: Node) -> list[tuple[str, str]]:
    """Answer the rule of each change and the property that it is about."""
    found = compared(old, new)
    return [(each.rule, each.subject.partition("#")[2]) for each in found.changes] if found else []
