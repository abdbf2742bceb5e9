"""A request's parameters, read: what is looked for, how many, and from where on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Literal

from segment_client.collector.problem import Problem
from segment_client.collector.search.grammar import parse_search
from segment_client.collector.search.terms import FIELDS, Field, Search, Term, Time
from segment_client.collector.search.times import parse_time

__all__ = ["SEARCH_PARAMETERS", "check_names", "read_number", "read_search"]

_SIDES: tuple[Literal["after", "before"], ...] = ("after", "before")

SEARCH_PARAMETERS = ("q", *FIELDS, *_SIDES)
"""The parameters of a search: `q` in the grammar, the others one term each, their text taken exactly."""

_DIGITS = 18


def check_names(query: Mapping[str, str], known: Iterable[str]) -> None:
    """Raise Problem 400 for a parameter that is not among the known ones."""
    names = list(known)
    for name in query:
        if name not in names:
            hint = f"pass {', '.join(names)}" if names else "pass none"
            raise Problem(400, "bad_query", f"There is no parameter {name!r}: {hint}.")


def read_search(query: Mapping[str, str], now: datetime) -> Search:
    """Return what the parameters look for; raises Problem 400."""
    terms = [*parse_search(query.get("q", ""), now).terms]
    terms += [Term(Field(name, query[name])) for name in FIELDS if name in query]
    terms += [Term(Time(side, parse_time(query[side], side))) for side in _SIDES if side in query]
    return Search(tuple(terms))


def read_number(query: Mapping[str, str], name: str, default: int, least: int = 0, most: int = 2**62) -> int:
    """Return a whole number; raises Problem 400 for anything else and for one out of range."""
    text = query.get(name, str(default))
    if not (text.isascii() and text.isdigit() and len(text) <= _DIGITS):
        raise Problem(400, "bad_query", f"{name} is {text[:40]!r}: pass a whole number.")
    if not least <= int(text) <= most:
        raise Problem(400, "bad_query", f"{name} is {text}: pass {least} to {most}.")
    return int(text)
