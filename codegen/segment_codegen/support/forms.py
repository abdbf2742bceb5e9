"""Checks that are made of checks: of the members of objects and lists, and of forms that are allowed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from .checks import Check, Problem, Step

__all__ = [
    "AllOf",
    "AnyOf",
    "Contains",
    "Dependent",
    "IfThen",
    "Items",
    "Members",
    "Names",
    "Not",
    "OneOf",
    "Ref",
    "Unevaluated",
]


@dataclass(frozen=True)
class Members(Check):
    """The values of an object, by their keys, by patterns of keys, and of all other keys."""

    named: Mapping[str, Check] = field(default_factory=dict)
    matching: Mapping[str, Check] = field(default_factory=dict)
    rest: Check | None = None

    def find(self, value: object, at: tuple[Step, ...] = ()) -> Iterator[Problem]:
        """Yield the problems of each value."""
        for key, item in value.items() if isinstance(value, dict) else ():
            for check in self._checks(key):
                yield from check.find(item, (*at, key))

    def seen(self, value: object) -> set[Step]:
        """Answer the keys that one of the checks is about."""
        return {key for key in value if self._checks(key)} if isinstance(value, dict) else set()

    def _checks(self, key: str) -> list[Check]:
        found = [self.named[key]] if key in self.named else []
        found += [each for text, each in self.matching.items() if re.search(text, key, re.ASCII)]
        return found or ([] if self.rest is None else [self.rest])


@dataclass(frozen=True)
class Names(Check):
    """The keys of an object, as text."""

    check: Check

    def find(self, value: object, at: tuple[Step, ...] = ()) -> Iterator[Problem]:
        """Yield each key that is not allowed."""
        for key in value if isinstance(value, dict) else ():
            for problem in self.check.find(key):
                yield Problem((*at, key), f"is a key that {problem.message}", key)


@dataclass(frozen=True)
class Items(Check):
    """The items of a list: the first ones each by its own check, all others by one."""

    rest: Check | None
    first: tuple[Check, ...] = ()

    def find(self, value: object, at: tuple[Step, ...] = ()) -> Iterator[Problem]:
        """Yield the problems of each item."""
        for place, item in enumerate(value if isinstance(value, list) else ()):
            check = self.first[place] if place < len(self.first) else self.rest
            if check is not None:
                yield from check.find(item, (*at, place))

    def seen(self, value: object) -> set[Step]:
        """Answer the places that one of the checks is about."""
        if not isinstance(value, list):
            return set()
        return set(range(len(value) if self.rest is not None else min(len(self.first), len(value))))


@dataclass(frozen=True)
class Contains(Check):
    """A list so many items of which fulfil a check."""

    check: Check
    least: int = 1
    most: int | None = None

    def wrong(self, value: object) -> str:
        """Answer the limit that is passed."""
        if not isinstance(value, list):
            return ""
        count = sum(map(self.check.holds, value))
        if count < self.least:
            return f"should contain at least {self.least} such items as the schema demands"
        if self.most is not None and count > self.most:
            return f"should contain at most {self.most} of the items that the schema limits"
        return ""

    def seen(self, value: object) -> set[Step]:
        """Answer the places of the items that fulfil it."""
        if not isinstance(value, list):
            return set()
        return {place for place, item in enumerate(value) if self.check.holds(item)}


@dataclass(frozen=True, init=False)
class _Several(Check):
    checks: tuple[Check, ...]

    def __init__(self, *checks: Check) -> None:
        object.__setattr__(self, "checks", checks)

    def seen(self, value: object) -> set[Step]:
        """Answer what those that hold have seen."""
        return {key for each in self.checks if each.holds(value) for key in each.seen(value)}


class AllOf(_Several):
    """All of these hold."""

    def find(self, value: object, at: tuple[Step, ...] = ()) -> Iterator[Problem]:
        """Yield the problems of each."""
        for each in self.checks:
            yield from each.find(value, at)


class AnyOf(_Several):
    """At least one of these holds."""

    def find(self, value: object, at: tuple[Step, ...] = ()) -> Iterator[Problem]:
        """Yield what is wrong by the one that comes closest."""
        if not any(each.holds(value) for each in self.checks):
            yield from _closest(self.checks, value, at)


class OneOf(_Several):
    """Exactly one of these holds."""

    def find(self, value: object, at: tuple[Step, ...] = ()) -> Iterator[Problem]:
        """Yield what is wrong by the one that comes closest, or that several hold."""
        count = sum(each.holds(value) for each in self.checks)
        if count > 1:
            yield Problem(at, f"fits {count} of the forms of which it should fit one", value)
        elif not count:
            yield from _closest(self.checks, value, at)


@dataclass(frozen=True)
class Not(Check):
    """The check does not hold."""

    check: Check

    def wrong(self, value: object) -> str:
        """Answer that it does."""
        return "is what the schema excludes" if self.check.holds(value) else ""


@dataclass(frozen=True)
class IfThen(Check):
    """Where the first check holds, so does the second, and else the third."""

    condition: Check
    then: Check | None = None
    otherwise: Check | None = None

    def find(self, value: object, at: tuple[Step, ...] = ()) -> Iterator[Problem]:
        """Yield the problems of the check that counts."""
        if check := self.then if self.condition.holds(value) else self.otherwise:
            yield from check.find(value, at)

    def seen(self, value: object) -> set[Step]:
        """Answer what the condition, if it holds, and the check that counts have seen."""
        is_met = self.condition.holds(value)
        check = self.then if is_met else self.otherwise
        return (self.condition.seen(value) if is_met else set()) | (check.seen(value) if check else set())


@dataclass(frozen=True)
class Dependent(Check):
    """Checks of an object that has certain keys."""

    checks: Mapping[str, Check]

    def find(self, value: object, at: tuple[Step, ...] = ()) -> Iterator[Problem]:
        """Yield the problems of the checks that count."""
        for each in self._those(value):
            yield from each.find(value, at)

    def seen(self, value: object) -> set[Step]:
        """Answer what the checks that count have seen."""
        return {key for each in self._those(value) for key in each.seen(value)}

    def _those(self, value: object) -> list[Check]:
        return (
            [check for key, check in self.checks.items() if key in value] if isinstance(value, dict) else []
        )


@dataclass(frozen=True)
class Unevaluated(Check):
    """A check, and others for the members of an object, or of a list, that it has not looked at."""

    check: Check
    members: Check | None = None
    items: Check | None = None

    def find(self, value: object, at: tuple[Step, ...] = ()) -> Iterator[Problem]:
        """Yield the problems of the check, or if there are none, of the other members."""
        problems = list(self.check.find(value, at))
        yield from problems
        if not problems:
            seen = self.check.seen(value)
            for key, item, check in self._all(value):
                if key not in seen:
                    yield from check.find(item, (*at, key))

    def seen(self, value: object) -> set[Step]:
        """Answer all members of which something is demanded."""
        return self.check.seen(value) | {key for key, _, _ in self._all(value)}

    def _all(self, value: object) -> Iterator[tuple[Step, object, Check]]:
        if isinstance(value, dict) and self.members:
            yield from ((key, item, self.members) for key, item in value.items())
        if isinstance(value, list) and self.items:
            yield from ((place, item, self.items) for place, item in enumerate(value))


@dataclass(frozen=True)
class Ref(Check):
    """A check by its name, so that checks can hold themselves."""

    checks: Mapping[str, Check] = field(repr=False)
    name: str

    def find(self, value: object, at: tuple[Step, ...] = ()) -> Iterator[Problem]:
        """Yield the problems of the check that is named."""
        return self.checks[self.name].find(value, at)

    def seen(self, value: object) -> set[Step]:
        """Answer what the check that is named has seen."""
        return self.checks[self.name].seen(value)


def _closest(checks: tuple[Check, ...], value: object, at: tuple[Step, ...]) -> Iterator[Problem]:
    """Yield the problems by the check that finds them only further down, if there is just one such."""
    found = [list(each.find(value, at)) for each in checks]
    deep = [each for each in found if all(len(problem.steps) > len(at) for problem in each)]
    if len(deep) == 1:
        yield from deep[0]
    else:
        yield Problem(at, f"fits none of the {len(checks)} forms that are allowed", value)
