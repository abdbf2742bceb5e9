"""What an event's schema refuses, where text may stand for the number, boolean or date that is declared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from segment_client.collector.catalogue.catalogue import Described
from segment_client.collector.catalogue.texts import meant

__all__ = ["Refusal", "refusals"]

_ROUNDS = 3  # what a model refuses, then what its checks refuse once the model does not, then what is left
_ABSENT = object()
_Steps = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Refusal:
    """One place that a schema refuses: the steps to it, pydantic's kind of error, and its message."""

    steps: _Steps
    kind: str
    message: str


def refusals(event: Described, values: Mapping[str, Any], *, absent_is_null: bool) -> list[Refusal]:
    """Return what the event's schema refuses of a section, once text is taken for what it may stand for.

    With `absent_is_null` what is not there is null where that is allowed: a form of event has no nulls.
    """
    found = _found(event, values)
    if not found:
        return []
    mended: dict[str, Any] = deepcopy(dict(values))
    tried: dict[_Steps, tuple[object, str]] = {}
    for _ in range(_ROUNDS):
        changes = {
            each.steps: (value, each.kind)
            for each in found
            if each.steps not in tried and (value := _other(mended, each, absent_is_null)) is not _ABSENT
        }
        if not changes:
            break
        for steps, (value, kind) in changes.items():
            tried[steps] = _at(mended, steps), kind
            _put(mended, steps, value)
        found = _found(event, mended)
    # what did not help is undone, so that the error is about the value that came
    undone = [each.steps for each in found if tried.get(each.steps, ("", ""))[1] in ("missing", "schema")]
    for steps in undone:
        _put(mended, steps, tried[steps][0])
    return _found(event, mended) if undone else found


def _found(event: Described, values: Mapping[str, Any]) -> list[Refusal]:
    error = event.refusal(values)
    if error is None:
        return []
    details = error.errors(include_url=False, include_context=False, include_input=False)
    return [
        Refusal(tuple(_walk(each["loc"], values, each["type"] == "missing")), each["type"], each["msg"])
        for each in details
    ]


def _other(values: Mapping[str, Any], refused: Refusal, absent_is_null: bool) -> object:
    """Return what may stand in the place of what is refused, `_ABSENT` for nothing."""
    value = _at(values, refused.steps)
    if refused.kind == "missing" and value is _ABSENT:
        return None if absent_is_null and len(refused.steps) == 1 else _ABSENT
    if not isinstance(value, str) or not refused.steps or refused.kind.startswith(("string_", "extra_")):
        return _ABSENT
    other = meant(value, refused.kind)
    return _ABSENT if other is value or other == value else other


def _walk(path: _Steps, here: object, is_missing: bool) -> Iterator[str | int]:
    """Yield the steps of an error that lead somewhere; pydantic puts the members of unions between them."""
    for number, step in enumerate(path, start=1):
        below = _at(here, (step,))
        if below is not _ABSENT:
            here = below
        elif not (is_missing and number == len(path)):
            continue
        yield step


def _at(here: object, steps: _Steps) -> object:
    for step in steps:
        if isinstance(here, Mapping):
            here = here.get(step, _ABSENT)
        elif isinstance(here, list) and isinstance(step, int) and step < len(here):
            here = here[step]
        else:
            return _ABSENT
    return here


def _put(values: dict[str, Any], steps: _Steps, value: object) -> None:
    holder: Any = values
    for step in steps[:-1]:
        holder = holder[step]
    if value is _ABSENT:
        del holder[steps[-1]]
    else:
        holder[steps[-1]] = value
