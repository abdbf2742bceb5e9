"""Compares what should be on disk with what is there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import unified_diff

__all__ = ["drift"]


def drift(expected: Mapping[str, str], found: Mapping[str, str], folder: str) -> str:
    """Answer the unified diff from what was found to what is expected; empty where they are the same."""
    names = sorted({*expected, *found})
    return "".join(
        line for name in names for line in _diff(f"{folder}/{name}", found.get(name), expected.get(name))
    )


def _diff(path: str, old: str | None, new: str | None) -> Iterator[str]:
    if old == new:
        return
    before = "/dev/null" if old is None else path
    after = "/dev/null" if new is None else f"{path} (generated)"
    lines = list(unified_diff(_lines(old), _lines(new), before, after))
    yield from lines or [f"--- {before}\n", f"+++ {after}\n"]


def _lines(text: str | None) -> list[str]:
    """Split at line feeds only, so that other line ends show as a difference."""
    lines = (text or "").split("\n")
    return [f"{line}\n" for line in (lines if lines[-1] else lines[:-1])]
