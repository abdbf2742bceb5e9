"""The whole pipeline in memory: from schemas or a plan to the text of every generated file."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from .bundle import render_bundle
from .calls import passed_parameters
from .errors import Diagnostic, SchemaError, settle
from .given import Given
from .header import header
from .ir import Event
from .lint import lint_folder
from .load import load_folder
from .named import named
from .package import render_package
from .plans.detect import read_plan, read_schemas
from .plans.model import Plan
from .reserved import CALL_FIELDS
from .resolve import resolve
from .shape import shape

__all__ = ["PACKAGE", "Built", "build", "build_plan"]

PACKAGE = "semantic_events"
"""The folder that is generated of schemas, and with it the name that programs import."""
_NOTHING = Given()


@dataclass(frozen=True)
class Built:
    """The files of a package by their paths, and what is to be said of how they were made."""

    files: Mapping[str, str]
    notes: tuple[Diagnostic, ...] = ()


def build(schema: Path, given: Given = _NOTHING) -> Built:
    """Answer the package `semantic_events`; raises SchemaError with every problem of the schema.

    `given` are names that the events have already.
    """
    sources = load_folder(schema)
    if problems := lint_folder(sources):
        raise SchemaError(problems)
    contract = resolve(sources.event)
    call_fields = [each.name for each in passed_parameters(contract, "track")]
    events, notes = _events(read_schemas(sources.catalogue), given, call_fields)
    roots = [document.root for document in (sources.event, *sources.catalogue)]
    return Built(render_package(contract, events, header(json.dumps(roots, separators=(",", ":")))), notes)


def build_plan(plan: Path, given: Given = _NOTHING) -> Built:
    """Answer a plan's package; raises SchemaError with every problem of the plan or of its names.

    The files depend on what the plan says and on the names, not on its format, its order or where it lies.
    """
    read = read_plan(plan)
    events, notes = _events(read, given, CALL_FIELDS)
    return Built(render_bundle(events, header(repr(events)), _origin(read)), notes)


def _events(
    plan: Plan, given: Given, call_fields: Collection[str]
) -> tuple[tuple[Event, ...], tuple[Diagnostic, ...]]:
    catalogue = shape(plan)
    events, problems = named(catalogue.events, given, call_fields)
    return events, settle((*catalogue.notes, *problems))


def _origin(plan: Plan) -> dict[str, str]:
    return {"plan": plan.id or plan.name, "planVersion": plan.version}
