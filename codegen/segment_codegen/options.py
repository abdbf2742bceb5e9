"""Reads `segment-codegen.json`, which says beside a plan, or in its folder, what else to make of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import cast

from .errors import Diagnostic, SchemaError, pointer
from .load import OPTIONS_FILE, load_documents
from .plans.model import Plan, Rule

__all__ = ["Options", "read_options", "selected", "waived", "watched"]

_FORMS = {
    "names": "an object from identities to names, as in catalogue.json",
    "skip": 'a list of events, each as "track/Order Completed", or one version of it with @1 at the end',
    "versions": '"all" or "current"',
    "waive": 'a list of notes, each by its rule, with or without its place: "unknown-format#/rules/3"',
    "lint": 'a list of what lint is to leave: "personal-data", or "personal-data: track/Signed Up#email"',
    "diff": 'a list of changes that diff is to let pass: "property-removed: track/Signed Up#email"',
    "templates": "the path of a folder, from the file's own",
}


@dataclass(frozen=True)
class Options:
    """What the file says; without one, nothing. `names` pins names by identity, `templates` is a folder."""

    file: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    skip: tuple[str, ...] = ()
    waive: tuple[str, ...] = ()
    lint: tuple[str, ...] = ()
    diff: tuple[str, ...] = ()
    current_only: bool = False
    templates: Path | None = None


def read_options(plan: Path) -> Options:
    """Read the options of a plan's file or folder; raises SchemaError with all that is wrong in them."""
    file = (plan if plan.is_dir() else plan.parent) / OPTIONS_FILE
    if not file.exists():
        return Options()
    (document,) = load_documents([file])
    root = document.root
    if problems := [*_problems(document.file, root, file.parent)]:
        raise SchemaError(problems)
    templates = root.get("templates")
    return Options(
        file=document.file,
        names=cast(Mapping[str, str], root.get("names", {})),
        skip=tuple(cast(list[str], root.get("skip", []))),
        waive=tuple(cast(list[str], root.get("waive", []))),
        lint=tuple(cast(list[str], root.get("lint", []))),
        diff=tuple(cast(list[str], root.get("diff", []))),
        current_only=root.get("versions") == "current",
        templates=file.parent / templates if isinstance(templates, str) else None,
    )


def watched(plan: Path) -> tuple[Path, ...]:
    """Answer the files and folders of which a change can change what is made of a plan."""
    try:
        templates = read_options(plan).templates
    except SchemaError:  # it will be told of where the options are used
        templates = None
    file = () if plan.is_dir() else (plan.parent / OPTIONS_FILE,)
    return (plan, *file, *([templates] if templates else []))


def selected(plan: Plan, options: Options) -> Plan:
    """Answer the plan without what is to be skipped; raises SchemaError where there is no such event."""
    names = {name for each in plan.rules for name in _names(each)}
    missing = [(number, each) for number, each in enumerate(options.skip) if each not in names]
    if missing:
        hint = "name an event of the plan as catalogue.json does under identity, or leave the line out"
        raise SchemaError(
            Diagnostic(
                options.file, pointer("skip", number), f"the plan has no event {each!r}", hint, "unused-skip"
            )
            for number, each in missing
        )
    left = (each for each in plan.rules if not _names(each) & set(options.skip))
    return replace(plan, rules=tuple(each for each in left if each.is_current or not options.current_only))


def waived(notes: Iterable[Diagnostic], options: Options) -> tuple[Diagnostic, ...]:
    """Answer the notes that are to be told; raises SchemaError for a waiver that waives none."""
    listed = [*notes]
    unused = [
        Diagnostic(
            options.file,
            pointer("waive", number),
            f"there is no note {each!r}",
            "leave the line out: what it waives is not there any more",
            "unused-waiver",
        )
        for number, each in enumerate(options.waive)
        if not any(_is_waived(note, each) for note in listed)
    ]
    if unused:
        raise SchemaError(unused)
    return tuple(note for note in listed if not any(_is_waived(note, each) for each in options.waive))


def _names(rule: Rule) -> set[str]:
    return {rule.identity, f"{rule.identity}@{rule.version}"}


def _is_waived(note: Diagnostic, waiver: str) -> bool:
    rule, _, place = waiver.partition("#")
    return note.rule == rule and f"{note.pointer}/".startswith(f"{place.rstrip('/')}/" if place else "")


def _problems(file: str, root: Mapping[str, object], folder: Path) -> Iterator[Diagnostic]:
    for word, value in root.items():
        if word not in _FORMS:
            hint = f"the options are {', '.join(_FORMS)}"
            yield Diagnostic(file, pointer(word), f"there is no option {word!r}", hint, "unknown-option")
        elif not _fits(word, value):
            hint = f"write {_FORMS[word]}"
            yield Diagnostic(file, pointer(word), "the option is of another form", hint, "option-form")
        elif word == "templates" and not (folder / str(value)).is_dir():
            hint = f"make the folder {(folder / str(value)).as_posix()}, or leave the option out"
            yield Diagnostic(file, pointer(word), "there is no such folder", hint, "option-form")


def _fits(word: str, value: object) -> bool:
    match word:
        case "names":
            return isinstance(value, dict) and all(isinstance(each, str) for each in value.values())
        case "versions":
            return value in ("all", "current")
        case "templates":
            return isinstance(value, str)
    return isinstance(value, list) and all(isinstance(each, str) for each in value)
