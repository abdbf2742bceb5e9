"""Text of a plan as documents for people hold it: nothing in it is read as anything but text."""

from __future__ import annotations

import re

__all__ = ["Markdown", "Prose"]

_MARKUP = re.compile(r"[\\`*_{}\[\]<>|~&$#@]|:(?=\S)|(?<=www)\.", re.IGNORECASE)
"""What is markup anywhere, or becomes a link, a mention or an emoji on some site."""
_LIST = re.compile(r"^(\d*)([-+=.)])")
"""What begins a list, or underlines a heading, at the beginning of a line."""


class Prose(str):
    """Text of any kind, its lines kept; what does not show, or turns the direction of text, is escaped."""

    __slots__ = ()

    def __new__(cls, text: str) -> Prose:
        """Escape all that is unprintable but line feeds."""
        lines = text.replace("\r\n", "\n").replace("\t", "    ")
        return super().__new__(cls, "".join(char if char == "\n" else _shown(char) for char in lines))


class Markdown(str):
    """Markdown on one line, as this module composed it."""

    __slots__ = ()

    @classmethod
    def of(cls, text: str) -> Markdown:
        """Answer what shows as the text on one line, and is never markup."""
        escaped = _MARKUP.sub(r"\\\g<0>", _line(text))
        return cls(_LIST.sub(r"\1\\\2", escaped))

    @classmethod
    def code(cls, text: str) -> Markdown:
        """Answer a code span that shows the text, in a table too."""
        line = _line(text)
        ticks = "`" * (max(map(len, re.findall("`+", line)), default=0) + 1)
        space = " " if line.startswith(("`", " ")) or line.endswith(("`", " ")) else ""
        return cls(f"{ticks}{space}{line or ' '}{space}{ticks}".replace("|", "\\|"))

    @classmethod
    def block(cls, text: str, language: str) -> Markdown:
        """Answer a block of code, with as many backticks around it as it takes."""
        ticks = "`" * max(3, max(map(len, re.findall("`+", text)), default=0) + 1)
        return cls(f"{ticks}{language}\n{Prose(text)}\n{ticks}")


def _line(text: str) -> str:
    return "".join(map(_shown, " ".join(text.split())))


def _shown(char: str) -> str:
    if char.isprintable():
        return char
    return f"\\u{ord(char):04x}" if ord(char) < 0x10000 else f"\\U{ord(char):08x}"
