"""Writes the types that hold nothing but limits into the annotations that name them.

The generator of the models makes a class of each limited member of a union, which no program should meet.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

__all__ = ["inlined"]

_Edit = tuple[int, int, bytes]
"""The bytes from one offset to another, and what comes in their place."""


def inlined(source: str, prefix: str) -> str:
    """Answer the module with the types of its classes `prefix`1, `prefix`2, ... where these were named."""
    body = ast.parse(source).body
    classes = [each for each in body if isinstance(each, ast.ClassDef)]
    limited = {each.name: each for each in classes if each.name.removeprefix(prefix).isdecimal()}
    if not limited:
        return source
    text = _Text(source)
    types = {name: _root(each) for name, each in limited.items()}
    edits = [(text.start(each), text.end(each), b"") for each in limited.values()]
    for each in classes:
        if each.name not in limited:
            edits += text.named(each, types)
    return text.edited(0, edits).decode()


def _root(each: ast.ClassDef) -> ast.expr:
    return next(one.annotation for one in each.body if isinstance(one, ast.AnnAssign))


class _Text:
    """The source, by the places of nodes in it."""

    def __init__(self, source: str) -> None:
        self._bytes = source.encode()
        self._lines = [0]
        for line in self._bytes.splitlines(keepends=True):
            self._lines.append(self._lines[-1] + len(line))

    def start(self, node: ast.expr | ast.stmt) -> int:
        """Answer the offset of a node's first byte."""
        return self._lines[node.lineno - 1] + node.col_offset

    def end(self, node: ast.expr | ast.stmt) -> int:
        """Answer the offset after a node's last byte."""
        return self._lines[(node.end_lineno or node.lineno) - 1] + (node.end_col_offset or 0)

    def named(self, node: ast.AST, types: Mapping[str, ast.expr]) -> Iterator[_Edit]:
        """Yield the edits that put the types where they are named within a node."""
        for each in ast.walk(node):
            if isinstance(each, ast.Name) and each.id in types:
                yield self.start(each), self.end(each), self._filled(types[each.id], types)

    def edited(self, offset: int, edits: list[_Edit], end: int | None = None) -> bytes:
        """Answer the bytes from an offset with the edits made."""
        made = b""
        for start, stop, new in sorted(edits):
            made += self._bytes[offset:start] + new
            offset = stop
        return made + self._bytes[offset:end]

    def _filled(self, node: ast.expr, types: Mapping[str, ast.expr]) -> bytes:
        return self.edited(self.start(node), list(self.named(node, types)), self.end(node))
