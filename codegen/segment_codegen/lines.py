"""Finds the lines of a JSON file where its values are."""

from __future__ import annotations

import json
import re

from .errors import pointer

__all__ = ["lines_of"]

_WORD = re.compile(r'\n|"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+', re.DOTALL)


def lines_of(text: str) -> dict[str, int]:
    """Answer the line, from 1, on which the value at each JSON pointer begins, or the key before it.

    `text` is the text of valid JSON.
    """
    lines: dict[str, int] = {}
    steps: list[str | int] = []  # at each level the key or number of the value that is next
    is_key: list[bool] = []
    line = key_line = 1
    for match in _WORD.finditer(text):
        word = match[0]
        if word == "\n":
            line += 1
        elif word in "]}":
            steps.pop()
            is_key.pop()
        elif word == ",":
            last = steps[-1]
            is_key[-1] = isinstance(last, str)
            steps[-1] = last if isinstance(last, str) else last + 1
        elif word == ":":
            is_key[-1] = False
        elif is_key and is_key[-1]:
            steps[-1], key_line = json.loads(word), line
        else:
            is_member = bool(steps) and isinstance(steps[-1], str)
            lines[pointer(*steps)] = key_line if is_member else line
            if word in "[{":
                steps.append(0 if word == "[" else "")
                is_key.append(word == "{")
    return lines
