"""How the methods of a catalogue send: checked by the event's schema, under a policy for what it refuses."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from inspect import signature
from typing import Literal, TypeVar, cast

from pydantic import BaseModel, ValidationError
from pydantic_core import MISSING, to_jsonable_python

from .checks import Check
from .violations import OnViolation, Paths, ViolationWarning, find, refused, withholding

__all__ = ["CatalogueEvent", "Sender"]

R = TypeVar("R")
_Carrier = Callable[[Mapping[str, object], Mapping[str, str]], object]


@dataclass(frozen=True)
class CatalogueEvent:
    """An event as its schema has it: the call and its fixed keywords, the section that the call carries.

    `personal` are the paths of personal data, `deprecated` those of properties that no new code should send;
    `is_deprecated` that this holds for the event. `check` is what the schema demands beyond the model.
    """

    call: str
    fixed: Mapping[str, str]
    section: Literal["properties", "traits"]
    model: type[BaseModel]
    version: str
    digest: str
    personal: Paths = ()
    deprecated: Paths = ()
    is_deprecated: bool = False
    check: Check | None = None

    @property
    def name(self) -> str:
        """The event's name on the wire, or that of its call where it has none."""
        return next(iter(self.fixed.values()), self.call)

    def refusal(self, values: Mapping[str, object]) -> ValidationError | None:
        """Answer what is wrong with the values; None where nothing is."""
        try:
            self.model.model_validate(values)
        except ValidationError as error:
            return error
        problems = list(self.check.find(to_jsonable_python(values))) if self.check else []
        return refused(self.model.__name__, problems) if problems else None


class Sender:
    """Sends events, each either as its schema has it or as the policy for violations says.

    `carrier` makes what the client is handed of the values and of where the event is described: `provenance`,
    the same for all, and each event's own; None says nothing.
    """

    def __init__(
        self, carrier: _Carrier, on_violation: OnViolation, provenance: Mapping[str, str] | None
    ) -> None:
        if not callable(on_violation) and on_violation not in ("raise", "warn", "drop"):
            raise ValueError(f"on_violation is {on_violation!r}: pass 'raise', 'warn', 'drop' or a callable")
        self._carrier = carrier
        self._on_violation = on_violation
        self._provenance = provenance

    def send(
        self,
        call: Callable[..., R],
        event: CatalogueEvent,
        given: Mapping[str, object],
        keywords: Mapping[str, object],
        extra: Mapping[str, object] | MISSING = MISSING,
    ) -> R:
        """Check what was given (all but `MISSING`), and make the call with it and its further keywords.

        `extra` holds properties that the schema does not list, where it allows such; one that it does list
        is a ValueError. Answers what the call does; under "drop" and a callable, None where nothing is sent.
        """
        values = _values(given, extra)
        level = 4 if event.is_deprecated else 3  # its decorator is one more frame between us and the caller
        if used := [path for path in event.deprecated if _holds(values, path)]:
            names = ", ".join("/".join(step or "*" for step in path) for path in used)
            text = f"{event.name!r} is sent with what its schema calls deprecated: {names}"
            warnings.warn(text, DeprecationWarning, stacklevel=level)
        error = event.refusal(values)
        if error is not None and not self._goes_on(event, error, values, level + 1):
            return cast(R, None)  # the annotation of Events has it: it is R or None under these policies
        own = {**event.fixed, event.section: self._carried(event, values)}
        try:
            return call(**own, **keywords)
        except TypeError:
            problem = _misfit(call, own, keywords)
            if problem is None:
                raise
        raise TypeError(f"{event.name!r}: {problem}")

    def _goes_on(
        self, event: CatalogueEvent, error: ValidationError, values: dict[str, object], level: int
    ) -> bool:
        """Do what the policy says; tell whether the event is to be sent all the same."""
        policy = self._on_violation
        if policy == "raise":
            raise withholding(error, values, event.personal) from None
        if policy == "drop":
            return False
        violations = find(event.name, error, values, event.personal)
        if callable(policy):
            answers = [policy(each) for each in violations]
            return not any(answer is False for answer in answers)
        text = f"{event.name!r} is sent against its schema: {'; '.join(map(str, violations))}"
        warnings.warn(text, ViolationWarning, stacklevel=level)
        return True

    def _carried(self, event: CatalogueEvent, values: Mapping[str, object]) -> object:
        if self._provenance is None:
            return self._carrier(values, {})
        own = {**self._provenance, "eventVersion": event.version, "digest": event.digest}
        return self._carrier(values, {key: text for key, text in own.items() if text})


def _misfit(
    call: Callable[..., object], own: Mapping[str, object], keywords: Mapping[str, object]
) -> str | None:
    """Answer what is wrong with the keywords of a call; None where they fit it."""
    if twice := sorted(own.keys() & keywords.keys()):
        return f"{twice[0]!r} is not to be passed: the event says it itself"
    try:
        takes = signature(call)
    except ValueError:  # what is written in C need not have one
        return None
    try:
        takes.bind(**own, **keywords)
    except TypeError as error:
        if unknown := sorted(keywords.keys() - takes.parameters.keys()):
            return f"{unknown[0]!r} is neither a property of the event nor a keyword of its call"
        return f"{error}: pass it, or bind it to a scope if that takes it"
    return None


def _values(given: Mapping[str, object], extra: Mapping[str, object] | MISSING) -> dict[str, object]:
    """Answer by wire name what was given, as plain dicts and lists."""
    if extra is MISSING:
        extra = {}
    if not isinstance(extra, Mapping):
        raise TypeError(f"extra_properties is {type(extra).__name__}: pass a dict of names and values")
    values = {key: _plain(value) for key, value in extra.items()}
    if listed := sorted(given.keys() & values.keys()):
        raise ValueError(f"extra_properties holds {listed[0]!r}: pass it by the keyword that it has")
    values.update((key, _plain(value)) for key, value in given.items() if value is not MISSING)
    return values


def _holds(value: object, path: tuple[str | None, ...]) -> bool:
    if not path:
        return True
    step, *rest = path
    if step is not None:
        return isinstance(value, Mapping) and step in value and _holds(value[step], tuple(rest))
    items = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    return any(_holds(item, tuple(rest)) for item in items)


def _plain(value: object) -> object:
    """Copy containers to dicts and lists, and models to their JSON; a generator is read once, here."""
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", by_alias=True)
    if isinstance(value, Decimal):
        return str(value)  # as it is sent: pydantic would take it for a number
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, Iterable) and not isinstance(value, str | bytes | bytearray):
        return [_plain(item) for item in value]
    return value
