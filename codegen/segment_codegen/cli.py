"""The command `segment-codegen`."""

from __future__ import annotations

import argparse
import gc
import shlex
import sys
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from itertools import chain, takewhile
from pathlib import Path
from typing import TYPE_CHECKING

from .arguments import SCHEMA, parser
from .errors import Diagnostic, SchemaError

if TYPE_CHECKING:
    from .build import Built

__all__ = ["main"]

_Foreign = Callable[[dict[str, str]], Collection[str]]
"""Answers which files of a folder are of no run."""
_PAGES = "docs"
"""The folder of the pages, beside the package that is generated of schemas."""
_WAREHOUSE = "warehouse"
"""The folder of the warehouse's definitions, beside it too."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; answers 0, 1 where something was found, 2 where the schema is no use."""
    given = parser(_COMMANDS).parse_args(arguments)
    collecting = gc.isenabled()
    gc.disable()  # a fifth faster: imports make many objects at once, and the process soon ends
    try:
        return _attempt(given.command, given)
    except KeyboardInterrupt:
        _say("segment-codegen: interrupted; what was there before is there still")
        return 130
    finally:
        if collecting:
            gc.enable()


def _generate(given: argparse.Namespace) -> int:
    for each in _outputs(given):
        _write(*each)
    return 0


def _outputs(given: argparse.Namespace) -> Iterator[tuple[Path, Mapping[str, str], _Foreign]]:
    """Yield each folder that `generate` writes: its files, and what tells those of somebody else."""
    from .foreign import beside_package, beside_pages, beside_warehouse

    folder, built = _package(given)
    yield folder, built.files, partial(beside_package, own=built.files)
    if given.plan is None:
        yield folder.parent / _PAGES, _pages(given, folder), beside_pages
    if own := built.warehouse:
        yield folder.parent / _WAREHOUSE, own, partial(beside_warehouse, own=own)


def _generate_or_watch(given: argparse.Namespace) -> int:
    """Generate, with `--watch` again whenever what is read has changed, until the user interrupts."""
    from .options import watched
    from .watch import Interrupt, snapshot, watch

    if not given.watch:
        return _generate(given)
    gc.enable()  # this process does not soon end
    path = given.schema if given.plan is None else given.plan
    folder = _folder(given)
    with suppress(KeyboardInterrupt), Interrupt() as interrupt:
        watch(lambda: snapshot(watched(path), folder), partial(_attempt, _generate, given), interrupt.poll)
    _say("stopped")
    return 0


def _attempt(command: Callable[[argparse.Namespace], int], given: argparse.Namespace) -> int:
    try:
        return command(given)
    except SchemaError as error:
        return _report(error.diagnostics)
    except RecursionError:
        _say("segment-codegen: the schema's references lead too deep to be followed: describe fewer levels")
        return 2
    except ModuleNotFoundError as error:
        if str(error.name).startswith(__package__):  # no extra brings it: that is a fault of this package
            raise
        _say(f"segment-codegen: {error.name} is not installed: pip install 'python-segment-client[codegen]'")
        return 2
    except OSError as error:
        _say(f"segment-codegen: {error.filename}: {error.strerror}")
        return 2


def _import(given: argparse.Namespace) -> int:
    from .foreign import beside_schemas
    from .plans.detect import read_plan
    from .schema_files import schema_files

    plan = read_plan(given.plan)
    _report(plan.notes)
    return _write(given.out, schema_files(plan), beside_schemas)


def _write(folder: Path, files: Mapping[str, str], foreign: _Foreign) -> int:
    """Replace the folder, unless `foreign` finds files in it that are of no earlier run."""
    from .write import read_folder, write_folder

    if others := foreign(read_folder(folder)):
        message = f"the folder holds files of yours, which would be lost: {min(others)}"
        hint = "move them, or name a new folder, or one that this command wrote before"
        raise SchemaError([Diagnostic(folder.as_posix(), "", message, hint, "foreign-folder")])
    write_folder(folder, files)
    _say(f"wrote {len(files)} files to {folder.as_posix()}")
    return 0


def _check(given: argparse.Namespace) -> int:
    again = _command("generate", given)
    return max([_drifted(*each, again) for each in _outputs(given)])


def _docs(given: argparse.Namespace) -> int:
    from .build import PACKAGE
    from .foreign import beside_pages

    generated = Path("generated")
    if given.plan is not None and given.out is None:
        hint = "name the pages' folder: --out docs/events"
        raise SchemaError([Diagnostic(given.plan.as_posix(), "", "a plan's pages have no folder yet", hint)])
    own = generated / PACKAGE if given.plan is None else Path("app", "analytics")
    folder, pages = given.out or generated / _PAGES, _pages(given, given.package or own)
    if given.check:
        return _drifted(folder, pages, beside_pages, _command("docs", given))
    return _write(folder, pages, beside_pages)


