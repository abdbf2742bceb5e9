"""What is told of values that an event's schema refuses, and what a program can have done about them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Final, Literal

from pydantic import ValidationError
from pydantic_core import MISSING, ErrorDetails, InitErrorDetails, PydanticCustomError

from .checks import Problem

__all__ = [
    "WITHHELD",
    "OnViolation",
    "Paths",
    "Violation",
    "ViolationWarning",
    "Withheld",
    "find",
    "refused",
    "withholding",
]

_Steps = tuple[str | int, ...]
Paths = Sequence[tuple[str | None, ...]]
"""The steps to each of some properties by wire name; None is any key or item."""


class Withheld(Enum):
    """The type of WITHHELD."""

    WITHHELD = "withheld"

    def __str__(self) -> str:
        return "<withheld>"

    __repr__ = __str__


WITHHELD: Final = Withheld.WITHHELD
"""Stands for a value that is, or holds, personal data."""


@dataclass(frozen=True)
class Violation:
    """One place where an event is not what its schema says.

    `event` is the event's name on the wire (or the call's, where it has none), `pointer` the JSON pointer of
    the place in its properties or traits, `message` what the schema wants. `value` is what stands there:
    `MISSING` for nothing, `WITHHELD` for personal data. It is in no text that is made of the violation.
    """

    event: str
    pointer: str
    message: str
    value: object = field(repr=False)

    def __str__(self) -> str:
        return f"{self.pointer or 'the whole'}: {self.message}"


class ViolationWarning(UserWarning):
    """An event is sent that its schema refuses; the text names the places and no value."""


OnViolation = Literal["raise", "warn", "drop"] | Callable[[Violation], object]
"""What is done with an event that its schema refuses.

"raise": `pydantic.ValidationError`, and nothing is sent. "warn": a ViolationWarning, and it is sent. "drop":
nothing is sent, the method answers None. A callable is told each violation, and the event is sent unless it
answers False to one, or raises.
"""


def find(
    event: str, error: ValidationError, values: Mapping[str, object], personal: Paths
) -> tuple[Violation, ...]:
    """Answer the violations that an error tells of, one for each place; those of a union are joined."""
    found: dict[_Steps, list[str]] = {}
    for detail in _details(error):
        found.setdefault(_steps(detail, values), []).append(detail["msg"])
    return tuple(
        Violation(
            event,
            "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in steps),
            "; or ".join(dict.fromkeys(messages)),
            WITHHELD if _is_personal(steps, personal) else _value(values, steps),
        )
        for steps, messages in found.items()
    )


def withholding(error: ValidationError, values: Mapping[str, object], personal: Paths) -> ValidationError:
    """Answer the error without the values that are personal; itself where it holds none."""
    details = _details(error)
    if not any(_is_personal(_steps(each, values), personal) for each in details):
        return error
    lines: list[InitErrorDetails] = [
        {
            "type": _same(each),
            "loc": each["loc"],
            "input": WITHHELD if _is_personal(_steps(each, values), personal) else each["input"],
        }
        for each in details
    ]
    return ValidationError.from_exception_data(error.title, lines)


def refused(title: str, problems: Sequence[Problem]) -> ValidationError:
    """Answer the error of problems that a check found, as the models' own errors are."""
    lines: list[InitErrorDetails] = [
        {
            "type": PydanticCustomError(
                "missing" if each.is_missing else "schema", "{message}", {"message": each.message}
            ),
            "loc": each.steps,
            "input": each.value,
        }
        for each in problems
    ]
    return ValidationError.from_exception_data(title, lines)


def _same(detail: ErrorDetails) -> PydanticCustomError:
    kind = detail["type"]  # of pydantic's own types or a check's: literals all, which its stubs do not say
    return PydanticCustomError(kind, "{message}", {"message": detail["msg"]})  # pyright: ignore[reportArgumentType]


def _details(error: ValidationError) -> list[ErrorDetails]:
    return error.errors(include_url=False, include_context=False)


def _steps(detail: ErrorDetails, values: Mapping[str, object]) -> _Steps:
    """Answer the steps to the place; pydantic puts the names of a union's members between them."""
    return tuple(_walk(detail["loc"], values, detail["type"] == "missing"))


def _walk(path: _Steps, here: object, is_missing: bool) -> Iterator[str | int]:
    for number, step in enumerate(path, 1):
        below = _below(here, step)
        if below is not MISSING:
            here = below
        elif not (is_missing and number == len(path)):
            continue
        yield step


def _value(values: object, steps: _Steps) -> object:
    for step in steps:
        values = _below(values, step)
    return values


def _below(here: object, step: str | int) -> object:
    """Answer what stands one step further down, `MISSING` where nothing does."""
    if isinstance(here, Mapping):
        return here.get(step, MISSING)
    return here[step] if isinstance(here, list) and isinstance(step, int) and step < len(here) else MISSING


def _is_personal(steps: _Steps, personal: Paths) -> bool:
    """Tell whether the place is personal, or in what is, or holds what is."""
    return any(
        all(one is None or one == step for one, step in zip(path, steps, strict=False)) for path in personal
    )
