"""Tells the format of a tracking plan by its shape, and has it read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from pathlib import Path

from ..errors import Diagnostic, SchemaError, pointer
from ..load import EVENT_FILE, EVENTS, Document, load_path
from . import rudder, schemas, segment_config, segment_public
from .model import Plan, Rule

__all__ = ["read_plan", "read_schemas"]


@dataclass(frozen=True)
class _Format:
    """A format in which one file is a whole plan."""

    sought: str
    matches: Callable[[Document], bool]
    read: Callable[[Document], Plan]


_FORMATS = (
    _Format(segment_public.SOUGHT, segment_public.matches, segment_public.read),
    _Format(rudder.SOUGHT, rudder.matches, rudder.read),
    _Format(segment_config.SOUGHT, segment_config.matches, segment_config.read),
)
_KNOWN = "".join(f"\n    {each}" for each in (*(each.sought for each in _FORMATS), schemas.SOUGHT))


def read_plan(path: Path) -> Plan:
    """Read a plan's file, or a folder of JSON Schemas; raises SchemaError where it is neither.

    The rules are sorted, and of the versions of an event the latest that is not deprecated is current.
    """
    if (path / EVENT_FILE).is_file():
        hint = f"pass --schema {path.as_posix()}, or for its events alone --plan {(path / EVENTS).as_posix()}"
        message = "the folder describes the event itself, and is no tracking plan"
        raise SchemaError([Diagnostic(path.as_posix(), "", message, hint, "no-plan")])
    documents = load_path(path)
    plan = _read(documents)
    if not plan.rules:
        hint = "a plan has a rule for each event, with the schema of its properties"
        problem = Diagnostic(documents[0].file, "", "the plan names no event", hint, "empty-plan")
        raise SchemaError((problem, *plan.notes))
    return _sorted(plan, documents)


def read_schemas(documents: tuple[Document, ...]) -> Plan:
    """Read JSON Schemas, one an event, as a plan, which has no rules where there are none."""
    return _sorted(schemas.read(documents), documents)


def _sorted(plan: Plan, documents: tuple[Document, ...]) -> Plan:
    ordered = sorted(plan.rules, key=lambda each: each.order)
    if repeated := [*_repeated(ordered)]:
        raise SchemaError(repeated)
    groups = groupby(ordered, key=lambda each: each.identity)
    rules = tuple(each for _, versions in groups for each in _marked([*versions]))
    return replace(plan, rules=rules, documents=documents)


def _read(documents: Sequence[Document]) -> Plan:
    if len(documents) > 1:
        if plans := [*_whole_plans(documents)]:
            raise SchemaError(plans)
        return schemas.read(documents)
    document = documents[0]
    for each in _FORMATS:
        if each.matches(document):
            return each.read(document)
    if schemas.matches(document):
        return schemas.read(documents)
    raise SchemaError([_refusal(document)])


def _refusal(document: Document) -> Diagnostic:
    root = document.root
    data = root.get("data")
    if isinstance(data, dict) and "trackingPlan" in data:
        hint = "save what the API answers to /tracking-plans/ID/rules, which has the rules"
        message = "the file describes a plan, but does not hold its rules"
        return Diagnostic(document.file, pointer("data"), message, hint, "no-plan")
    for word in ("tracking_plans", "trackingPlans"):
        if isinstance(root.get(word), list):
            hint = "save one of them, with its rules, in a file of its own"
            return Diagnostic(document.file, pointer(word), "the file lists plans", hint, "no-plan")
    keys = ", ".join(map(repr, sorted(root)[:8])) or "nothing"
    message = f"the file is no tracking plan: at its root it has {keys}"
    return Diagnostic(document.file, "", message, f"these formats are known:{_KNOWN}", "no-plan")


def _whole_plans(documents: Sequence[Document]) -> Iterator[Diagnostic]:
    for document in documents:
        if any(each.matches(document) for each in _FORMATS):
            hint = f"name the file itself: --plan {document.file}"
            message = "the file is a whole plan, and not one event of the folder"
            yield Diagnostic(document.file, "", message, hint, "plan-in-folder")


def _repeated(ordered: Sequence[Rule]) -> Iterator[Diagnostic]:
    for first, second in pairwise(ordered):
        if first.order == second.order:
            other = first.schema.problem("", "", "")
            version = f" in version {first.version!r}" if first.version else ""
            message = f"{first.identity!r}{version} is described at {other.file}#{other.pointer} too"
            hint = "leave one of them out, or give them different versions"
            yield second.schema.problem("repeated-event", message, hint)


def _marked(versions: Sequence[Rule]) -> Iterator[Rule]:
    """Yield the versions of one event, told which of them is current."""
    current = next((each for each in reversed(versions) if not each.deprecated), versions[-1])
    for each in versions:
        yield replace(each, is_current=each is current)
