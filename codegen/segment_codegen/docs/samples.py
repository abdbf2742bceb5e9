"""Makes up values for examples: as plain as the schema lets them be, and always the same."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import cast

from ..drafts import Words, modern
from ..library import Library
from ..naming import snake
from ..patterns import python_pattern
from ..places import Place

__all__ = ["Sampler"]

_DEEPEST = 8
_MOST_ITEMS = 100
_MOST_CHARS = 10_000
"""An example that would have to be longer has placeholders."""
_UUID = "5f7e3c1a-8d4b-4f0e-9a57-2b6c1d9e8f30"
_FORMATS = {
    "date": "2026-01-31",
    "date-time": "2026-01-31T09:30:00Z",
    "email": "someone@example.com",
    "hostname": "example.com",
    "ipv4": "192.0.2.7",
    "ipv6": "2001:db8::7",
    "time": "09:30:00Z",
    "uri": "https://example.com/",
    "uuid": _UUID,
}
_TRIED = (
    *(
        "a",
        "A",
        "1",
        "EUR",
        "US",
        "en",
        "en-US",
        "1.0.0",
        "1-0-0",
        "12:30",
        "red",
        "abc",
        "ABC",
        "abc-1",
        "a_b",
    ),
    *("#0af", "#00aaff", "+15555550100", "12345", "0", "0.5", "a1", "A1", "ab", "AB", "AB-123", "deadbeef"),
    *_FORMATS.values(),
)
"""Texts that patterns often want."""
_NUMBERED = frozenset({"id", "key", "sku", "code", "number", "gid"})


class Sampler:
    """Makes the values of one example; `branch` is which of the alternatives it takes where there are some.

    It takes what is required or, if `is_full`, everything.
    """

    def __init__(self, library: Library, branch: int = 0, *, is_full: bool = False) -> None:
        self._library = library
        self._branch = branch
        self._is_full = is_full

    def event(self, place: Place, wanted: Sequence[str] = ()) -> dict[str, object]:
        """Answer the properties of an event, those that are `wanted` though not required among them."""
        made = self._object(place, 0, wanted)
        return made if isinstance(made, dict) else {}

    def _value(self, place: Place, name: str, depth: int) -> object:
        if not isinstance(place.node, dict):
            return name or "any"
        words = modern(place)
        for given in ("const", "enum", "examples", "default"):
            if given in words:
                value = words[given].value
                listed = value if given in ("enum", "examples") and isinstance(value, list) else [value]
                if listed:
                    return next((each for each in listed if each is not None), None)
        if "$ref" in words and depth < _DEEPEST:
            return self._value(self._library.target(place, str(words["$ref"].value)), name, depth + 1)
        kind = _kind(words)
        if kind == "object":
            return self._object(place, depth)
        branches = [*self._branches(place, words)]
        if branches:
            return self._value(branches[0], name, depth + 1)
        return self._plain(place, words, kind or "string", name, depth)

    def _plain(self, place: Place, words: Words, kind: str, name: str, depth: int) -> object:
        match kind:
            case "null":
                return None
            case "boolean":
                return True
            case "integer" | "number":
                return _number(_values(words), kind == "integer")
            case "array":
                return self._array(place, words, name, depth)
        return _text(_values(words), name)

    def _array(self, place: Place, words: Words, name: str, depth: int) -> object:
        if depth >= _DEEPEST:
            return []
        first: list[object] = []
        if "prefixItems" in words:
            count = len(cast(list[object], words["prefixItems"].value))
            first = [
                self._value(place.child(*words["prefixItems"].steps, number), name, depth + 1)
                for number in range(count)
            ]
        least = words["minItems"].value if "minItems" in words else 1
        items = place.child(*words["items"].steps) if "items" in words else None
        single = name.removesuffix("s")
        rest = max(int(cast(float, least)), 0 if first else 1) - len(first)
        each = single if items is None else self._value(items, single, depth + 1)
        return [*first, *[each] * min(rest, _MOST_ITEMS)]

    def _object(self, place: Place, depth: int, wanted: Sequence[str] = ()) -> dict[str, object]:
        made: dict[str, object] = {}
        required: dict[str, None] = dict.fromkeys(wanted)
        listed: dict[str, Place] = {}
        if depth >= _DEEPEST:
            return made
        for part in self._parts(place, depth):
            words = modern(part)
            if "properties" in words:
                steps = words["properties"].steps
                for name in cast(Mapping[str, object], words["properties"].value):
                    child = part.child(*steps, name)
                    if name not in listed or _says_more(child, listed[name]):
                        listed[name] = child
            if "required" in words:
                required |= dict.fromkeys(map(str, cast(list[object], words["required"].value)))
        for name in listed if self._is_full else ():
            required.setdefault(name)
        for name in [
            *(each for each in listed if each in required),
            *(each for each in required if each not in listed),
        ]:
            made[name] = self._value(listed[name], name, depth + 1) if name in listed else name
        return made

    def _parts(self, place: Place, depth: int) -> Iterator[Place]:
        """Yield the schemas that hold for the object together, of alternatives one."""
        if not isinstance(place.node, dict) or depth >= _DEEPEST:
            return
        words = modern(place)
        yield place
        if "$ref" in words:
            yield from self._parts(self._library.target(place, str(words["$ref"].value)), depth + 1)
        for number in range(len(cast(list[object], words["allOf"].value)) if "allOf" in words else 0):
            yield from self._parts(place.child(*words["allOf"].steps, number), depth + 1)
        for branch in self._branches(place, words):
            yield from self._parts(branch, depth + 1)
        if "if" in words:
            taken = ("if", "then") if self._branch % 2 == 0 else ("else",)
            for word in taken:
                if word in words:
                    yield from self._parts(place.child(*words[word].steps), depth + 1)

    def _branches(self, place: Place, words: Words) -> Iterator[Place]:
        for word in ("oneOf", "anyOf"):
            if word in words:
                count = len(cast(list[object], words[word].value))
                yield place.child(*words[word].steps, self._branch % count)


def _kind(words: Words) -> str | None:
    """Answer the type of the value to make; None where alternatives or nothing say it."""
    types = words["type"].value if "type" in words else None
    if isinstance(types, list):
        return next((str(each) for each in types if each != "null"), "null")
    if types is not None:
        return str(types)
    signs: Iterable[tuple[str, tuple[str, ...]]] = (
        ("object", ("properties", "required", "additionalProperties")),
        ("array", ("items", "prefixItems", "minItems")),
        ("string", ("pattern", "format", "minLength", "maxLength")),
        ("number", ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")),
    )
    return next((kind for kind, own in signs if words.keys() & set(own)), None)


def _says_more(place: Place, other: Place) -> bool:
    """Tell whether a place narrows what another leaves open."""
    return bool(place.keywords.keys() & {"const", "enum"}) and not other.keywords.keys() & {"const"}


def _values(words: Words) -> Mapping[str, object]:
    return {word: each.value for word, each in words.items()}


def _number(words: Mapping[str, object], is_whole: bool) -> int | float:
    def bound(word: str) -> float | None:
        value = words.get(word)
        return value if isinstance(value, int | float) and not isinstance(value, bool) else None

    step = bound("multipleOf") or 1
    above, least = bound("exclusiveMinimum"), bound("minimum")
    below, most = bound("exclusiveMaximum"), bound("maximum")
    low = least if least is not None else above
    high = most if most is not None else below
    value: float = 1
    if low is not None and value <= low:
        value = low if above is None else low + 1
    if high is not None and value >= high:
        value = high if below is None else high - 1
    if "multipleOf" in words or is_whole:
        value = _next(value, step)
    if high is not None and low is not None and not low <= value <= high:
        value = (low + high) // 2 if is_whole else (low + high) / 2
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _next(value: float, step: float) -> float:
    """Answer the multiple of a step that is no less than a value; the value where floats have none."""
    if isinstance(value, int) and isinstance(step, int):
        return -(-value // step) * step
    return math.ceil(value / step) * step if math.isfinite(value / step) else value


def _text(words: Mapping[str, object], name: str) -> str:
    least, most = (words.get(word) for word in ("minLength", "maxLength"))
    pattern = words.get("pattern")
    if isinstance(words.get("format"), str) and words["format"] in _FORMATS:
        return _FORMATS[str(words["format"])]
    plain = _named(name)
    for text in (plain, *_alternatives(pattern), *_TRIED):
        fitted = _fitted(text, least, most)
        if not isinstance(pattern, str) or re.search(python_pattern(pattern), fitted):
            return fitted
    return plain


def _named(name: str) -> str:
    """Answer a text that says what it stands for."""
    words = snake(name).split("_")
    if not words[-1]:
        return "text"
    return f"{'-'.join(words[:-1]) or words[-1]}-1" if words[-1] in _NUMBERED else " ".join(words)


def _alternatives(pattern: object) -> Iterator[str]:
    """Yield the texts of a pattern that only lists some."""
    if isinstance(pattern, str):
        for each in pattern.strip("^$").removeprefix("(").removesuffix(")").split("|"):
            yield re.sub(r"\\(\W)", r"\1", each)


def _fitted(text: str, least: object, most: object) -> str:
    if isinstance(least, int) and len(text) < least <= _MOST_CHARS:
        text = text * (least // len(text) + 1)
        return text[:least]
    return text[:most] if isinstance(most, int) else text
