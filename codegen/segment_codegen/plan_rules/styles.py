"""Tells how names are written: `Order Completed`, `order_completed`, `orderCompleted`, ..."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping

__all__ = ["EVENT_STYLES", "PROPERTY_STYLES", "common_style", "fits", "untidy"]

_TITLE, _SENTENCE, _WORDS, _SNAKE, _CAMEL, _PASCAL, _KEBAB = (
    "Title Case",
    "Sentence case",
    "lower case",
    "snake_case",
    "camelCase",
    "PascalCase",
    "kebab-case",
)
EVENT_STYLES = (_TITLE, _SNAKE, _PASCAL, _CAMEL, _SENTENCE, _WORDS, _KEBAB)
PROPERTY_STYLES = (_SNAKE, _CAMEL, _PASCAL, _TITLE, _SENTENCE, _WORDS, _KEBAB)
"""The styles; of two that fit as many names, the earlier is taken."""

_LOW = "[a-z0-9]+"
_CAPITAL = "[A-Z0-9][A-Za-z0-9]*"
_SMALL = "a|an|and|as|at|by|for|from|in|of|on|or|the|to|via|with"
_STYLES: Mapping[str, re.Pattern[str]] = {
    _TITLE: re.compile(f"(?![A-Za-z0-9]*[a-z][A-Z][A-Za-z0-9]*$){_CAPITAL}( {_CAPITAL}| ({_SMALL}))*"),
    _SENTENCE: re.compile(f"[A-Z0-9][a-z0-9]*( {_LOW})*"),
    _WORDS: re.compile(f"{_LOW}( {_LOW})*"),
    _SNAKE: re.compile(f"{_LOW}(_{_LOW})*"),
    _CAMEL: re.compile("[a-z0-9][A-Za-z0-9]*"),
    _PASCAL: re.compile("[A-Z0-9][A-Za-z0-9]*"),
    _KEBAB: re.compile(f"{_LOW}(-{_LOW})*"),
}


def fits(name: str, style: str) -> bool:
    """Tell whether a name is written in the style; a word alone is written in several."""
    return _STYLES[style].fullmatch("".join(map(_ascii, name))) is not None


def common_style(names: Collection[str], styles: Iterable[str]) -> tuple[str, int]:
    """Answer the style that fits most of the names, and how many it fits."""
    counts = {style: sum(fits(name, style) for name in names) for style in styles}
    best = max(counts, key=lambda style: counts[style])
    return best, counts[best]


def untidy(name: str) -> str:
    """Say what nobody sees in a name but a program does; empty where there is nothing such."""
    if name != name.strip():
        return "begins or ends with a space"
    if "  " in name:
        return "holds two spaces in a row"
    if not name.isprintable():
        return "holds characters that cannot be seen"
    return ""


def _ascii(char: str) -> str:
    """Answer a letter of the Latin alphabet for one of another, large for large."""
    return char if char.isascii() or not char.isalnum() else "A" if char.isupper() else "a"
