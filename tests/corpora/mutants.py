"""Makes documents that are nearly right: one value of an example is another, missing, or one too many."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

__all__ = ["mutants"]

_OTHERS: tuple[Any, ...] = (
    None,
    True,
    -1,
    0.5,
    10**6,
    "",
    "another text",
    [],
    [None],
    {},
    {"an unlisted key": 1},
)


def mutants(document: Any) -> Iterator[Any]:
    """Yield each document that differs from this one in one place."""
    match document:
        case dict():
            for key, value in document.items():
                yield {name: each for name, each in document.items() if name != key}
                yield from ({**document, key: each} for each in (*_OTHERS, *mutants(value)))
            yield {**document, "an unlisted key": 1}
        case [first, *rest]:
            yield from ([each, *rest] for each in (*_OTHERS, *mutants(first)))
            yield [first, *document]
