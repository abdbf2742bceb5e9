"""The whole pipeline in memory: from schemas or a plan to the text of every generated file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .bundle import render_bundle
from .errors import Diagnostic, SchemaError
from .header import header
from .lint import lint_folder
from .load import load_folder
from .package import render_package
from .plans.detect import read_plan
from .plans.model import Plan
from .resolve import resolve
from .shape import shape

__all__ = ["PACKAGE", "Built", "build", "build_plan"]

PACKAGE = "semantic_events"
"""The folder that is generated of schemas, and with it the name that programs import."""


@dataclass(frozen=True)
class Built:
    """The files of a package by their paths, and what is to be said of how they were made."""

    files: Mapping[str, str]
    notes: tuple[Diagnostic, ...] = ()


def build(schema: Path) -> Built:
    """Answer the package `semantic_events`; raises SchemaError with every problem of the schema."""
    sources = load_folder(schema)
    if problems := lint_folder(sources):
        raise SchemaError(problems)
    roots = [document.root for document in (sources.event, *sources.catalogue)]
    return Built(render_package(resolve(sources), header(json.dumps(roots, separators=(",", ":")))))


def build_plan(plan: Path) -> Built:
    """Answer a plan's package; raises SchemaError with every problem of the plan.

    The files depend on what the plan says and not on its format, its order or where it lies.
    """
    catalogue = shape(read_plan(plan))
    events = catalogue.events
    return Built(render_bundle(events, header(repr(events)), _origin(catalogue.plan)), catalogue.notes)


def _origin(plan: Plan) -> dict[str, str]:
    return {"plan": plan.id or plan.name, "planVersion": plan.version}
