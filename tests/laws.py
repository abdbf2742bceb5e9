"""How property tests draw their examples: the same ones in every run, and many others in a soak."""

import os
from collections.abc import Callable
from typing import Any, TypeVar

from hypothesis import seed, settings

__all__ = ["law"]

SOAK_FACTOR = 10

T = TypeVar("T", bound=Callable[..., Any])


def law(examples: int = 100, **more: Any) -> Callable[[T], T]:
    """Return a decorator for a test under `@given`: how many examples it draws, and what `settings` takes.

    Where a soak has set SOAK_SEED, ten times as many are drawn by that seed.
    """
    soak = os.environ.get("SOAK_SEED")
    if soak is None:
        return settings(max_examples=examples, deadline=None, derandomize=True, **more)
    at_length = settings(max_examples=SOAK_FACTOR * examples, deadline=None, database=None, **more)
    return lambda test: seed(int(soak))(at_length(test))
