"""What a step from one version to another says: major, minor, patch, or nothing."""

from __future__ import annotations

import re

from .verdicts import Bump

__all__ = ["bump_between"]

_VERSION = re.compile(r"[vV]?([0-9]+)(?:[.-]([0-9]+))?(?:[.-]([0-9]+))?")
_STEPS: tuple[Bump, ...] = ("major", "minor", "patch")
_IGLU: tuple[Bump, ...] = ("major", "minor", "minor")


def bump_between(old: str, new: str) -> Bump:
    """Answer how far a version went up: `1.0.0`, `1`, or Iglu's `1-0-0`.

    The parts of Iglu's are model, revision and addition, of which none is as small as a patch. A version that
    went down, or is none, went nowhere.
    """
    before, after = _VERSION.fullmatch(old), _VERSION.fullmatch(new)
    if before is None or after is None:
        return "none"
    numbers = [[int(each or 0) for each in match.groups()] for match in (before, after)]
    if numbers[1] <= numbers[0]:
        return "none"
    steps = _IGLU if "-" in new else _STEPS
    return next(step for step, one, other in zip(steps, *numbers, strict=True) if one != other)
