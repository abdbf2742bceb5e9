"""The text of a search, read into its terms.

    checkout "gift card" type:track event:"Order Completed" user:ada has:error last:15m -event:Test*

Words and phrases are looked for anywhere in a call. `field:value` is exact, but for `*`, which is any text.
`has:` takes error, warning or repeat; `after:` and `before:` take a date or a time, `last:` a span such as
90s, 15m, 2h or 7d. A `-` before a term denies it. All terms must hold. Inside quotes, `\\"` is a quote and
`\\\\` a backslash, and `*` is an asterisk.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import get_args

from segment_client.collector.problem import Problem
from segment_client.collector.search.terms import (
    MARKS,
    Condition,
    Field,
    FieldName,
    Mark,
    Search,
    Term,
    Text,
    Time,
)
from segment_client.collector.search.times import microseconds, parse_time

__all__ = ["MAX_SEARCH", "parse_search"]

MAX_SEARCH = 1000
"""The longest search, in characters."""

_FIELDS: dict[str, FieldName] = {
    **{name: name for name in get_args(FieldName)},
    "user": "user", "anonymous": "anonymous_id", "id": "message_id", "test": "test_id",
}  # fmt: skip
_SHOWN = ("type", "event", "user", "id", "test", "has", "after", "before", "last")
_TERM = re.compile(
    r'(?P<denied>-?)(?:(?P<name>[A-Za-z_]+):)?(?P<value>"(?:[^"\\]|\\.)*"(?=\s|$)|[^\s"]\S*|(?<=:)(?=\s|$))'
)
_SPAN = re.compile(r"(\d{1,6})([smhd])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


def parse_search(text: str, now: datetime) -> Search:
    """Return what a text looks for; `now` (aware) is what `last:` counts from.

    Raises Problem 400, which says what to write instead.
    """
    if len(text) > MAX_SEARCH:
        raise _wrong(f"The search has {len(text)} characters: write {MAX_SEARCH} at most")
    return Search(tuple(_terms(text, now)))


def _terms(text: str, now: datetime) -> Iterator[Term]:
    place = 0
    while rest := text[place:].lstrip():
        place = len(text) - len(rest)
        found = _TERM.match(text, place)
        if found is None:
            raise _wrong(f"A quote is not closed, or something follows it without a space: {rest[:40]}")
        place = found.end()
        value = found["value"]
        quoted = value.startswith('"')
        if quoted:
            value = re.sub(r"\\(.)", r"\1", value[1:-1], flags=re.DOTALL)
        yield Term(_condition(found["name"], value, quoted, now), bool(found["denied"]))


def _condition(name: str | None, value: str, quoted: bool, now: datetime) -> Condition:
    if name is None:
        return Text(value)
    if not value and not quoted:
        raise _wrong(f'{name}: lacks its value: write it right after the colon, with spaces as {name}:"a b"')
    match name.lower():
        case "has":
            return _mark(value)
        case "after" | "before" as side:
            return Time("after" if side == "after" else "before", parse_time(value, f"{name}:"))
        case "last":
            return Time("after", microseconds(now) - _span(value))
        case field if field in _FIELDS:
            return Field(_FIELDS[field], value, pattern="*" in value and not quoted)
    raise _wrong(
        f"There is no field {name!r}: write one of {', '.join(_SHOWN)}, "
        f'or quote text that holds a colon, as in "{name}:{value[:40]}"'
    )


def _mark(value: str) -> Mark:
    for name in MARKS:
        if value == name:
            return Mark(name)
    raise _wrong(f"has:{value[:40]} is unknown: write has:error, has:warning or has:repeat")


def _span(value: str) -> int:
    found = _SPAN.fullmatch(value)
    if found is None:
        raise _wrong(f"last:{value[:40]} is no span: write a number and s, m, h or d, as in last:15m")
    return int(found[1]) * _SECONDS[found[2]] * 1_000_000


def _wrong(message: str) -> Problem:
    return Problem(400, "bad_query", f"{message}.")
