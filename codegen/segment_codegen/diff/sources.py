"""Reads what is compared: a plan in any format, a folder of schemas, one schema, or the latest release."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path, PurePath

from ..errors import SchemaError
from ..library import Library
from ..load import EVENT_FILE, Document, load_folder, load_path
from ..places import Place
from ..plans.detect import read_plan, read_schemas
from ..plans.model import Plan
from ..survey import survey
from ..vocabulary import KEYWORDS

__all__ = ["Entry", "Side", "latest_release", "read_side"]

_BROKEN = frozenset({"malformed", "lost-reference", "endless-reference"})
_NOTES = frozenset({"description", "deprecated"})
_RELEASE = re.compile("[0-9]+([.-][0-9]+)*")


@dataclass(frozen=True)
class Entry:
    """An event: what it is called, the version as its source writes it, its schema, and what is noted of it.

    The notes are not in the schema, as formats have them elsewhere. The contract is what all events of a
    schema folder are.
    """

    name: str
    version: str
    schema: Place
    doc: str = ""
    is_deprecated: bool = False
    is_current: bool = True
    is_contract: bool = False


@dataclass(frozen=True)
class Side:
    """One of the two that are compared. `is_one_file` where that is a single JSON Schema."""

    path: Path
    entries: tuple[Entry, ...]
    documents: tuple[Document, ...]
    is_one_file: bool = False

    @cached_property
    def library(self) -> Library:
        """What references can lead to."""
        return Library(self.documents)


def read_side(path: Path) -> Side:
    """Read a side; raises SchemaError where there is no plan and no schema, or one that leads nowhere."""
    side = _read(path)
    surveyed = (found for each in side.entries for found in survey(each.schema, side.library))
    if broken := [each for each in surveyed if each.rule in _BROKEN]:
        raise SchemaError(broken)
    return side


def latest_release(path: Path) -> Path:
    """Answer the folder of the latest version, where a folder holds nothing but those; else the path."""
    inside = [each for each in path.iterdir() if not each.name.startswith(".")] if path.is_dir() else []
    if not inside or not all(each.is_dir() and _RELEASE.fullmatch(each.name) for each in inside):
        return path
    return max(inside, key=lambda each: [*map(int, re.findall("[0-9]+", each.name))])


def _read(path: Path) -> Side:
    if (path / EVENT_FILE).is_file():
        sources = load_folder(path)
        documents = (sources.event, *sources.catalogue)
        contract = replace(_lone(sources.event), name="SemanticEvent", is_contract=True)
        return Side(path, (contract, *_entries(read_schemas(sources.catalogue))), documents)
    documents = load_path(path)
    try:
        plan = read_plan(path)
    except SchemaError as error:
        if len(documents) > 1 or not _is_schema(documents[0]):
            raise
        if any(each.rule != "no-plan" for each in error.diagnostics):
            raise
        return Side(path, (_lone(documents[0]),), documents, is_one_file=True)
    is_one = len(documents) == 1 and plan.rules[0].schema.steps == ()
    return Side(path, (*_entries(plan),), documents, is_one)


def _entries(plan: Plan) -> Iterator[Entry]:
    for rule in plan.rules:
        schema = _bare(rule.schema)
        yield Entry(rule.identity, rule.version, schema, rule.doc, rule.deprecated, rule.is_current)


def _is_schema(document: Document) -> bool:
    """Tell whether a document that is no event may be a schema still, of a list or of a value."""
    return bool(KEYWORDS & document.root.keys())


def _lone(document: Document) -> Entry:
    root = document.root
    own = root.get("self")
    described: Mapping[str, object] = own if isinstance(own, dict) else {}
    name = described.get("name") or root.get("title") or PurePath(document.file).stem
    version = root.get("x-version") or described.get("version") or ""
    doc, is_deprecated = str(root.get("description", "")), root.get("deprecated") is True
    return Entry(str(name), str(version), _bare(Place(document, root)), doc, is_deprecated)


def _bare(place: Place) -> Place:
    """Answer a schema without the notes that an entry has."""
    return replace(place, node={word: each for word, each in place.keywords.items() if word not in _NOTES})
