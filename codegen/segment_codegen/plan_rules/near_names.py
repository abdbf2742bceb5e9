"""No two names differ by so little that one of them is probably a slip."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from .model import PlanRule, Remark, Subjects, remark

__all__ = ["NEAR_DUPLICATE_EVENT", "NEAR_DUPLICATE_PROPERTY"]

_SHORTEST = 8
"""Letters from which on names that differ in one are taken for a slip: `country` and `county` are none."""
_ENDINGS = ("ing", "ed", "es", "d", "e", "s")


def _events(subjects: Subjects) -> Iterator[Remark]:
    hint = "if they are one event keep one name, else tell them apart by a word"
    for kind in sorted({each.rule.type for each in subjects.events}):
        rules = {each.rule.name: each.rule for each in subjects.events if each.rule.type == kind}
        for name, other in _near(rules, is_inflected=True).items():
            rule = rules[name]
            message = f"the {kind} events {name!r} and {other!r} have nearly the same name"
            yield remark(NEAR_DUPLICATE_EVENT.name, rule.schema, rule.identity, message, hint)


def _properties(subjects: Subjects) -> Iterator[Remark]:
    hint = "if they hold the same keep one name, so that there is one column for both"
    counts: defaultdict[str, int] = defaultdict(int)
    for event in subjects.events:
        for one in event.properties:
            counts[one.name] += 1
    near = _near(counts, is_inflected=False)
    for event in subjects.events:
        for one in event.properties:
            if one.name in near:
                message = f"the properties {one.name!r} and {near[one.name]!r} have nearly the same name"
                yield remark(
                    NEAR_DUPLICATE_PROPERTY.name,
                    one.described,
                    event.rule.identity,
                    message,
                    hint,
                    path=one.shown,
                )


def _near(names: Iterable[str] | Mapping[str, int], *, is_inflected: bool) -> dict[str, str]:
    """Answer for each name that is near another the one to keep: that which is used more, or sorts first."""
    uses = names if isinstance(names, Mapping) else {}
    order = sorted(names, key=lambda name: (-_count(uses, name), name))
    holders: dict[str, str] = {}
    near: dict[str, str] = {}
    for name in order:
        keys = _keys(name, is_inflected=is_inflected)
        kept = next(
            (holders[key] for key in keys if key in holders and _is_near(name, holders[key], key)), None
        )
        if kept is not None:
            near[name] = kept
        for key in keys:
            holders.setdefault(key, name)
    return near


def _count(uses: Mapping[str, object], name: str) -> int:
    count = uses.get(name, 0)
    return count if isinstance(count, int) else 0


def _keys(name: str, *, is_inflected: bool) -> list[str]:
    """Answer texts of which two names that are near have one in common."""
    letters = _letters(name)
    if not letters:
        return []
    keys = [letters]
    if is_inflected:
        keys.append(f"stem {' '.join(map(_stem, _words(name)))}")
    if len(letters) >= _SHORTEST:
        keys += (f"slip {letters[:end]}{letters[end + 1 :]}" for end in range(1, len(letters)))
        keys.append(f"slip {letters}")
    return keys


def _is_near(name: str, other: str, key: str) -> bool:
    if not key.startswith("slip "):
        return True
    one, two = _letters(name), _letters(other)
    if min(len(one), len(two)) < _SHORTEST or _digits(one) != _digits(two):
        return False
    return f"{one}s" != two and f"{two}s" != one and _is_one_step(one, two)


def _is_one_step(one: str, two: str) -> bool:
    """Tell whether one letter is more, less or another, or two neighbours have changed places."""
    start = next(
        (at for at, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), min(len(one), len(two))
    )
    rest, other = one[start:], two[start:]
    return (
        rest[1:] == other[1:]
        or rest[1:] == other
        or rest == other[1:]
        or (rest[2:] == other[2:] and rest[:2] == other[1::-1])
    )


def _letters(name: str) -> str:
    normal = unicodedata.normalize("NFKC", name).casefold()
    return "".join(filter(str.isalnum, normal))


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))


def _words(name: str) -> list[str]:
    spaced = "".join(
        f" {char}" if char.isupper() and not before.isupper() else char if char.isalnum() else " "
        for before, char in zip(f" {name}", name, strict=False)
    )
    return spaced.casefold().split()


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) > 3:
            return word.removesuffix(ending)
    return word


NEAR_DUPLICATE_EVENT = PlanRule("near-duplicate-event", "no two events have nearly the same name", _events)
NEAR_DUPLICATE_PROPERTY = PlanRule(
    "near-duplicate-property", "no two properties have nearly the same name", _properties
)
