"""Tells which keywords of a schema its model holds exactly, so that they need no check.

That is known of plain schemas, and of those to which schemas for the same value add conditions alone. All
others are checked whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from .drafts import Keyword, Words, modern, subschemas
from .library import Library
from .limits import FORMAT_KINDS, held
from .places import Place
from .views import EVERY_TYPE, View, alternatives, joined, own_view
from .vocabulary import FORMATS, KEYWORDS

__all__ = ["Plain", "constants", "plain_parts"]

_PLAIN = frozenset(
    (
        "$ref",
        "additionalProperties",
        "const",
        "enum",
        "exclusiveMaximum",
        "exclusiveMinimum",
        "format",
        "items",
        "maxItems",
        "maxLength",
        "maxProperties",
        "maximum",
        "minItems",
        "minLength",
        "minProperties",
        "minimum",
        "multipleOf",
        "oneOf",
        "pattern",
        "properties",
        "required",
        "type",
        "uniqueItems",
    )
)
_CONDITIONS = frozenset(
    (
        "allOf",
        "contains",
        "dependentRequired",
        "dependentSchemas",
        "else",
        "if",
        "maxContains",
        "minContains",
        "not",
        "propertyNames",
        "then",
    )
)
"""Keywords that only a check holds, beside what a model holds of the schema that they are in."""
_KINDS = {
    "string": ("minLength", "maxLength", "pattern", "format"),
    "number": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
    "array": ("minItems", "maxItems", "uniqueItems"),
    "object": ("minProperties", "maxProperties"),
}


@dataclass(frozen=True)
class Plain:
    """What a model leaves of a schema: keywords without schemas, and the schemas of members to look into.

    `rest` is that of all values of a map; `target` is what the schema refers to, if it does nothing else.
    """

    words: tuple[str, ...] = ()
    items: Place | None = None
    properties: Mapping[str, Place] = field(default_factory=dict)
    rest: Place | None = None
    target: Place | None = None

    @property
    def children(self) -> Iterator[Place]:
        """Each schema to look into."""
        yield from self.properties.values()
        yield from (each for each in (self.items, self.rest, self.target) if each is not None)


def plain_parts(
    place: Place, library: Library, *, is_root: bool = False, seen: frozenset[object] = frozenset()
) -> Plain | None:
    """Answer what the model of a schema object leaves; None where the schema is to be checked whole.

    `seen` are the keys of the schemas around, which are being looked at.
    """
    words = {word: each for word, each in modern(place).items() if word in KEYWORDS}
    if is_root and words.keys() & {"$ref", "anyOf", "oneOf"}:
        return None
    if "$ref" in words:
        target = library.target(place, str(words["$ref"].value))
        return None if len(words) > 1 or _is_knot(target, library) else Plain(target=target)
    if _is_union(place, words, library, seen):
        return Plain()
    if words.keys() - _PLAIN - _CONDITIONS or ("oneOf" in words and not constants(place, words["oneOf"])):
        return None
    view, *others = alternatives(place, library)
    conditions = words.keys() & _CONDITIONS
    if others or (conditions and not _is_alike(view, own_view(place, words))):
        return None
    types = view.types & {"object"} if is_root else view.types
    if not types or types == {"null"} or view.texts == ():
        return None
    if types >= EVERY_TYPE - {"null"}:
        return None if {word for word in words if _limits(word, words)} - {"type"} else Plain()
    left = tuple(sorted({*_left(words, view, types), *conditions}))
    items = place.child(*words["items"].steps) if "items" in words and "array" in types else None
    plain = Plain(left, items)
    return _with_members(place, words, view, is_root, plain) if "object" in types else plain


def _limits(word: str, words: Words) -> bool:
    return word != "additionalProperties" or words[word].value not in (True, {})


def _is_alike(view: View, own: View) -> bool:
    """Tell whether conditions leave a schema's own view as it is; they may list and require further keys."""
    parts = ("types", "texts", "integers", "format", "limits", "items", "rest")
    return all(getattr(view, each) == getattr(own, each) for each in parts)


