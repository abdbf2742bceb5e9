"""What `lint` finds: in the notation of this project's own schema files, and in what any plan says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from .errors import Diagnostic
from .lint import lint, lint_folder
from .load import load_documents, load_folder
from .options import Options, read_options, selected
from .plan_rules.model import Remark
from .plan_rules.table import RULES, advise
from .plan_rules.waivers import read_waivers, waive
from .plans.detect import read_plan, read_schemas
from .plans.model import Plan

__all__ = ["judge_files", "judge_plan", "judge_schema"]

_NOTATION = "notation"
"""The rule of schema files: it holds what the models would lose, and cannot be waived."""


def judge_files(files: Iterable[Path]) -> tuple[Remark, ...]:
    """Answer what is wrong with the notation of schema files."""
    return _notation(lint(load_documents(files)))


def judge_schema(folder: Path, waivers: Sequence[str]) -> tuple[Remark, ...]:
    """Answer what is wrong with a schema folder's notation or, where that is right, with its catalogue."""
    sources = load_folder(folder)
    if problems := lint_folder(sources):
        return _notation(problems)
    return _judged(read_schemas(sources.catalogue), read_options(folder), waivers)


def judge_plan(path: Path, waivers: Sequence[str]) -> tuple[Remark, ...]:
    """Answer what the rules find in a plan, less what its options and the caller waive."""
    return _judged(read_plan(path), read_options(path), waivers)


def _judged(plan: Plan, options: Options, waivers: Sequence[str]) -> tuple[Remark, ...]:
    rules = [each.name for each in RULES]
    own = read_waivers(options.lint, options.file, "lint", rules)
    return waive(advise(selected(plan, options)), (*own, *read_waivers(waivers, "--waive", "", rules)))


def _notation(problems: Iterable[Diagnostic]) -> tuple[Remark, ...]:
    return tuple(Remark(each.file, each.pointer, _NOTATION, "", each.message, each.hint) for each in problems)
