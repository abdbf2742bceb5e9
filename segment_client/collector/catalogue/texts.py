"""Values that came as text, as what they may stand for: a SemanticEvent's properties are all text."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime

__all__ = ["meant"]

_WHOLE = re.compile(r"-?[0-9]{1,300}")
_NUMBER = re.compile(r"-?[0-9]{1,300}(\.[0-9]{1,300})?([eE][+-]?[0-9]{1,3})?")
_BOOLEANS = {"true": True, "True": True, "false": False, "False": False}


def meant(text: str, kind: str) -> object:
    """Return what a text stands for where an error of this kind refuses it as it is; itself for nothing else.

    Numbers, booleans in the spellings of JSON and of Python, JSON's lists and objects, dates and times in the
    forms of ISO 8601 (UTC unless they say otherwise, as RFC 3339).
    """
    if kind == "date_format":
        return _date(text)
    if kind == "date-time_format":
        return _time(text)
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    if _WHOLE.fullmatch(text):
        return int(text)
    if _NUMBER.fullmatch(text):
        return float(text)
    if text.startswith(("[", "{")):
        try:
            return json.loads(text)
        except (ValueError, RecursionError):  # then it is text that begins so
            return text
    return text


def _date(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return text


def _time(text: str) -> str:
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return text
    return (time if time.tzinfo else time.replace(tzinfo=UTC)).isoformat()
