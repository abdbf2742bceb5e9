"""Tells the files of a generated folder that no run wrote: somebody's, which replacing it would lose."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from .docs.site import INDEX, PAGE
from .docs.site import MARK as PAGES_MARK
from .header import MARK
from .index import INDEX as CATALOGUE
from .schema_files import MEMO_FILE, SUFFIX

__all__ = ["Files", "beside_package", "beside_pages", "beside_schemas", "beside_warehouse"]

Files = dict[str, str]
"""The text of each file of a folder by its path there."""

_SQL_MARK = f"--{MARK.removeprefix('#')}"


def beside_package(found: Files, own: Collection[str]) -> Collection[str]:
    """Answer the files that are neither modules of a run nor among its own; all, where this is no package."""
    return _others(found, own, MARK) if CATALOGUE in found else found


def beside_pages(found: Files) -> Collection[str]:
    """Answer the files that are no pages; all, where the index is none of a run."""
    ours = found.get(INDEX, "").startswith(PAGES_MARK)
    return _others(found, {PAGE}, PAGES_MARK) if ours else found


def beside_warehouse(found: Files, own: Collection[str]) -> Collection[str]:
    """Answer the files that are no definitions; all, where none of a run's own is there."""
    return _others(found, own, _SQL_MARK) if found.keys() & set(own) else found


def beside_schemas(found: Files) -> Collection[str]:
    """Answer the files that `import` has not written."""
    return [each for each in found if not each.endswith((SUFFIX, MEMO_FILE))]


def _others(found: Files, own: Collection[str], mark: str) -> Collection[str]:
    """Answer what does not begin with the mark; empty files and hidden ones, of tools, are no loss."""
    others = (each for each, text in found.items() if text.strip() and not text.startswith(mark))
    return [each for each in others if each not in own and not Path(each).name.startswith(".")]
