"""The whole pipeline in memory: from schemas or a plan to the text of every generated file."""

from __future__ import annotations

import json
from pathlib import Path

from .bundle import render_bundle
from .errors import SchemaError
from .header import header
from .lint import lint_folder
from .load import load_folder
from .package import render_package
from .plans.detect import read_plan
from .resolve import resolve
from .shape import shape

__all__ = ["PACKAGE", "build", "build_plan"]

PACKAGE = "semantic_events"
"""The folder that is generated of schemas, and with it the name that programs import."""


def build(schema: Path) -> dict[str, str]:
    """Answer each file of the package by its path; raises SchemaError with every problem of the schema."""
    sources = load_folder(schema)
    if problems := lint_folder(sources):
        raise SchemaError(problems)
    roots = [document.root for document in (sources.event, *sources.catalogue)]
    return render_package(resolve(sources), header(json.dumps(roots, separators=(",", ":"))))


def build_plan(plan: Path) -> dict[str, str]:
    """Answer each file of a plan's package by its path; raises SchemaError with every problem of the plan.

    The files depend on what the plan says and not on its format, its order or where it lies.
    """
    events = shape(read_plan(plan))
    return render_bundle(events, header(repr(events)))