def _drifted(folder: Path, files: Mapping[str, str], foreign: _Foreign, again: str) -> int:
    """Print how what is in the folder differs from what should be; answers 1 where it does.

    `again` is the command that writes it, once what `foreign` finds is out of its way.
    """
    from .drift import drift
    from .write import read_folder

    found = read_folder(folder)
    if found == files:
        return 0
    if found:
        sys.stdout.write(drift(files, found, folder.as_posix()))
    state = "is out of date" if found else "does not exist"
    others = foreign(found)
    first = f"move what is yours out of it ({min(others)}), then " if others else ""
    _say(f"{folder.as_posix()} {state}: {first}run {again} and commit the result")
    return 1


def _command(name: str, given: argparse.Namespace) -> str:
    """Answer a command as it is typed for the same plan and folders."""
    flags = ("plan", "package", "out") if given.plan is not None else ("schema", "package", "out")
    values = {flag: getattr(given, flag, None) for flag in flags}
    told = ((f"--{flag}", value.as_posix()) for flag, value in values.items() if value not in (None, SCHEMA))
    return shlex.join(["segment-codegen", name, *chain.from_iterable(told)])


def _pages(given: argparse.Namespace, package: Path) -> Mapping[str, str]:
    """Answer the pages of the schema or plan, with the names that the package in a folder has."""
    from .document import document_plan, document_schema
    from .index import read_names

    remembered = read_names(package)
    if given.plan is None:
        return document_schema(given.schema, remembered)
    return document_plan(given.plan, remembered, _dotted(package))


def _dotted(package: Path) -> str:
    """Answer how programs import the package of a folder: by the names that end its path."""
    names = list(takewhile(str.isidentifier, reversed(package.parts)))
    if not names:
        hint = "name the folder that generate wrote, from the one that programs run in: app/analytics"
        raise SchemaError([Diagnostic(package.as_posix(), "", "no package can have this name", hint)])
    return ".".join(reversed(names))


def _package(given: argparse.Namespace) -> tuple[Path, Built]:
    """Answer the folder of the package and its files; prints the notes."""
    from .build import build, build_plan
    from .index import read_names

    folder = _folder(given)
    remembered = read_names(folder)
    built = build(given.schema, remembered) if given.plan is None else build_plan(given.plan, remembered)
    _report(built.notes)
    return folder, built


def _folder(given: argparse.Namespace) -> Path:
    """Answer the folder of the package, which a plan's `--out` is itself."""
    from .build import PACKAGE

    if given.plan is None:
        return Path(given.out or "generated") / PACKAGE
    if given.out is None:
        hint = "name the package's folder: --out app/analytics"
        raise SchemaError([Diagnostic(given.plan.as_posix(), "", "a plan's package has no folder yet", hint)])
    return Path(given.out)


def _lint(given: argparse.Namespace) -> int:
    from .judge import judge_files, judge_plan, judge_schema
    from .reports import report

    if given.files:
        if given.waive:
            hint = "leave --waive out, or lint the folder: --schema schema"
            message = "nothing in a schema file can be waived"
            raise SchemaError([Diagnostic(given.files[0].as_posix(), "", message, hint)])
        remarks = judge_files(given.files)
    elif given.plan is not None:
        remarks = judge_plan(given.plan, given.waive)
    else:
        remarks = judge_schema(given.schema, given.waive)
    sys.stdout.write(report(remarks, given.format))
    if remarks:
        _say(f"{len(remarks)} problem{'s' if len(remarks) > 1 else ''}")
    return 1 if remarks else 0


def _diff(given: argparse.Namespace) -> int:
    from .diff.outcome import diff
    from .diff.report import report_diff

    outcome = diff(given.old, given.new, given.waive, by_version=given.by_version)
    sys.stdout.write(report_diff(outcome, given.format))
    if outcome.problems:
        _say(f"{outcome.problems} problem{'s' if outcome.problems > 1 else ''}")
    return 1 if outcome.problems else 0


def _report(diagnostics: Sequence[Diagnostic]) -> int:
    for each in diagnostics:
        _say(str(each))
    notes = sum(each.severity == "note" for each in diagnostics)
    counts = (("problem", len(diagnostics) - notes), ("note", notes))
    if diagnostics:
        _say(", ".join(f"{count} {what}{'s' if count > 1 else ''}" for what, count in counts if count))
    return 2


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")


_COMMANDS = {
    "generate": _generate_or_watch,
    "check": _check,
    "import": _import,
    "docs": _docs,
    "lint": _lint,
    "diff": _diff,
}
