"""The whole pipeline in memory: from schemas or a plan to the text of every generated file."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

from .bundle import render_bundle
from .calls import passed_parameters
from .errors import Diagnostic, SchemaError, settle
from .given import Given, Remembered
from .header import header
from .ir import Event
from .lint import lint_folder
from .load import load_folder
from .named import named
from .names import digest
from .options import Options, read_options, selected, waived
from .package import render_package
from .plans.detect import read_plan, read_schemas
from .plans.model import Plan
from .render import overriding
from .reserved import CALL_FIELDS
from .resolve import resolve
from .shape import shape
from .warehouse.columns import plan_table
from .warehouse.files import render_warehouse

__all__ = ["PACKAGE", "Built", "build", "build_plan", "named_events"]

PACKAGE = "semantic_events"
"""The folder that is generated of schemas, and with it the name that programs import."""
_DIGEST = 16
_NONE: Remembered = MappingProxyType({})


@dataclass(frozen=True)
class Built:
    """The files of a package by their paths, and what is to be said of how they were made.

    `warehouse` are the files of the folder beside it, none where the schema names no table.
    """

    files: Mapping[str, str]
    notes: tuple[Diagnostic, ...] = ()
    warehouse: Mapping[str, str] = field(default_factory=dict)


def build(schema: Path, remembered: Remembered = _NONE) -> Built:
    """Answer the package `semantic_events`; raises SchemaError with every problem of the schema.

    `remembered` are the names that the package has already.
    """
    sources, options = load_folder(schema), read_options(schema)
    if problems := lint_folder(sources):
        raise SchemaError(problems)
    contract = resolve(sources.event)
    table = plan_table(contract, sources.event.file)
    call_fields = [each.name for each in passed_parameters(contract, "track")]
    events, notes = named_events(read_schemas(sources.catalogue), options, remembered, call_fields)
    roots = [document.root for document in (sources.event, *sources.catalogue)]
    head = header(json.dumps(roots, separators=(",", ":")))
    built = _built(lambda: render_package(contract, events, table, head), options, notes)
    return replace(built, warehouse=render_warehouse(table, head)) if table else built


def build_plan(plan: Path, remembered: Remembered = _NONE) -> Built:
    """Answer a plan's package; raises SchemaError with every problem of it, and of the options beside it.

    The files depend on what these say and on the names, not on the plan's format, its order or where it lies.
    """
    read, options = read_plan(plan), read_options(plan)
    events, notes = named_events(read, options, remembered, CALL_FIELDS)
    head = header(" ".join(sorted(event.digest for event in events)))
    return _built(lambda: render_bundle(events, head, _origin(read)), options, notes)


def named_events(
    plan: Plan, options: Options, remembered: Remembered, call_fields: Collection[str]
) -> tuple[tuple[Event, ...], tuple[Diagnostic, ...]]:
    """Answer the plan's events with their names, and the notes; raises SchemaError with all problems."""
    catalogue = shape(selected(plan, options))
    described = [replace(event, digest=digest(repr(event), _DIGEST)) for event in catalogue.events]
    events, problems = named(described, Given(remembered, options.names, options.file), call_fields)
    return events, settle((*catalogue.notes, *problems))


def _built(make: Callable[[], Mapping[str, str]], options: Options, notes: tuple[Diagnostic, ...]) -> Built:
    left = waived(notes, options)
    with overriding(options.templates):
        try:
            return Built(make(), left)
        except SyntaxError as error:
            if options.templates is None:
                raise
            message = f"{error.filename} comes out as no Python in line {error.lineno}: {error.msg}"
            hint = "compare them with the templates of this release that they stand for"
            raise SchemaError(
                [Diagnostic(options.templates.as_posix(), "", message, hint, "broken-template")]
            ) from None


def _origin(plan: Plan) -> dict[str, str]:
    return {"plan": plan.id or plan.name, "planVersion": plan.version}
