"""Checks schema files: against the meta-schemas, and for what the models would lose."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from pathlib import PurePath

import jsonschema_rs

from .errors import Diagnostic, pointer
from .load import Document, Sources
from .rules import check_node
from .structure import check_names, check_references
from .walk import walk

__all__ = ["is_catalogue", "lint", "lint_folder"]

_META = {"$ref": "https://json-schema.org/draft/2020-12/schema"}
_META_HINT = "see the meta-schema of JSON Schema draft 2020-12"
_ANNOTATION_HINT = "see annotations.schema.json of segment_codegen for what an annotation may say"


def lint_folder(sources: Sources) -> tuple[Diagnostic, ...]:
    """Answer every problem of a schema folder."""
    return lint([sources.event, *sources.catalogue])


def lint(documents: Iterable[Document]) -> tuple[Diagnostic, ...]:
    """Answer every problem of these files, sorted; a file that is no JSON Schema is looked at no further."""
    return tuple(sorted({problem for document in documents for problem in _problems(document)}))


def is_catalogue(document: Document) -> bool:
    """Tell whether the file describes an event of the catalogue: it lies in `events/` or names its event."""
    return "x-event" in document.root or PurePath(document.file).parent.name == "events"


def _problems(document: Document) -> Iterator[Diagnostic]:
    broken = [*_refused(document, (), document.root, _META, _META_HINT)]
    yield from broken
    if broken:
        return
    kind = "CatalogueEvent" if is_catalogue(document) else "SemanticEvent"
    yield from _refused(document, (), document.root, _annotations(f"#/$defs/{kind}"), _ANNOTATION_HINT)
    for site in walk(document.root):
        if isinstance(site.node, dict):
            yield from _refused(document, site.steps, site.node, _annotations("#"), _ANNOTATION_HINT)
        for found in check_node(site, catalogue=is_catalogue(document)):
            yield Diagnostic(document.file, pointer(*site.steps, *found.steps), found.message, found.hint)
    for found in (
        *check_references(document.root),
        *(() if is_catalogue(document) else check_names(document.root)),
    ):
        yield Diagnostic(document.file, pointer(*found.steps), found.message, found.hint)


def _refused(
    document: Document, steps: tuple[str, ...], node: object, schema: Mapping[str, object], hint: str
) -> Iterator[Diagnostic]:
    """Yield what a meta-schema refuses about a node."""
    for error in _validator(json.dumps(schema)).iter_errors(node):
        yield Diagnostic(document.file, pointer(*steps, *error.instance_path), error.message, hint)


@cache
def _validator(schema: str) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(json.loads(schema))


def _annotations(reference: str) -> dict[str, object]:
    text = files(__package__).joinpath("annotations.schema.json").read_text(encoding="utf-8")
    schema: dict[str, object] = json.loads(text)
    if reference == "#":
        return schema
    return {"$schema": schema["$schema"], "$defs": schema["$defs"], "$ref": reference}
