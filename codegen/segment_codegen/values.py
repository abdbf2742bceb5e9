"""Gives one schema node its type. What the type cannot hold is a problem, reported where the plan has it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import cast

from .drafts import ANNOTATIONS, Keyword, modern
from .errors import Diagnostic
from .ir import Choice, Kind, ListOf, MapOf, Nullable, Reference, Scalar, Type, Union
from .naming import ClassName, class_name
from .patterns import is_portable
from .places import Place

__all__ = ["ValueReader", "types_of"]

_Words = Mapping[str, Keyword]

_VENDOR = frozenset({"key", "labels", "eventMetadata", "self"})
"""Words of the plan formats, which say nothing about validity."""

_LIMITS = {
    "string": ("minLength", "maxLength", "pattern"),
    "integer": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
    "number": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
    "array": ("minItems", "maxItems"),
}
_OF_TYPE = frozenset(
    {"format", "items", "properties", "required", "additionalProperties"}.union(*_LIMITS.values())
)
_CHOICES = frozenset({"enum", "const", "oneOf"})
_KNOWN = _OF_TYPE | _CHOICES | {"type", "$ref"}
_ORDER = ("boolean", "integer", "number", "string", "array", "object")
_FORMATS: Mapping[object, Kind] = {
    "uuid": "uuid",
    "date-time": "date-time",
    "date": "date",
    "ipv4": "ipv4",
    "ipv6": "ipv6",
}


def types_of(words: _Words) -> frozenset[str]:
    """Answer the types that a node names, one or a list of them; none where it names none."""
    given = words["type"].value if "type" in words else []
    return frozenset(cast(list[str], given) if isinstance(given, list) else [str(given)])


class ValueReader:
    """Reads types; `refer` answers the reference to an object that a place describes, given its name."""

    def __init__(
        self, owner: ClassName, refer: Callable[[Place, ClassName], Reference], problems: list[Diagnostic]
    ) -> None:
        self._owner = owner
        self._refer = refer
        self._problems = problems
        self._open: set[object] = set()

    def type(self, place: Place, name: ClassName) -> Type:
        """Answer the type of a place; an object that is described there is called `name`."""
        if place.node is True:
            return Scalar("json")
        if not isinstance(place.node, dict):
            self._problem(
                place, "no-schema", f"{place.node!r} stands where a schema should", 'say its "type"'
            )
            return Scalar("json")
        words = {word: each for word, each in modern(place).items() if not _is_note(word)}
        if "$ref" in words:
            return self._target(place, words)
        self.refuse(place, words, _KNOWN)
        types = types_of(words)
        if words.keys() & _CHOICES:
            return self._choice(place, words, types)
        if not types:
            for word in sorted(words.keys() & _OF_TYPE):
                message = f"{word!r} limits one type, and the schema allows all"
                self._problem(place, "no-type", message, 'say which by "type"', word)
            return Scalar("json")
        return self._union(place, words, types, name)

    def refuse(self, place: Place, words: _Words, known: frozenset[str]) -> None:
        """Report each keyword that is neither a note nor among the known ones."""
        for word in sorted(words.keys() - known):
            if not _is_note(word):
                hint = "leave it out, or if it is a note of your own, begin its name with x-"
                self._problem(
                    place, "unsupported-keyword", f"{word!r} is not supported", hint, *words[word].steps
                )

    def _problem(self, place: Place, rule: str, message: str, hint: str, *steps: str | int) -> None:
        self._problems.append(place.problem(rule, message, hint, *steps))

    def _target(self, place: Place, words: _Words) -> Type:
        self.refuse(place, words, frozenset({"$ref"}))
        reference = str(words["$ref"].value)
        try:
            target = place.target(reference)
        except KeyError:
            hint = 'refer to a definition of the same schema: "#/$defs/Name"'
            self._problem(place, "lost-reference", f"{reference!r} leads nowhere", hint, "$ref")
            return Scalar("json")
        if target.key in self._open:
            hint = "end the chain at a type that does not hold itself, or at an object"
            self._problem(place, "endless-reference", f"{reference!r} leads back to itself", hint, "$ref")
            return Scalar("json")
        self._open.add(target.key)
        found = self.type(target, class_name(self._owner, _title(target)))
        self._open.remove(target.key)
        return found

    def _choice(self, place: Place, words: _Words, types: frozenset[str]) -> Type:
        word, *others = sorted(words.keys() & _CHOICES)
        values = _listed(word, words[word].value)
        texts = tuple(each for each in values if isinstance(each, str))
        is_nullable = None in values and (not types or "null" in types)
        has_others = any(each is not None and not isinstance(each, str) for each in values)
        if others or not texts or has_others or (types and "string" not in types):
            self._problem(place, "unsupported-values", "the values are not all text", "list texts", word)
            return Scalar("json")
        for limit in sorted(words.keys() & {"format", *_LIMITS["string"]}):
            self._problem(place, "unsupported-keyword", f"{limit!r} beside {word!r}", "leave it out", limit)
        return Nullable(Choice(texts)) if is_nullable else Choice(texts)

    def _union(self, place: Place, words: _Words, types: frozenset[str], name: ClassName) -> Type:
        kinds = [each for each in _ORDER if each in types and not (each == "integer" and "number" in types)]
        if not kinds or types - {"null", *_ORDER}:
            hint = f"name one or more of {', '.join(_ORDER)}, with null or not"
            self._problem(place, "unsupported-type", "no model can be made of this type", hint, "type")
            return Scalar("json")
        if len(kinds) == len(_ORDER) - 1:
            return Scalar("json" if "null" in types else "value")
        members = tuple(self._one(place, words, each, name) for each in kinds)
        made = members[0] if len(members) == 1 else Union(members)
        return Nullable(made) if "null" in types else made

    def _one(self, place: Place, words: _Words, kind: str, name: ClassName) -> Type:
        limits = {each: words[each].value for each in _LIMITS.get(kind, ()) if each in words}
        match kind:
            case "array":
                return ListOf(self._items(place, words, name), limits)
            case "object":
                return self._object(place, words, name)
            case "string":
                return self._text(place, words, limits)
        if kind == "number" and "multipleOf" in words:
            self._problem(
                place, "unsupported-keyword", "'multipleOf' of a number", "leave it out", "multipleOf"
            )
        return Scalar(cast(Kind, kind), limits)

    def _items(self, place: Place, words: _Words, name: ClassName) -> Type:
        if "items" not in words:
            return Scalar("json")
        return self.type(place.child(*words["items"].steps), class_name(name, "item"))

    def _object(self, place: Place, words: _Words, name: ClassName) -> Type:
        rest = words.get("additionalProperties")
        if words.keys() & {"properties", "required"} or (rest is not None and rest.value is False):
            outer, self._open = self._open, set()  # an object may refer to itself: it has a name
            reference = self._refer(place, name)
            self._open = outer
            return reference
        if rest is None:
            return MapOf(Scalar("json"))
        return MapOf(self.type(place.child(*rest.steps), class_name(name, "value")))

    def _text(self, place: Place, words: _Words, limits: Mapping[str, object]) -> Scalar:
        if "pattern" in limits and not is_portable(str(limits["pattern"])):
            hint = "write it with [...] and (...), without backslashes before letters and without (?"
            self._problem(
                place, "unsupported-pattern", "the pattern is not the same everywhere", hint, "pattern"
            )
        if "format" not in words:
            return Scalar("string", limits)
        if words["format"].value not in _FORMATS:
            hint = f"use one of {', '.join(map(str, _FORMATS))}"
            self._problem(
                place, "unknown-format", f"{words['format'].value!r} is not checked", hint, "format"
            )
            return Scalar("string", limits)
        for limit in sorted(limits):
            self._problem(place, "unsupported-keyword", f"{limit!r} beside a format", "leave it out", limit)
        return Scalar(_FORMATS[words["format"].value])


def _is_note(word: str) -> bool:
    return word in ANNOTATIONS or word in _VENDOR or word.startswith("x-")


def _listed(word: str, value: object) -> list[object]:
    """Answer the values that a keyword of a choice lists; one that is no constant is listed as itself."""
    if word == "const":
        return [value]
    listed = cast(list[object], value)
    if word == "enum":
        return listed
    return [
        each["const"]
        if isinstance(each, dict) and each.keys() - ANNOTATIONS in ({"const"}, {"const", "type"})
        else each
        for each in listed
    ]


def _title(place: Place) -> str:
    texts: Iterator[str] = (step for step in reversed(place.steps) if isinstance(step, str))
    return next(texts, "root")
