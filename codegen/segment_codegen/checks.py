"""Compiles schemas to check expressions: whole, or what is left where the models hold the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import PurePath
from typing import cast

from .captured import Plain, constants, plain_parts
from .drafts import Words, modern
from .errors import pointer
from .library import Library
from .names import digest
from .naming import Code, literal
from .patterns import python_pattern
from .places import Place
from .vocabulary import FORMATS

__all__ = ["CheckCompiler"]

_TRIVIAL = Code("forms.AllOf()")
_SIZES = {
    "string": ("minLength", "maxLength"),
    "array": ("minItems", "maxItems"),
    "object": ("minProperties", "maxProperties"),
}
_BOUNDS = {"minimum": "ge", "exclusiveMinimum": "gt", "maximum": "le", "exclusiveMaximum": "lt"}
_UNEVALUATED = {"unevaluatedProperties": "members", "unevaluatedItems": "items"}
_Values = Mapping[str, object]


class CheckCompiler:
    """Compiles the checks of one event, whose schema is the section.

    `definitions` are those that references name, by their names.
    """

    def __init__(self, section: Place, library: Library) -> None:
        self.definitions: dict[str, Code] = {}
        self._section = section
        self._library = library
        self._names: dict[object, str] = {}

    def leftover(self, place: Place, *, is_root: bool = False) -> Code | None:
        """Answer what the model of a place does not hold; None where it holds all.

        The model of an event's properties (`is_root`) is always one of an object with keys.
        """
        if isinstance(place.node, bool):
            return None if place.node else self.whole(place)
        plain = plain_parts(place, self._library, is_root=is_root)
        if plain is None:
            return self.whole(place)
        if plain.target is not None:
            target = plain.target
            return self._reference(target, "rest of ", self.leftover) if self._needs(target, set()) else None
        words = {word: each for word, each in modern(place).items() if word in plain.words}
        parts = self._assertions(words)
        if plain.items is not None and (items := self.leftover(plain.items)):
            parts.append(_call("forms.Items", items))
        if members := self._members_left(plain):
            parts.append(members)
        parts += self._of_objects(place, words)
        parts += self._of_lists(place, words)
        parts += self._of_forms(place, words)
        return _joined(parts)

    def whole(self, place: Place) -> Code | None:
        """Answer all that a schema demands; None where that is nothing."""
        if not isinstance(place.node, dict):
            return None if place.node is True else Code("checks.Never()")
        words = modern(place)
        parts = self._assertions(words)
        if "$ref" in words:
            target = self._library.target(place, str(words["$ref"].value))
            parts.append(self._reference(target, "", self.whole))
        parts += self._of_objects(place, words)
        parts += self._of_lists(place, words)
        parts += self._of_forms(place, words)
        others = {
            keyword: self.whole(place.child(word)) or _TRIVIAL
            for word, keyword in _UNEVALUATED.items()
            if word in words
        }
        return _call("forms.Unevaluated", _joined(parts) or _TRIVIAL, **others) if others else _joined(parts)

    def _needs(self, place: Place, seen: set[object]) -> bool:
        """Tell whether anything is left of a place, or of those that it leads to."""
        if place.key in seen or isinstance(place.node, bool):
            return place.node is False
        seen.add(place.key)
        plain = plain_parts(place, self._library)
        return plain is None or bool(plain.words) or any(self._needs(each, seen) for each in plain.children)

    def _reference(self, target: Place, kind: str, compiled: Callable[[Place], Code | None]) -> Code:
        key = target.key, kind
        if key not in self._names:
            steps = target.steps_from(self._section)
            name = f"{kind}#{pointer(*steps)}"
            while name in self.definitions:
                name = f"{name} {self._file(target)} {digest(repr((name, steps)))}"
            self._names[key] = name
            self.definitions[name] = _TRIVIAL
            self.definitions[name] = compiled(target) or _TRIVIAL
        return _call("forms.Ref", Code("DEFINITIONS"), literal(self._names[key]))

    def _file(self, place: Place) -> str:
        """Answer the name of a place's file, if that is another than the event's."""
        file = place.document.file
        return "" if file == self._section.document.file else PurePath(file).name

    def _members_left(self, plain: Plain) -> Code | None:
        named = {key: self.leftover(each) for key, each in plain.properties.items()}
        rest = None if plain.rest is None else self.leftover(plain.rest)
        return _members({key: each for key, each in named.items() if each}, {}, rest)

    def _of_objects(self, place: Place, words: Words) -> Iterable[Code]:
        if words.keys() & {"properties", "patternProperties", "additionalProperties"}:
            named, matching = (
                {
                    python_pattern(key) if word == "patternProperties" else key: self.whole(
                        place.child(word, key)
                    )
                    or _TRIVIAL
                    for key in sorted(_mapping(words, word))
                }
                for word in ("properties", "patternProperties")
            )
            rest = None
            if "additionalProperties" in words:
                rest = self.whole(place.child(*words["additionalProperties"].steps)) or _TRIVIAL
            if members := _members(named, matching, rest):
                yield members
        if "propertyNames" in words and (check := self.whole(place.child("propertyNames"))):
            yield _call("forms.Names", check)
        dependents = {
            name: _call("checks.Required", *map(literal, cast(list[str], names)))
            for name, names in sorted(_mapping(words, "dependentRequired").items())
        }
        if dependents:
            yield _call("forms.Dependent", _table(dependents))
        if schemas := _mapping(words, "dependentSchemas"):
            steps = words["dependentSchemas"].steps
            checks = {name: self.whole(place.child(*steps, name)) or _TRIVIAL for name in sorted(schemas)}
            yield _call("forms.Dependent", _table(checks))

    def _of_lists(self, place: Place, words: Words) -> Iterable[Code]:
        if words.keys() & {"items", "prefixItems"}:
            rest = literal(None)
            if "items" in words:
                rest = self.whole(place.child(*words["items"].steps)) or _TRIVIAL
            first = []
            if "prefixItems" in words:
                count = len(cast(list[object], words["prefixItems"].value))
                steps = words["prefixItems"].steps
                first = [self.whole(place.child(*steps, number)) or _TRIVIAL for number in range(count)]
            yield _call("forms.Items", rest, *([_tuple(first)] if first else []))
        if "contains" in words:
            limits = {
                keyword: literal(int(cast(float, words[word].value)))
                for word, keyword in (("minContains", "least"), ("maxContains", "most"))
                if word in words
            }
            yield _call("forms.Contains", self.whole(place.child("contains")) or _TRIVIAL, **limits)

    def _of_forms(self, place: Place, words: Words) -> Iterable[Code]:
        for word, name in (("allOf", ""), ("anyOf", "AnyOf"), ("oneOf", "OneOf")):
            if word not in words:
                continue
            count = len(cast(list[object], words[word].value))
            if word == "oneOf" and (texts := constants(place, words["oneOf"])):
                yield _call("checks.Enum", *map(literal, texts))
                continue
            branches = [self.whole(place.child(word, number)) or _TRIVIAL for number in range(count)]
            if word == "allOf":
                yield from (each for each in branches if each != _TRIVIAL)
                continue
            yield _call(f"forms.{name}", *branches)
        if "not" in words:
            yield _call("forms.Not", self.whole(place.child("not")) or _TRIVIAL)
        if "if" in words:
            then, otherwise = (
                (self.whole(place.child(word)) if word in words else None) or literal(None)
                for word in ("then", "else")
            )
            yield _call("forms.IfThen", self.whole(place.child("if")) or _TRIVIAL, then, otherwise)

    @staticmethod
    def _assertions(words: Words) -> list[Code]:
        """Answer the checks of keywords that hold no schemas."""
        values = {word: each.value for word, each in words.items()}
        made: list[Code] = []
        if "type" in values:
            given = values["type"]
            made.append(_call("checks.Type", *map(literal, given if isinstance(given, list) else [given])))
        if "enum" in values:
            made.append(_call("checks.Enum", *map(literal, cast(list[object], values["enum"]))))
        if "const" in values:
            made.append(_call("checks.Enum", literal(values["const"])))
        if bounds := {name: literal(values[word]) for word, name in _BOUNDS.items() if word in values}:
            made.append(_call("checks.Range", **bounds))
        if "multipleOf" in values:
            made.append(_call("checks.Multiple", literal(values["multipleOf"])))
        made += _sizes(values)
        if "pattern" in values:
            made.append(_call("checks.Pattern", literal(python_pattern(str(values["pattern"])))))
        if "format" in values and values["format"] in FORMATS:
            made.append(_call("checks.Format", literal(values["format"])))
        if values.get("uniqueItems") is True:
            made.append(Code("checks.Unique()"))
        if values.get("required"):
            made.append(_call("checks.Required", *map(literal, sorted(cast(list[str], values["required"])))))
        return made


def _sizes(values: _Values) -> Iterable[Code]:
    for kind, (least, most) in _SIZES.items():
        limits = {
            name: literal(int(cast(float, values[word])))
            for word, name in ((least, "least"), (most, "most"))
            if word in values
        }
        if limits:
            yield _call("checks.Length", literal(kind), **limits)


def _mapping(words: Words, word: str) -> _Values:
    return cast(_Values, words[word].value) if word in words else {}


def _members(named: Mapping[str, Code], matching: Mapping[str, Code], rest: Code | None) -> Code | None:
    if not named and not matching and rest is None:
        return None
    more = {"matching": _table(matching)} if matching else {}
    if rest is not None:
        more["rest"] = rest
    return _call("forms.Members", *([_table(named)] if named else []), **more)


def _table(items: Mapping[str, Code]) -> Code:
    return Code(f"{{{', '.join(f'{literal(key)}: {code}' for key, code in items.items())}}}")


def _tuple(items: Sequence[Code]) -> Code:
    return Code(f"({', '.join(items)},)")


def _joined(parts: Sequence[Code]) -> Code | None:
    if len(parts) < 2:
        return parts[0] if parts else None
    return _call("forms.AllOf", *parts)


def _call(name: str, *arguments: Code, **keywords: Code) -> Code:
    given = [*arguments, *(f"{key}={code}" for key, code in keywords.items())]
    return Code(f"{name}({', '.join(given)})")
