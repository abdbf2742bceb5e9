r"""Regular expressions: from ECMA-262, which JSON Schema writes them in, to Python's `re` with `re.ASCII`.

The dialects differ: `$` and `.` and line ends, `\s` and spaces beyond ASCII, `\/` and `\cX`, the names of
groups, a group that took no part, and brackets in brackets.
"""

from __future__ import annotations

import re

__all__ = ["is_portable", "python_pattern"]

_LITERAL = r"[\w :;,@/#%&~<>='\"!-]"
_CLASS = r"\[\^?[\w :;,@/#%<>='\".+*!-]+\]"
_PORTABLE = re.compile(rf"\^?({_LITERAL}|{_CLASS}|[()|*+?]|\{{\d+(,\d*)?\}})*\$?", re.ASCII)
_SETS = re.compile(r"\(\?|--|-[^]]-[^]]")
_SPACE = r"\t-\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
_NO_LINE = r"[^\n\r\u2028\u2029]"
_ESCAPE = re.compile(
    r"\\(?:c(?P<control>[A-Za-z])|x(?P<byte>[0-9A-Fa-f]{2})|u\{(?P<point>[0-9A-Fa-f]{1,6})\}"
    r"|u(?P<high>[Dd][89ABab][0-9A-Fa-f]{2})\\u(?P<low>[Dd][C-Fc-f][0-9A-Fa-f]{2})"
    r"|u(?P<unit>[0-9A-Fa-f]{4})|k<(?P<name>\w+)>|(?P<number>[1-9]\d*)|0(?!\d)|(?P<one>.))",
    re.ASCII | re.DOTALL,
)
_GROUP = re.compile(r"\((\?(?::|=|!|<=|<!|<(?P<name>[A-Za-z_]\w*)>))?", re.ASCII)
_REPEAT = re.compile(r"[*+?]|\{\d+(,\d*)?\}")
_KEPT = frozenset("dDwW")
_CONTROLS = frozenset("tnvfr")


def is_portable(pattern: str) -> bool:
    """Tell whether the dialects of ECMA-262, Python and Rust read the pattern the same way.

    It has no escapes and no dot, and anchors only where it begins and ends.
    """
    if not _PORTABLE.fullmatch(pattern) or _SETS.search(pattern):
        return False
    try:
        python_pattern(pattern)
    except ValueError:
        return False
    return True


def python_pattern(pattern: str) -> str:
    """Answer the pattern in Python's notation; raises ValueError, which says why, where it has none."""
    translated = _Translation(pattern).result()
    try:
        re.compile(translated, re.ASCII)
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(f"Python cannot read it: {error}") from None
    return translated


class _Translation:
    """One pass over a pattern."""

    def __init__(self, pattern: str) -> None:
        self._text = pattern
        self._at = 0

    def result(self) -> str:
        parts: list[str] = []
        repeatable = False
        while self._at < len(self._text):
            if repeat := _REPEAT.match(self._text, self._at):
                if not repeatable:
                    raise ValueError(f"there is nothing to repeat before {repeat[0]!r}")
                self._at = repeat.end()
                lazy = self._text.startswith("?", self._at)
                self._at += lazy
                parts.append(repeat[0] + "?" * lazy)
                repeatable = False
                continue
            char = self._text[self._at]
            parts.append(self._one(char))
            repeatable = char not in "(|^$"
        return "".join(parts)

    def _one(self, char: str) -> str:
        match char:
            case "(":
                return self._group()
            case "[":
                return self._class()
            case "\\":
                return self._escape()
        self._at += 1
        return {"$": r"\Z", "^": r"\A", ".": _NO_LINE, ")": ")", "|": "|"}.get(char) or re.escape(char)

    def _group(self) -> str:
        found = _GROUP.match(self._text, self._at)
        if not found or (self._text.startswith("(?", self._at) and not found[1]):
            raise ValueError("a group begins with (?, and with nothing that ECMA-262 knows")
        self._at = found.end()
        return f"(?P<{found['name']}>" if found["name"] else found[0]

    def _escape(self) -> str:
        found = self._escaped()
        if found["name"] or found["number"]:  # a group that took no part is empty text
            group = found["name"] or found["number"]
            return f"(?({group})(?P={group}))" if found["name"] else f"(?({group})\\{group})"
        match found["one"]:
            case "b" | "B" | "d" | "D" | "w" | "W":
                return found[0]
            case "s":
                return f"[{_SPACE}]"
            case "S":
                return f"[^{_SPACE}]"
        return re.escape(_char(found))

    def _escaped(self) -> re.Match[str]:
        found = _ESCAPE.match(self._text, self._at)
        if not found:
            raise ValueError("it ends in a backslash")
        self._at = found.end()
        return found

    def _class(self) -> str:
        """Translate `[...]`; what is no space (`\\S`) cannot stand in a class of Python, only beside one."""
        self._at += 1
        is_negative = self._text.startswith("^", self._at)
        self._at += is_negative
        parts: list[str] = []
        has_no_space = begins_range = False
        while not self._text.startswith("]", self._at):
            if self._at >= len(self._text):
                raise ValueError("a bracket is not closed")
            is_dash = self._text[self._at] == "-"
            if begins_range and is_dash and not self._text.startswith("]", self._at + 1):
                self._at += 1
                parts.append("-")
                begins_range = False
                continue
            part = self._member()
            has_no_space |= part == "\\S"
            begins_range = parts[-1:] != ["-"]
            parts.append("" if part == "\\S" else part)
        self._at += 1
        inner = "".join(parts)
        if has_no_space:
            rest = f"[{inner}]" if inner else "(?!)"
            return f"(?:(?!{rest})[{_SPACE}])" if is_negative else f"(?:[^{_SPACE}]|{rest})"
        if not inner:
            return r"[\d\D]" if is_negative else "(?!)"
        return f"[{'^' * is_negative}{inner}]"

    def _member(self) -> str:
        char = self._text[self._at]
        if char != "\\":
            self._at += 1
            return re.escape(char)
        found = self._escaped()
        if found["number"] or found["name"]:
            raise ValueError("a group is named within brackets")
        match found["one"]:
            case "d" | "D" | "w" | "W" | "S" | "b":
                return found[0]
            case "s":
                return _SPACE
            case "-":
                return r"\-"
        return re.escape(_char(found))


def _char(found: re.Match[str]) -> str:
    """Answer the character that an escape stands for; raises ValueError for one of another meaning."""
    if found["control"]:
        return chr(ord(found["control"]) % 32)
    if found["high"]:
        units = bytes.fromhex(found["high"] + found["low"])
        return units.decode("utf-16-be")
    code = found["byte"] or found["point"] or found["unit"]
    if code:
        return chr(int(code, 16))
    one = found["one"]
    if one is None:
        return "\0"
    if one in _CONTROLS:
        return {"t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r"}[one]
    if one.isalnum():
        raise ValueError(f"\\{one} means something that Python does not know")
    return str(one)
