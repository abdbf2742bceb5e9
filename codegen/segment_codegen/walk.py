"""Visits every schema object of a schema file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast

__all__ = ["Site", "walk"]


@dataclass(frozen=True)
class Site:
    """A place where a schema stands: the steps to it, and what stands there (an object, or true or false)."""

    steps: tuple[str, ...]
    node: object

    @property
    def is_root(self) -> bool:
        """Whether this is the file's root."""
        return not self.steps


def walk(root: Mapping[str, object]) -> Iterator[Site]:
    """Yield each schema of a file that the meta-schema accepts, parents first, in the file's order."""
    yield from _visit((), root)


def _visit(steps: tuple[str, ...], node: object) -> Iterator[Site]:
    yield Site(steps, node)
    if not isinstance(node, dict):
        return
    for keyword, value in node.items():
        if keyword in {"properties", "$defs"}:
            for name, each in cast(dict[str, object], value).items():
                yield from _visit((*steps, keyword, name), each)
        elif keyword == "items" or (keyword == "additionalProperties" and isinstance(value, dict)):
            yield from _visit((*steps, keyword), value)
