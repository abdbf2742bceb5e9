"""The whole pipeline in memory: from a schema folder to the text of every generated file."""

from __future__ import annotations

from pathlib import Path

from .errors import SchemaError
from .header import header
from .lint import lint_folder
from .load import load_folder
from .package import render_package
from .resolve import resolve

__all__ = ["PACKAGE", "build"]

PACKAGE = "semantic_events"
"""The folder that is generated, and with it the name that programs import."""


def build(schema: Path) -> dict[str, str]:
    """Answer each file of the package by its name; raises SchemaError with every problem of the schema."""
    sources = load_folder(schema)
    if problems := lint_folder(sources):
        raise SchemaError(problems)
    return render_package(resolve(sources), header([sources.event, *sources.catalogue]))
