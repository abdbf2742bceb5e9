"""The catalogue for people, in memory: from schemas or a plan to the text of every page."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from .build import PACKAGE, named_events
from .calls import passed_parameters
from .docs.planning import plan_site
from .docs.site import render_site
from .errors import SchemaError
from .given import Remembered
from .lint import lint_folder
from .load import load_folder
from .options import Options, read_options, selected
from .plans.detect import read_plan, read_schemas
from .plans.model import Plan
from .render import overriding
from .reserved import CALL_FIELDS
from .resolve import resolve

__all__ = ["document_plan", "document_schema"]


def document_schema(schema: Path, remembered: Remembered) -> dict[str, str]:
    """Answer the pages of a schema folder's catalogue; raises SchemaError as generating does.

    `remembered` are the names that the package has already.
    """
    sources = load_folder(schema)
    if problems := lint_folder(sources):
        raise SchemaError(problems)
    call_fields = [each.name for each in passed_parameters(resolve(sources.event), "track")]
    return _pages(read_schemas(sources.catalogue), read_options(schema), remembered, call_fields, PACKAGE)


def document_plan(path: Path, remembered: Remembered, package: str) -> dict[str, str]:
    """Answer the pages of a plan; `package` is what programs import. Raises SchemaError as above."""
    return _pages(read_plan(path), read_options(path), remembered, CALL_FIELDS, package)


def _pages(
    plan: Plan, options: Options, remembered: Remembered, call_fields: Collection[str], package: str
) -> dict[str, str]:
    events, _ = named_events(plan, options, remembered, call_fields)
    with overriding(options.templates):
        return render_site(plan_site(selected(plan, options), events, package))
