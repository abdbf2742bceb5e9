"""Compares what two schemas say of single values: types, listed values, limits, patterns and formats."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import cast

from ..views import EVERY_TYPE
from .found import Found, Keys, spot
from .meaning import text
from .nodes import Node

__all__ = ["compare_limits", "compare_types", "compare_values"]


_BOUNDS = (
    ("number", 1, "minimum", "exclusiveMinimum"),
    ("number", -1, "maximum", "exclusiveMaximum"),
    ("string", 1, "minLength", ""),
    ("string", -1, "maxLength", ""),
    ("array", 1, "minItems", ""),
    ("array", -1, "maxItems", ""),
    ("object", 1, "minProperties", ""),
    ("object", -1, "maxProperties", ""),
)
"""The limited type, 1 for a lower bound, the keyword and the one that excludes the bound itself."""

_LISTS = ("enum", "const", "oneOf", "anyOf")
_NEW, _GONE = "imposed", "lifted"


def compare_types(old: Node, new: Node, path: Keys) -> Iterator[Found]:
    """Yield how the allowed types differ, null by itself."""
    before, after = old.types - {"null"}, new.types - {"null"}
    if before != after:
        rule = "type-widened" if before < after else "type-narrowed" if after < before else "type-changed"
        yield _found(rule, old, new, path, "type", f"{_types(before)} became {_types(after)}")
    is_any = before != after and EVERY_TYPE in (old.types, new.types)
    if ("null" in old.types) != ("null" in new.types) and not is_any:
        rule, said = (
            ("null-refused", "not allowed any more") if "null" in old.types else ("null-admitted", "allowed")
        )
        yield _found(rule, old, new, path, "type", f"null is {said}")


def compare_values(old: Node, new: Node, path: Keys) -> Iterator[Found]:
    """Yield how the listed values differ; null is a type."""
    word = next(
        (each for each in ("enum", "const", "oneOf", "anyOf") if each in {**old.said, **new.said}), "enum"
    )
    word = next((each for each in ("enum", "const", "oneOf", "anyOf") if each in new.said), word)
    if old.values is None or new.values is None:
        if old.values is not None and old.types & new.types:
            yield _found("enum-lifted", old, new, path, word, "values that are not listed are allowed")
        elif new.values is not None and old.types & new.types:
            listed = ", ".join(new.values)
            yield _found("enum-imposed", old, new, path, word, f"only these values are allowed: {listed}")
        return
    for value in old.values:
        if value not in new.values and value != "null":
            yield _found(
                "enum-value-removed", old, new, path, word, f"the value {value} is not allowed any more"
            )
    for value, about in new.values.items():
        if value not in old.values and value != "null":
            yield _found("enum-value-added", old, new, path, word, f"the value {value} is allowed")
        elif about != old.values.get(value, about):
            yield _found("note-changed", old, new, path, word, f"what is said of the value {value} changed")


def compare_limits(old: Node, new: Node, path: Keys) -> Iterator[Found]:
    """Yield how limits differ of types that both allow."""
    kinds = (old.types & new.types) | ({"number"} if "integer" in old.types & new.types else set())
    for kind, sign, word, exclusive in _BOUNDS:
        if kind in kinds:
            yield from _bound(old, new, path, sign, word, exclusive)
    if "number" in kinds:
        yield from _multiple(old, new, path)
    if "array" in kinds and bool(old.value("uniqueItems")) != bool(new.value("uniqueItems")):
        rule, said = (
            ("limit-loosened", "need not") if old.value("uniqueItems") else ("limit-tightened", "must")
        )
        yield _found(rule, old, new, path, "uniqueItems", f"items {said} be different")
    if "string" in kinds:
        yield from _text(old, new, path, "pattern", "edited")
        yield from _text(old, new, path, "format", "changed")


def _bound(old: Node, new: Node, path: Keys, sign: int, word: str, exclusive: str) -> Iterator[Found]:
    before, after = (_limit(each, sign, word, exclusive) for each in (old, new))
    if before == after:
        return
    is_tighter = before is None or (after is not None and after > before)
    rule = "limit-tightened" if is_tighter else "limit-loosened"
    at = exclusive if after is not None and after[1] else word
    yield _found(rule, old, new, path, at, f"{word} was {_shown(before, sign)} and is {_shown(after, sign)}")


def _limit(each: Node, sign: int, word: str, exclusive: str) -> tuple[Fraction, bool] | None:
    """Answer the bound that counts, such that a greater one is tighter, and whether it is excluded itself."""
    given = [(each.value(word), False), (each.value(exclusive), True)]
    bounds = [(sign * Fraction(cast(float, value)), flag) for value, flag in given if value is not None]
    if sign > 0 and not exclusive:  # a count is at least 0
        bounds = [bound for bound in bounds if bound[0] > 0]
    return max(bounds, default=None)


def _multiple(old: Node, new: Node, path: Keys) -> Iterator[Found]:
    before, after = old.value("multipleOf"), new.value("multipleOf")
    if text(before) == text(after):
        return
    is_looser = after is None or (before is not None and not _fraction(before) % _fraction(after))
    rule = "limit-loosened" if is_looser else "limit-tightened"
    yield _found(
        rule, old, new, path, "multipleOf", f"multipleOf was {_or_none(before)} and is {_or_none(after)}"
    )


def _text(old: Node, new: Node, path: Keys, word: str, other: str) -> Iterator[Found]:
    before, after = old.value(word), new.value(word)
    if before == after:
        return
    rule = f"{word}-{_NEW if before is None else _GONE if after is None else other}"
    yield _found(rule, old, new, path, word, f"{word} was {_or_none(before)} and is {_or_none(after)}")


def _found(rule: str, old: Node, new: Node, path: Keys, word: str, message: str) -> Found:
    return Found(path, rule, message, spot(old.at(word)), spot(new.at(word)))


def _types(types: frozenset[str]) -> str:
    shown = types - {"integer"} if "number" in types else types
    every = {"array", "boolean", "number", "object", "string"}
    return "any value" if shown == every else " or ".join(sorted(shown)) or "nothing"


def _shown(bound: tuple[Fraction, bool] | None, sign: int) -> str:
    if bound is None:
        return "none"
    value = sign * bound[0]
    number = text(float(value) if value.denominator > 1 else int(value))
    return f"{number}, excluded" if bound[1] else number


def _or_none(value: object) -> str:
    return "none" if value is None else text(value)


def _fraction(value: object) -> Fraction:
    return Fraction(str(value))
