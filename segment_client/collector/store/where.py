"""A search as a condition of SQL; every value is bound, none is text of the query."""

from __future__ import annotations

import re

from pydantic_core import to_json

from segment_client.collector.search.terms import Condition, Field, Mark, Search, Term, Text, Time

__all__ = ["where"]

_Part = tuple[str, list[object]]

_MARKS = {"error": "NOT accepted", "warning": "accepted AND issues IS NOT NULL", "repeat": "repeats > 0"}
_SIDES = {"after": "received >= ?", "before": "received < ?"}
_FEW = (Mark("error"), Mark("warning"))
_COMMON = re.compile(r"\b(type|event) =")
_ESCAPES = str.maketrans({"\\": "\\\\", "%": "\\%", "_": "\\_"})


def where(search: Search, accepted: bool | None = None) -> _Part:
    """Return a condition on the table `calls`, "1" for an empty search, and the values of its `?`.

    With `accepted` only the good calls (True) or the rejected ones (False) fulfil it.
    """
    parts = [_term(term) for term in search.terms]
    if accepted is not None:
        parts.append(("accepted" if accepted else "NOT accepted", []))
    condition = " AND ".join(part for part, _ in parts) or "1"
    few = any(term.condition in _FEW and not term.denied for term in search.terms)
    if few or accepted is False:  # those few are looked through by their own index, not by that of a name
        condition = _COMMON.sub(r"+\1 =", condition)
    return condition, [value for _, values in parts for value in values]


def _term(term: Term) -> _Part:
    part, values = _condition(term.condition)
    return (f"NOT coalesce({part}, 0)" if term.denied else part), values


def _condition(condition: Condition) -> _Part:
    match condition:
        case Text(text):
            return _text(text)
        case Field("user", value, pattern):
            user, values = _equal("user_id", value, pattern)
            anonymous, more = _equal("anonymous_id", value, pattern)
            return f"({user} OR {anonymous})", values + more
        case Field(name, value, pattern):
            return _equal(name, value, pattern)
        case Mark(name):
            return f"({_MARKS[name]})", []
        case Time(side, value):
            return _SIDES[side], [value]


def _equal(column: str, value: str, pattern: bool) -> _Part:
    if not pattern:
        own = " AND test_id <> ''" if column == "test_id" and value else ""  # what its index holds
        return f"{column} = ?{own}", [value]
    return f"{column} LIKE ? ESCAPE '\\'", [value.translate(_ESCAPES).replace("*", "%")]


def _text(text: str) -> _Part:
    """Look for text in any case: SQLite's LIKE folds ASCII alone, so other text is tried in three forms."""
    forms = [text] if text.isascii() else sorted({text, text.lower(), text.upper(), text.title()})
    parts: list[str] = []
    values: list[object] = []
    for form in forms:
        plain = f"%{form.translate(_ESCAPES)}%"
        in_json = f"%{to_json(form).decode()[1:-1].translate(_ESCAPES)}%"
        parts.append("event LIKE ? ESCAPE '\\' OR message_id LIKE ? ESCAPE '\\'")
        parts.append("raw LIKE ? ESCAPE '\\' OR issues LIKE ? ESCAPE '\\'")
        values += [plain, plain, in_json, in_json]
    return f"({' OR '.join(parts)})", values