def constants(place: Place, forms: Keyword) -> Sequence[str]:
    """Answer the texts that the forms of a `oneOf` are; none where one is no text, or there twice."""
    found: list[str] = []
    for number in range(len(cast(list[object], forms.value))):
        words = modern(place.child(*forms.steps, number))
        value = words["const"].value if words.keys() & KEYWORDS == {"const"} else None
        if not isinstance(value, str) or value in found:
            return ()
        found.append(value)
    return found


def _is_union(place: Place, words: Words, library: Library, seen: frozenset[object]) -> bool:
    """Tell whether a schema is several forms of different types, each of which its model holds whole."""
    word = next((each for each in ("anyOf", "oneOf") if each in words), None)
    if word is None or words.keys() - {"type", word}:
        return False
    met: set[str] = set()
    for number in range(len(cast(list[object], words[word].value))):
        branch = place.child(word, number)
        if not isinstance(branch.node, dict):
            return False
        is_null = modern(branch).keys() & KEYWORDS == {"type"} and branch.keywords["type"] == "null"
        if not is_null and not _is_held(branch, library, seen):
            return False
        views = alternatives(branch, library)
        if len(views) > 1 or not views[0].types or views[0].types & met or views[0].types == EVERY_TYPE:
            return False
        met |= views[0].types
    whole = joined(alternatives(place, library)).types
    return bool(whole - {"null"}) and not whole >= EVERY_TYPE - {"null"}


def _is_knot(start: Place, library: Library) -> bool:
    """Tell whether a schema holds itself without an object between that has keys of its own."""
    waiting, met = [start], set[object]()
    while waiting:
        place = waiting.pop()
        words = modern(place)
        inner = [each for word, each in subschemas(place, words) if word != "properties"]
        if "$ref" in words:
            inner.append(library.target(place, str(words["$ref"].value)))
        if any(each.key == start.key for each in inner):
            return True
        waiting += [each for each in inner if each.key not in met]
        met |= {each.key for each in inner}
    return False


def _is_held(place: Place, library: Library, seen: frozenset[object]) -> bool:
    if isinstance(place.node, bool) or place.key in seen:
        return place.node is not False
    seen |= {place.key}
    plain = plain_parts(place, library, seen=seen)
    if plain is None or plain.words:
        return False
    return all(_is_held(each, library, seen) for each in plain.children)


def _left(words: Words, view: View, types: frozenset[str]) -> Iterator[str]:
    choices = sorted(words.keys() & {"enum", "const"})
    values = [each for word in choices for each in _listed(word, words[word].value)]
    if any(each is not None and not isinstance(each, str) for each in values):
        yield from choices
    limits = {word: words[word].value for group in _KINDS.values() for word in group if word in words}
    kept = set(held("array", limits))
    if view.texts is None and view.format not in FORMAT_KINDS:
        kept |= set(held("string", limits))
    if view.texts is None and view.format in FORMAT_KINDS:
        kept.add("format")
    kept |= set(held("number" if "number" in types else "integer", limits))
    for kind, group in _KINDS.items():
        applies = types & {"integer", "number"} if kind == "number" else kind in types
        for word in sorted(words.keys() & set(group) - kept) if applies else ():
            if _asserts(word, words[word].value):
                yield word


def _asserts(word: str, value: object) -> bool:
    return {"format": value in FORMATS, "uniqueItems": value is True}.get(word, True)


def _listed(word: str, value: object) -> list[object]:
    return [value] if word == "const" else cast(list[object], value)


def _with_members(place: Place, words: Words, view: View, is_root: bool, plain: Plain) -> Plain | None:
    if view.rest is None and view.required - view.properties.keys():
        return None  # the model lists what is required though nothing can be valid there
    rest = None
    if "additionalProperties" in words and not isinstance(words["additionalProperties"].value, bool):
        rest = place.child(*words["additionalProperties"].steps)
        if is_root or view.has_keys:
            return None  # the model takes any value for a key that is not listed
    properties = {key: each for key, (each,) in own_view(place, words).properties.items()}
    return Plain(plain.words, plain.items, properties, rest)
